"""`make load`: a thousand tenants at once, measured on this machine. Prints; asserts nothing."""

import argparse
import os
import platform

from tests.bench import report
from tests.load.fairness import measure_fairness
from tests.load.thousand import measure_thousand

PARTS = {"thousand": measure_thousand, "fairness": measure_fairness}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--tenants", type=int, default=1_000)
    parser.add_argument("--automations", type=int, default=5_000, help="of all tenants together")
    parser.add_argument("--minutes", type=float, default=3, help="of daily life, after all were due at once")
    parser.add_argument("--lanes", type=int, default=8, help="that run at once: TABKEEPER_MAX_LANES")
    parser.add_argument("--changes", type=float, default=30, help="shops that change all of their orders, a minute")
    parser.add_argument("--reads", type=float, default=120, help="of the API, a minute")
    parser.add_argument("--starts", type=float, default=6, help="runs started by hand, a minute")
    parser.add_argument("--big", type=int, default=500, help="automations of the one big tenant")
    parser.add_argument(
        "--part",
        choices=PARTS,
        action="append",
        help="only this; may be given again. docs/benchmarks.md is written when all are measured",
    )
    chosen = parser.parse_args()
    parts = chosen.part or list(PARTS)
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    lines = [f"Python {platform.python_version()}, {os.cpu_count()} processors; load average at the start: {busy}."]
    for part in parts:
        lines += report.tell(PARTS[part](chosen))
    if set(parts) == set(PARTS):
        report.write(lines, command="make load")


if __name__ == "__main__":
    main()
