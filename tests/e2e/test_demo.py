"""The demo, as somebody meets it who has just cloned the repository."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from infra.local.stack import CHECKOUT
from tests.shop import invoices

NUMBERS = ["orders", "rows", "added", "updated", "unchanged", "removed", "reads", "writes", "batches", "peak_mb"]
LAST_LINE = re.compile("demo: " + " ".join(rf"{name}=(?P<{name}>\d+)" for name in NUMBERS) + r" seconds=[\d.]+")
ENDING_S = 60


def command(data: Path, state: Path, *flags: str) -> list[str]:
    return [
        *[sys.executable, "-m", "infra.local", "demo", "--quota", "off"],
        *["--data", str(data), "--state", str(state), *flags],
    ]


def last_line(output: str) -> dict[str, int]:
    found = LAST_LINE.fullmatch(output.splitlines()[-1])
    assert found, output
    return {name: int(number) for name, number in found.groupdict().items()}


@contextmanager
def playing(data: Path, state: Path, *flags: str) -> "Iterator[subprocess.Popen[str]]":
    demo = subprocess.Popen(
        command(data, state, *flags), cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with demo:
        try:
            yield demo
        finally:
            demo.terminate()
            demo.wait(ENDING_S)


def play(data: Path, state: Path) -> tuple[int, str]:
    """The exit code of a demo that ends after its run, and what it printed."""
    with playing(data, state, "--once") as demo:
        assert demo.stdout
        output = demo.stdout.read()
        return demo.wait(ENDING_S), output


def living() -> dict[int, int]:
    """Each process's parent, of those that have not ended."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    processes = (line.split() for line in listed.splitlines())
    return {int(pid): int(parent) for pid, parent, state in processes if not state.startswith("Z")}


def family_of(pid: int) -> set[int]:
    """The process and all that it has started, directly or not."""
    parents = living()
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def until(demo: "subprocess.Popen[str]", words: str) -> str:
    """The first line that it prints with these words."""
    assert demo.stdout
    return next(line for line in demo.stdout if words in line)


def end(demo: "subprocess.Popen[str]") -> int:
    """The exit code after SIGTERM, when nothing that the demo has started lives any more."""
    family = family_of(demo.pid)
    demo.send_signal(signal.SIGTERM)
    code = demo.wait(ENDING_S)
    assert len(family) > 3
    assert not family & living().keys()
    return code


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    file.write_text(invoices(30, 3))
    return file


def test_first_demo_brings_the_shop_and_the_second_finds_it_there(data: Path, tmp_path: Path) -> None:
    """The last line tells the numbers, the table fits a screen, and a demo that stays up can be ended."""
    code, output = play(data, tmp_path / "state")
    first = last_line(output)
    assert code == 0, output
    assert {name: first[name] for name in ("orders", "rows", "added", "updated", "unchanged", "removed")} == {
        "orders": 30,
        "rows": 90,
        "added": 90,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
    }
    table = output.split("The first rows of the tab\n")[1].split("\n90 rows of 30 orders")[0].splitlines()
    assert (len(table), max(map(len, table)) <= 100) == (9, True)
    with playing(data, tmp_path / "state") as demo:
        again = last_line(until(demo, "demo: "))
        address = until(demo, "desk: ").split()[-1]
        assert "grid" in httpx.get(address).raise_for_status().text
        until(demo, "Everything stays up")
        assert end(demo) == 0
    assert (again["rows"], again["added"], again["updated"]) == (90, 0, 0)
    assert again["writes"] <= 1


def test_demo_that_is_stopped_in_mid_run_goes_on_when_repeated(data: Path, tmp_path: Path) -> None:
    """What the stopped run left undone is in the tab after the same command, once."""
    with playing(data, tmp_path / "state") as demo:
        until(demo, "her shop is connected")
        assert end(demo) == 130
    code, output = play(data, tmp_path / "state")
    numbers = last_line(output)
    assert (code, numbers["orders"], numbers["rows"]) == (0, 30, 90), output


def test_demo_can_be_stopped_while_it_starts(data: Path, tmp_path: Path) -> None:
    """What was started by then is ended."""
    with playing(data, tmp_path / "state") as demo:
        until(demo, "firestore")
        assert end(demo) == 130


def test_broken_file_is_told_by_line_and_column(data: Path, tmp_path: Path) -> None:
    """The demo ends with 1 and says where the file is wrong and what should be there."""
    lines = data.read_text().splitlines()
    lines[4] = lines[4].replace("THING 0 OF 1,2,", "THING 0 OF 1,many,")
    data.write_text("\n".join(lines))
    code, output = play(data, tmp_path / "state")
    assert code == 1
    assert f"demo: {data}: line 5, column Quantity: expected a whole number; it is 'many'" in output


def test_missing_file_is_told_at_once(tmp_path: Path) -> None:
    """Nothing is started for a file that is not there."""
    code, output = play(tmp_path / "nowhere.csv", tmp_path / "state")
    assert (code, output) == (1, f"demo: there is no file {tmp_path / 'nowhere.csv'}\n")
    assert not (tmp_path / "state").exists()
