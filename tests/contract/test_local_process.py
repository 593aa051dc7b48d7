"""How the stack starts the programs that it is made of, and finds ports for them."""

import os
import socket
import sys
from pathlib import Path

import pytest

from infra.local.ports import Ports
from infra.local.process import NotStarted, Process
from infra.local.service import LOOPBACK

WAITS = "import signal; signal.pause()"


def program(code: str, *, folder: Path) -> Process:
    return Process(
        "program", [sys.executable, "-c", code], log=folder / "logs/program.log", environment=os.environ, folder=folder
    )


def test_ready_line_tells_the_address(tmp_path: Path) -> None:
    """What a service prints before its ready line is no address, and all of it is in the log."""
    said = 'print("hello"); print(\'{"service": "x", "address": "127.0.0.1:7"}\', flush=True)'
    process = program(f"{said}; {WAITS}", folder=tmp_path)
    try:
        assert process.address() == "127.0.0.1:7"
    finally:
        process.stop()
    assert process.log.read_text().startswith("hello\n")


def test_program_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    """Whoever waits for it learns what it logged."""
    process = program('raise SystemExit("the port is taken")', folder=tmp_path)
    try:
        with pytest.raises(NotStarted, match="the port is taken"):
            process.address()
    finally:
        process.stop()


def test_stopping_twice_and_after_a_crash_is_fine(tmp_path: Path) -> None:
    """A stack that is torn down does not care who is still there."""
    process = program(WAITS, folder=tmp_path)
    process.kill()
    process.stop()
    process.stop()
    assert not process.running


def test_ports_are_kept(tmp_path: Path) -> None:
    """What was stored about an address stays true after a restart."""
    file = tmp_path / "ports.json"
    first = Ports(file)
    chosen = {name: first.of(name) for name in ("one", "two")}
    assert len(set(chosen.values())) == 2
    again = Ports(file)
    assert {name: again.of(name) for name in ("two", "one")} == chosen


def test_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    """The service starts elsewhere, and stays there from then on."""
    file = tmp_path / "ports.json"
    with socket.socket() as somebody:
        somebody.bind((LOOPBACK, 0))
        somebody.listen()
        file.write_text(f'{{"one": {somebody.getsockname()[1]}}}')
        other = Ports(file).of("one")
        assert other != somebody.getsockname()[1]
    assert Ports(file).of("one") == other
