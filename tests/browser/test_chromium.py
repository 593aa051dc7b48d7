"""Where there is no Chromium, it is installed if that is possible; what comes of it is said."""

from pathlib import Path

import pytest

from tests.browser import chromium


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of commands: one without a browser, and with an apt-get that writes down what it is asked."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def have_apt_get(machine: Path, *, end: str) -> None:
    command = machine / "apt-get"
    command.write_text(f'#!/bin/sh\necho "$@" >> {machine}/asked\n{end}\n')
    command.chmod(0o755)


def test_chromium_alone_is_installed(machine: Path) -> None:
    """After a look at what the packages' archive has by now; without what Debian recommends beside it."""
    have_apt_get(machine, end="exit 0")
    told: list[str] = []
    chromium.install(told.append)
    update, install = (machine / "asked").read_text().splitlines()
    assert update.endswith(" update")
    assert chromium.INSTALL_LINE.endswith(install[install.index("install ") :])
    assert told == [f"installing Chromium for the tests in a browser: {chromium.INSTALL_LINE}"]


def test_failed_installation_is_told(machine: Path) -> None:
    """The tests are then skipped; who reads why finds apt-get's own words."""
    have_apt_get(machine, end="echo 'E: no network' >&2; exit 100")
    told: list[str] = []
    chromium.install(told.append)
    assert told[1:] == ["apt-get failed: E: no network"]
    assert chromium.found() is None
