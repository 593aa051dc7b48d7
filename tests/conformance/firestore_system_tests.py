"""The client library's own system tests, from the sdist of exactly the installed version, against a real server."""

import importlib.metadata
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

CLIENT = "google-cloud-firestore"
PLUGINS_GROUP = "conformance"
"""The uv dependency group of what the tests import."""
# The tests share one client a module, whose channel belongs to one event loop.
ASYNCIO = ("asyncio_default_test_loop_scope=module", "asyncio_default_fixture_loop_scope=module")
CHECKOUT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 600


class UnavailableError(Exception):
    """Says what could not be had."""


@dataclass(frozen=True)
class Tally:
    run: int
    """Without those that skip themselves on an emulator."""
    failed: tuple[str, ...]

    @property
    def passed(self) -> int:
        return self.run - len(self.failed)


def fetch(cache: Path) -> Path:
    """The folder that holds `tests/system`. Raises UnavailableError."""
    version = importlib.metadata.version(CLIENT)
    folder = cache / f"{CLIENT}-{version}"
    if not (folder / "tests" / "system").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = ("--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"{CLIENT}=={version}")
        command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", *wanted]
        download = subprocess.run(command, capture_output=True, text=True, check=False)
        archives = list(folder.glob("*.tar.gz"))
        if download.returncode or not archives:
            raise UnavailableError(f"pip could not download the sdist of {CLIENT} {version}: {download.stderr.strip()}")
        _unpack_tests(archives[0], folder)
    return folder


def plugins(cache: Path) -> Path:
    """A folder of its own for what the tests import: pytest would load these plugins for our tests too."""
    uv = str(Path(sys.executable).with_name("uv"))
    folder = cache / "plugins"
    installed = folder / "requirements.txt"
    try:
        export = [uv, "export", "--locked", "--quiet", "--only-group", PLUGINS_GROUP]
        locked = subprocess.run(export, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
        if installed.exists() and installed.read_text(encoding="utf-8") == locked:
            return folder
        install = [uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", str(folder), "-r", "-"]
        subprocess.run(install, input=locked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnavailableError(f"uv could not install the dependency group {PLUGINS_GROUP}: {error}") from error
    installed.write_text(locked, encoding="utf-8")
    return folder


def run(folder: Path, module: str, *, address: str, plugins: Path) -> Tally:
    report = folder / f"{module}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-c", os.devnull, "--rootdir", str(folder)]
    command += ["-p", "no:cacheprovider", f"--junitxml={report}", f"tests/system/{module}.py"]
    if module.endswith("_async"):
        command += [part for option in ASYNCIO for part in ("-o", option)]
    environment = os.environ | {
        "FIRESTORE_EMULATOR_HOST": address,
        "GCLOUD_PROJECT": "conformance",
        "PYTHONPATH": str(plugins),
    }
    finished = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    if not report.exists():
        raise RuntimeError(f"pytest made no report of {module}:\n{finished.stdout}\n{finished.stderr}")
    return _tally(report)


def _tally(report: Path) -> Tally:
    """By pytest's own count: a test that passed and then skips its teardown's verification is one of each."""
    suites = list(ET.parse(report).iter("testsuite"))
    run = sum(int(suite.get("tests", 0)) - int(suite.get("skipped", 0)) for suite in suites)
    cases = [case for suite in suites for case in suite.iter("testcase")]
    broken = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return Tally(run, tuple(f"{case.get('classname')}.{case.get('name')}" for case in broken))


def _unpack_tests(archive: Path, folder: Path) -> None:
    """Only the tests: beside them lies a copy of the library, which would hide the installed one."""
    with tarfile.open(archive) as sdist:
        for member in sdist.getmembers():
            top, _, inside = member.name.partition("/")
            if top and inside.startswith("tests/"):
                member.name = inside
                sdist.extract(member, folder, filter="data")
