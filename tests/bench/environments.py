"""An environment of its own for each tool, of pinned packages, under .state/bench; made once."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).parent / "peers/requirements"
ENVIRONMENTS = CHECKOUT / ".state/bench"


class NotInstalled(RuntimeError):
    """The message is what pip said last."""


def interpreter(name: str) -> Path:
    """The Python of the environment in which the tool is installed."""
    requirements = REQUIREMENTS / f"{name}.txt"
    folder = ENVIRONMENTS / name
    made_from = folder / "made-from"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    python = folder / "bin/python"
    if not made_from.exists() or made_from.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", str(requirements)]
        done = subprocess.run([python, *install], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstalled(done.stderr.strip().splitlines()[-1])
        made_from.write_text(wanted)
    return python
