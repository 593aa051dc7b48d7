"""What the demo shows: lines, a progress bar, tables no wider than the screen, and one last line for programs."""

import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.local.demo.readback import Readback, as_shown

WIDTH = 100
"""Of the tables when nobody watches, and at most."""
COLUMNS = {
    "Order": 8,
    "Date": 16,
    "Country": 14,
    "SKU": 6,
    "Product": 20,
    "Quantity": 8,
    "Unit price": 10,
    "Line total": 10,
}
"""What of the tab is shown, and how wide."""
NUMBERS = frozenset({"Quantity", "Unit price", "Line total"})


class Screen:
    def __init__(self) -> None:
        self._console = Console(soft_wrap=True, highlight=False)
        width = min(self._console.width, WIDTH) if self._console.is_terminal else WIDTH
        self._tables = Console(width=width, highlight=False)

    def say(self, line: str) -> None:
        self._console.print(line, markup=False)

    def fail(self, why: str) -> None:
        self._console.print("[bold red]demo:[/] ", end="")
        self._console.print(why, markup=False)

    def is_up(self, name: str) -> None:
        self._console.print(f"  [green]✓[/] {name}")

    def busy(self, with_what: str) -> AbstractContextManager[object]:
        return self._console.status(with_what)

    def watch(self, course: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """A bar that follows the run; the run as it ended."""
        run: dict[str, Any] = {}
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("orders, {task.fields[rows]:,} rows"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            bar = progress.add_task("waiting for a worker", total=None, rows=0)
            for run in course:
                counts = run["counts"]
                progress.update(
                    bar,
                    description=_state(run),
                    total=run["expected_orders"],
                    completed=counts["orders"],
                    rows=sum(counts[what] for what in ("added", "updated", "unchanged")),
                )
        return run

    def show_tab(self, found: Readback) -> None:
        self.say("\nThe first rows of the tab")
        table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False, header_style="bold")
        shown = [(i, header) for i, header in enumerate(found.headers) if header in COLUMNS]
        for _, header in shown:
            justify: Literal["left", "right"] = "right" if header in NUMBERS else "left"
            table.add_column(header, justify=justify, no_wrap=True, overflow="ellipsis", width=COLUMNS[header])
        for row in as_shown(found.first_rows, found.headers):
            table.add_row(*(row[i] for i, _ in shown))
        self._tables.print(table)
        others = ", ".join(header for header in found.headers if header not in COLUMNS)
        self.say(f"{found.rows:,} rows of {len(found.orders):,} orders; the tab also has: {others}.")
        self.say(f"The line totals in the tab add up to {found.total:,.2f}.")

    def show_places(self, places: Mapping[str, str]) -> None:
        """Addresses stay whole, to be copied."""
        self.say("\nWhere things are")
        for name, place in places.items():
            self.say(f"  {name:<12} {place}")

    def show_result(self, found: Readback, run: dict[str, Any], *, seconds: float) -> None:
        counts, usage = run["counts"], run["usage"]
        self.say("")
        if not counts["added"] + counts["updated"] + counts["removed"]:
            self.say("The tab was in step with the shop already: no row was written.")
        spent = sorted(usage["busy_s"].items(), key=lambda each: -each[1])
        self.say("Where the time went: " + ", ".join(f"{what} {each_s:.1f} s" for what, each_s in spent))
        sys.stdout.write(
            f"demo: orders={len(found.orders)} rows={found.rows} added={counts['added']} updated={counts['updated']} "
            f"unchanged={counts['unchanged']} removed={counts['removed']} reads={usage['reads']} "
            f"writes={usage['writes']} batches={usage['batches']} peak_mb={usage['peak_mb']:.0f} "
            f"seconds={seconds:.1f}\n"
        )
        sys.stdout.flush()


def _state(run: dict[str, Any]) -> str:
    """What the run has waited for is told with each batch that it has written."""
    if run["status"] == "pending":
        return "waiting for a worker"
    waited_s = run["usage"]["busy_s"].get("wait", 0.0)
    return f"{run['status']} ({waited_s:.0f} s waiting for Google's quota)" if waited_s >= 1 else str(run["status"])
