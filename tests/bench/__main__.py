"""`make bench`: the write path, measured. Prints; asserts nothing."""

import argparse
import sys
from pathlib import Path

from tests.bench.export import measure_exports
from tests.bench.pipeline import measure_pipeline

SHARED = Path(__file__).resolve().parents[3] / "shared/data/uci_online_retail.csv.gz"
SAMPLE = Path(__file__).resolve().parents[2] / "infra/local/shopify/sample/uci_online_retail_sample.csv.gz"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--data", type=Path, default=SAMPLE, help=f"the shop's orders; the whole data set is {SHARED}")
    data: Path = parser.parse_args().data
    for line in measure_pipeline():
        sys.stdout.write(line + "\n")
    for line in measure_exports(data):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
