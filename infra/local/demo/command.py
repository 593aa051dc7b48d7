"""`python -m infra.local demo`: a shop's real orders arrive in a spreadsheet tab, from nothing, on one command."""

import argparse
import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.local.demo.merchant import EMAIL, SHOP, Merchant, Refused
from infra.local.demo.readback import Readback, as_shown, read_tab
from infra.local.process import NotStarted
from infra.local.stack import CHECKOUT, Stack

SAMPLE = CHECKOUT / "infra/local/shopify/sample/uci_online_retail_sample.csv.gz"
STATE = CHECKOUT / ".state/demo"


def add_demo(commands: Any) -> None:
    demo = commands.add_parser("demo", help="start everything and run the main job")
    demo.add_argument("--data", type=Path, default=SAMPLE, help="CSV in the columns of UCI Online Retail, plain or .gz")
    demo.add_argument("--state", type=Path, default=None, help="folder for the state; one a data file by default")
    demo.add_argument("--quota", choices=["real", "off"], default="real", help="Google's quotas a minute, or none")
    demo.add_argument("--once", action="store_true", help="end after the run")
    demo.set_defaults(run=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    console = Console(soft_wrap=True)
    data: Path = arguments.data
    state = arguments.state or STATE / data.name.split(".")[0]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with Stack(state, quota=arguments.quota, tell=lambda name: console.print(f"  {name} is up")) as stack:
            status = _Demo(stack, console, stopping).play(data)
            if status == 0 and not arguments.once:
                console.print("\nEverything stays up; Ctrl-C ends it.")
                stopping.wait()
            return status
    except (NotStarted, Refused) as error:
        console.print(f"[bold red]demo:[/] {error}", highlight=False)
        return 1


class _Demo:
    def __init__(self, stack: Stack, console: Console, stopping: threading.Event) -> None:
        self._stack = stack
        self._console = console
        self._stopping = stopping
        self._ann = Merchant(stack)

    def play(self, data: Path) -> int:
        try:
            return self._play(data)
        finally:
            self._ann.close()

    def _play(self, data: Path) -> int:
        ann, console = self._ann, self._console
        token = ann.open_shop()
        with console.status(f"loading {data.name} into the shop"):
            loaded = ann.load_orders(data)
        console.print(f"the shop {SHOP} has {loaded['orders']:,} orders with {loaded['lines']:,} lines")
        ann.sign_in()
        ann.link_account()
        connection_id = ann.connect(token)
        automation = self._automation(connection_id)
        console.print(f"{EMAIL} is signed in, her shop is connected, her automation fills “Order lines”\n")
        started = time.monotonic()
        run = self._watch(ann.start_run(automation["id"])["id"])
        seconds = time.monotonic() - started
        if run["status"] != "completed":
            error = run.get("error") or {}
            console.print(f"[bold red]the run has {run['status']}:[/] {error.get('message', '')}", highlight=False)
            return 1
        spreadsheet_id = automation["configuration"]["destination"]["spreadsheet_id"]
        found = read_tab(
            self._stack.urls["sheets"], spreadsheet_id, automation["sheet_id"], headers=ann.google_authorization()
        )
        self._show(found, run)
        self._say_where(spreadsheet_id, automation, run)
        counts, usage = run["counts"], run["usage"]
        sys.stdout.write(
            f"demo: orders={len(found.orders)} rows={found.rows} added={counts['added']} updated={counts['updated']} "
            f"unchanged={counts['unchanged']} removed={counts['removed']} reads={usage['reads']} "
            f"writes={usage['writes']} batches={usage['batches']} peak_mb={usage['peak_mb']:.0f} "
            f"seconds={seconds:.1f}\n"
        )
        sys.stdout.flush()
        return 0

    def _automation(self, connection_id: str) -> dict[str, Any]:
        """The one of the last time over the same state, or a new one in a new spreadsheet."""
        file = self._stack.state / "demo.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        if "automation_id" not in known:
            known["spreadsheet_id"] = self._ann.create_spreadsheet()
            known["automation_id"] = self._ann.create_automation(connection_id, known["spreadsheet_id"])["id"]
            file.write_text(json.dumps(known))
        return self._ann.automation(known["automation_id"])

    def _watch(self, run_id: str) -> dict[str, Any]:
        run: dict[str, Any] = {}
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("orders  {task.fields[rows]:,} rows"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            bar = progress.add_task("waiting for a worker", total=None, rows=0)
            for run in self._ann.watch(run_id, self._stopping.wait):
                counts = run["counts"]
                progress.update(
                    bar,
                    description=run["status"],
                    total=run.get("expected_orders"),
                    completed=counts["orders"],
                    rows=sum(counts[what] for what in ("added", "updated", "unchanged")),
                )
        return run

    def _show(self, found: Readback, run: dict[str, Any]) -> None:
        table = Table(title="The first rows of the tab")
        for header in found.headers:
            table.add_column(header, overflow="ellipsis", max_width=24)
        for row in as_shown(found.first_rows, found.headers):
            table.add_row(*row)
        Console(width=max(self._console.width, 150), soft_wrap=True).print(table)
        busy = sorted(run["usage"]["busy_s"].items(), key=lambda spent: -spent[1])
        self._console.print("where the time went: " + ", ".join(f"{what} {spent:.1f} s" for what, spent in busy))
        self._console.print(f"the line totals in the tab add up to {found.total:,.2f}")

    def _say_where(self, spreadsheet_id: str, automation: dict[str, Any], run: dict[str, Any]) -> None:
        where = Table(title="Where things are", show_header=False)
        for name, url in self._stack.urls.items():
            where.add_row(name, url)
        where.add_row("spreadsheet", f"{self._stack.urls['sheets']}/v4/spreadsheets/{spreadsheet_id}")
        where.add_row("automation, run", f"{automation['id']}, {run['id']}")
        where.add_row("state and logs", str(self._stack.state))
        self._console.print(where)
