"""Tabkeeper alone, on the same orders: calls against batches, CPU and memory, and where the CPU goes."""

import pstats
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jobs.export.batch import MAX_ORDERS
from tests.bench.comparison import ORDERS
from tests.bench.google import CHECKOUT, Google
from tests.bench.orders import Row, changed, orders, with_changes
from tests.bench.tools import Tool
from tests.bench.trial import RUN_S, Trial

TOP = 10


def measure_tabkeeper(google: Google, tool: Tool, folder: Path) -> Iterator[str]:
    shop = orders(ORDERS)
    trial = Trial(google, tool, folder=folder)
    first = trial.measured(shop)
    batches = -(-ORDERS // MAX_ORDERS)
    cpu = f"cpu_s_per_100k_rows={first.cpu_s * 100_000 / ORDERS:.1f} rows_per_cpu_second={ORDERS / first.cpu_s:.0f}"
    calls = f"orders={ORDERS} batches={batches} calls={first.reads + first.writes}"
    yield f"first: {calls} {cpu} peak_mb={first.peak_mb:.0f}"
    for percent in (1, 10):
        newer = changed(trial.shop, every=100 // percent, days=percent)
        cost = trial.measured(newer)
        due = -(-len(newer) // MAX_ORDERS)
        yield f"changed_{percent}_percent: reads={cost.reads} writes={cost.writes} batches_with_a_change={due}"
    everything = with_changes(trial.shop, changed(trial.shop[::-1], every=100, days=30))
    due = touched(trial.shop, everything)
    cost = trial.measured(everything)
    yield f"everything_again_1_percent: reads={cost.reads} writes={cost.writes} batches_with_a_change={due}"
    yield from profile(Trial(google, tool, folder=folder), shop, folder / "profile")


def touched(before: Sequence[Row], after: Sequence[Row]) -> int:
    """Batches in which an order changed."""
    changes = {i // MAX_ORDERS for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
    return len(changes)


def profile(trial: Trial, shop: list[Row], file: Path) -> Iterator[str]:
    """The functions in which a first export spends most; watched, all takes longer, small functions more so."""
    trial.begin(shop, profile=file).communicate(timeout=RUN_S)
    stats: Any = pstats.Stats(str(file))
    costly = sorted(
        ((own_s, calls, *where) for where, (_, calls, own_s, _, _) in stats.stats.items()),
        reverse=True,
    )
    for own_s, calls, file_name, _, name in costly[:TOP]:
        short = file_name.removeprefix(f"{CHECKOUT}/").split("site-packages/")[-1].split("/lib/")[-1]
        yield f"profile: {own_s / stats.total_tt:4.0%} {own_s:6.2f} s {calls:>9} calls  {short} {name}"
