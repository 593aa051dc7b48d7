"""`make bench`: the write path, measured, and beside what a user would pick instead. Prints; asserts nothing."""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import report
from tests.bench.acceptance import measure_tabkeeper
from tests.bench.comparison import Skipped, compare
from tests.bench.export import measure_exports
from tests.bench.google import Google
from tests.bench.ingress import measure_ingress
from tests.bench.pipeline import measure_pipeline
from tests.bench.tools import TOOLS

SHARED = Path(__file__).resolve().parents[3] / "shared/data/uci_online_retail.csv.gz"
SAMPLE = Path(__file__).resolve().parents[2] / "infra/local/shopify/sample/uci_online_retail_sample.csv.gz"
PROGRESS = "compared: "
PARTS = ("pipeline", "exports", "ingress", "tabkeeper", "tools")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--data", type=Path, default=SAMPLE, help=f"the shop's orders; the whole data set is {SHARED}")
    parser.add_argument(
        "--part",
        choices=PARTS,
        action="append",
        help="only this; may be given again. docs/benchmarks.md is written when tabkeeper and tools are among them",
    )
    chosen = parser.parse_args()
    parts = chosen.part or PARTS
    if "pipeline" in parts:
        report.tell(measure_pipeline())
    if "exports" in parts:
        report.tell(measure_exports(chosen.data))
    if "ingress" in parts:
        report.tell(measure_ingress())
    if {"tabkeeper", "tools"} & set(parts):
        with tempfile.TemporaryDirectory() as folder, Google(Path(folder)) as google:
            own = report.tell(measure_tabkeeper(google, TOOLS[0], Path(folder))) if "tabkeeper" in parts else []
            compared = report.tell(measure_tools(google, Path(folder))) if "tools" in parts else []
        if own and compared:
            report.write(
                report.page(own, [line for line in compared if not line.startswith(PROGRESS)]), command="make bench"
            )


def measure_tools(google: Google, folder: Path) -> Iterator[str]:
    scores, skipped = [], []
    for result in compare(google, folder):
        if isinstance(result, Skipped):
            skipped.append(result)
            yield f"{PROGRESS}left out {result.tool.title}: {result.reason}"
        else:
            scores.append(result)
            yield f"{PROGRESS}measured {result.tool.title}"
    yield from report.tables(scores, skipped)


if __name__ == "__main__":
    main()
