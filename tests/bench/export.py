"""Whole first exports through the stack: the data, and a tenth of it, each by a worker of its own."""

import csv
import gzip
import io
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.demo.merchant import Merchant
from infra.local.demo.shop import Shop
from infra.local.stack import Stack


def measure_exports(data: Path) -> Iterator[str]:
    """Seconds are the wall's; `cpu` is the worker's own, with its start."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder) / "state", quota="off") as stack:
        tenth = _tenth(data, Path(folder) / "tenth.csv")
        part = _export(stack, tenth, name="tenth")
        yield _line("tenth", part)
        whole = _export(stack, data, name="whole")
        yield _line("whole", whole)
        ratio = whole["usage"]["peak_mb"] / part["usage"]["peak_mb"]
        yield f"memory: whole/tenth={ratio:.2f}"


def _export(stack: Stack, data: Path, *, name: str) -> dict[str, Any]:
    shop = Shop(stack, domain=f"{name}.myshopify.com")
    shop.open()
    shop.load(data)
    ann = Merchant(stack, email=f"{name}@shop.example")
    try:
        ann.sign_in()
        ann.link_account()
        automation = ann.create_automation(ann.connect(shop), ann.google.create_spreadsheet("Shop books"))
        run_id = ann.start_run(automation["id"])["id"]
        *_, run = ann.watch(run_id, pause=time.sleep)
    finally:
        ann.close()
    return run


def _line(name: str, run: dict[str, Any]) -> str:
    usage, counts = run["usage"], run["counts"]
    busy = " ".join(f"{what}_s={seconds:.1f}" for what, seconds in sorted(usage["busy_s"].items()))
    calls = f"reads={usage['reads']} writes={usage['writes']} batches={usage['batches']}"
    return (
        f"{name}: {run['status']} orders={counts['orders']} rows={counts['added']} {calls} "
        f"sent_mb={usage['bytes_sent'] / 1e6:.1f} peak_mb={usage['peak_mb']:.0f} {busy}"
    )


def _tenth(data: Path, file: Path) -> Path:
    """The first tenth of the invoices."""
    unpacked = gzip.decompress(data.read_bytes()) if data.suffix == ".gz" else data.read_bytes()
    with io.StringIO(unpacked.decode(), newline="") as lines, file.open("w", newline="") as tenth:
        rows = csv.reader(lines)
        copy = csv.writer(tenth)
        copy.writerow(next(rows))
        invoices = [list(invoice) for _, invoice in itertools.groupby(rows, key=lambda row: row[0])]
        for invoice in invoices[: max(1, len(invoices) // 10)]:
            copy.writerows(invoice)
    return file
