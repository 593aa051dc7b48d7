"""Makes the shipped sample of orders from the UCI Online Retail data: whole invoices, otherwise unchanged.

    python -m infra.tools.sample_orders FULL.csv.gz infra/local/shopify/sample/uci_online_retail_sample.csv.gz

The same input gives the same bytes. Chosen are the largest invoice, the first two of every country, all adjustments,
and then, evenly over the whole time, credit notes and other invoices of moderate size.
"""

import argparse
import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

INVOICES = 1_200
CREDIT_NOTES = 180
INVOICES_A_COUNTRY = 2
MODERATE_LINES = 120

Row = dict[str, str]
Invoices = dict[str, list[Row]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.tools.sample_orders", description=__doc__)
    parser.add_argument("full", type=Path)
    parser.add_argument("sample", type=Path)
    arguments = parser.parse_args()
    invoices, lines = write(arguments.full, arguments.sample)
    print(f"sample: invoices={invoices} lines={lines} bytes={arguments.sample.stat().st_size}")  # noqa: T201


def write(full: Path, path: Path) -> tuple[int, int]:
    """How many invoices and lines were chosen."""
    with gzip.open(full, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    chosen = set(sample(_invoices(rows)))
    kept = [row for row in rows if row["InvoiceNo"] in chosen]
    path.write_bytes(_packed(columns, kept))
    return len(chosen), len(kept)


def sample(invoices: Invoices) -> list[str]:
    """The numbers of the invoices that are chosen."""
    credits_ = [number for number in invoices if number.startswith("C")]
    chosen = dict.fromkeys(_musts(invoices))
    lacking = CREDIT_NOTES - sum(number.startswith("C") for number in chosen)
    chosen |= dict.fromkeys(_evenly([number for number in credits_ if number not in chosen], lacking))
    others = [
        number
        for number, rows in invoices.items()
        if number not in chosen and not number.startswith("C") and len(rows) <= MODERATE_LINES
    ]
    chosen |= dict.fromkeys(_evenly(others, INVOICES - len(chosen)))
    return list(chosen)


def _musts(invoices: Invoices) -> Iterator[str]:
    yield max(invoices, key=lambda number: len(invoices[number]))
    seen: dict[str, int] = {}
    for number, rows in invoices.items():
        country = rows[0]["Country"]
        seen[country] = seen.get(country, 0) + 1
        if seen[country] <= INVOICES_A_COUNTRY or number.startswith("A"):
            yield number


def _invoices(rows: Iterable[Row]) -> Invoices:
    invoices: Invoices = {}
    for row in rows:
        invoices.setdefault(row["InvoiceNo"], []).append(row)
    return invoices


def _evenly(numbers: Sequence[str], count: int) -> list[str]:
    return [numbers[index * len(numbers) // count] for index in range(count)]


def _packed(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Without a name or a time in the archive, so that the same rows make the same bytes."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as archive:
        text = io.TextIOWrapper(archive, encoding="utf-8", newline="")
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        text.flush()
    return packed.getvalue()


if __name__ == "__main__":
    main()
