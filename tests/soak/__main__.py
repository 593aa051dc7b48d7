"""`make soak`: random worlds until time is over. Prints what it tried; ends with 1 at the first world that fails."""

import argparse
import logging
import secrets
import sys
import time
import traceback

import structlog

from tests.faults.worlds.tally import Tally
from tests.faults.worlds.trial import try_worlds

WORLDS = 40
"""With one Sheets service, which keeps every spreadsheet it ever had."""
STEPS = 10


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, help="look for the smallest of a seed's worlds that fails")
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    tally = Tally()
    began = time.monotonic()
    minutes = 0.0
    while not minutes or (minutes < wanted.minutes and wanted.seed is None and not tally.failures):
        seed = secrets.randbelow(2**32) if wanted.seed is None else wanted.seed
        try:
            try_worlds(tally, worlds=WORLDS, steps=STEPS, seed=seed, smallest=wanted.seed is not None)
        except Exception:  # noqa: BLE001 - whatever broke is what a soak looks for
            tally.failures += 1
            traceback.print_exc(file=sys.stdout)
            _tell(f"For the smallest such world, in some minutes: python -m tests.soak --seed {seed}")
        minutes = (time.monotonic() - began) / 60
        _tell(f"soak: {minutes:.1f} of {wanted.minutes:g} minutes, {tally.line()}")
    return int(bool(tally.failures))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
