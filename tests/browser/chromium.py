"""The Chromium that the tests drive: one that this machine has, else Debian's."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "google-chrome", "chromium-browser")
PACKAGES = ["chromium", "fonts-liberation"]
INSTALL_LINE = f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"
INSTALL_TIMEOUT_S = 900
PATIENCE_MS = 30_000
FLAGS = [
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def found() -> str | None:
    """Where it is: what CHROMIUM names, else one on the PATH."""
    return os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def running(executable: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def can_be_installed() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(tell: Callable[[str], None]) -> None:
    """From Debian's packages; `tell` hears what is done, and why it came to nothing."""
    tell(f"installing Chromium for the tests in a browser: {INSTALL_LINE}")
    try:
        _apt_get("update")
        _apt_get("install", "--no-install-recommends", *PACKAGES)
    except subprocess.TimeoutExpired:
        tell(f"apt-get did not end within {INSTALL_TIMEOUT_S} s")
    except subprocess.CalledProcessError as error:
        tell(f"apt-get failed: {error.stderr.strip()}")


def _apt_get(*words: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--yes", "-o", f"DPkg::Lock::Timeout={INSTALL_TIMEOUT_S}", *words]
    subprocess.run(command, env=environment, timeout=INSTALL_TIMEOUT_S, check=True, capture_output=True, text=True)
