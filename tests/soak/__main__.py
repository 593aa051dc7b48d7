"""`make soak`: random worlds until time is over. Prints what it tried; ends with 1 and the smallest failing world."""

import argparse
import logging
import sys
import time
import traceback

import structlog

from tests.faults.worlds.tally import Tally
from tests.faults.worlds.trial import try_worlds

WORLDS = 40
"""With one Sheets service, which keeps every spreadsheet it ever had."""
STEPS = 25


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    tally = Tally()
    began = time.monotonic()
    while not tally.failures and time.monotonic() - began < minutes * 60:
        try:
            try_worlds(tally, worlds=WORLDS, steps=STEPS, derandomize=False)
        except Exception:  # noqa: BLE001 - whatever broke is what a soak looks for
            tally.failures += 1
            traceback.print_exc(file=sys.stdout)
    sys.stdout.write(tally.line(minutes=(time.monotonic() - began) / 60) + "\n")
    return int(bool(tally.failures))


if __name__ == "__main__":
    sys.exit(main())
