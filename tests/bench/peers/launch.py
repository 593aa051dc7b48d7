"""Run by path, with the interpreter of a tool's own environment: `launch.py MODULE ERRAND [PROFILE]`.

The last line on stdout is what it cost: CPU seconds of the export, of all before it (imports, reading the rows), and
the peak of the resident memory of all.
"""

import cProfile
import importlib
import json
import resource
import sys
import time
import types
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def main() -> None:
    tell_where_we_are()
    module, file, *profile = sys.argv[1:]
    from tests.bench.peers.errand import Errand  # noqa: PLC0415 - only now it can be found

    peer = importlib.import_module(f"tests.bench.peers.{module}")
    errand = Errand.read(Path(file))
    taken = peer.take(errand)
    start_s = cpu_s()
    if profile:
        with cProfile.Profile(time.process_time) as watched:
            peer.export(errand, taken)
        watched.dump_stats(profile[0])
    else:
        peer.export(errand, taken)
    cost = {"start_s": start_s, "cpu_s": cpu_s() - start_s, "peak_mb": peak_mb()}
    sys.stdout.write("\n" + json.dumps(cost) + "\n")


def tell_where_we_are() -> None:
    """A tool may have brought a package `tests`, which would hide ours; nor may our gspread.py hide theirs."""
    sys.path[0] = str(CHECKOUT)
    ours = types.ModuleType("tests")
    ours.__path__ = [str(CHECKOUT / "tests")]
    sys.modules["tests"] = ours


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """Linux counts into ru_maxrss what the parent had before it became us; VmHWM is ours alone."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


if __name__ == "__main__":
    main()
