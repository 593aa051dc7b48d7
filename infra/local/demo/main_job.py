"""The main job, step by step: a shop, its merchant, her automation, a run, and a look at the tab."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.demo.merchant import EMAIL, Merchant
from infra.local.demo.readback import read_tab
from infra.local.demo.refusal import Refused
from infra.local.demo.screen import Screen
from infra.local.demo.shop import DOMAIN, Shop
from infra.local.process import NotStarted
from infra.local.stack import Stack

KEY = "the demo's automation"
ORDERS_A_WRITE = 300
ROWS_A_WRITE = 1_200
WRITES_A_MINUTE = 60
WORKER_S = 300.0
"""Longer than a worker takes to start, and than the lease (240 s) of one that was killed lasts."""


class MainJob:
    def __init__(self, stack: Stack, screen: Screen) -> None:
        self._stack = stack
        self._screen = screen
        self._shop = Shop(stack)
        self.sheet_id = 0
        """Of the tab that was filled."""

    def play(self, data: Path) -> int:
        """The exit code."""
        ann = Merchant(self._stack)
        try:
            return self._play(data, ann)
        finally:
            ann.close()

    def _play(self, data: Path, ann: Merchant) -> int:
        screen = self._screen
        self._shop.open()
        try:
            with screen.busy(f"loading {data.name} into the shop"):
                loaded = self._shop.load(data)
        except Refused as error:
            screen.fail(error.why)
            return 1
        screen.say(f"The shop {DOMAIN} has {loaded['orders']:,} orders with {loaded['lines']:,} lines.")
        ann.sign_in()
        ann.link_account()
        automation = self._automation(ann, ann.connect(self._shop))
        screen.say(f"{EMAIL} is signed in, her shop is connected, her automation fills the tab “Order lines”.")
        self._warn_of_quota(loaded)
        self.sheet_id = automation["sheet_id"]
        run, seconds = self._run(ann, automation["id"])
        if run["status"] != "completed":
            screen.fail(f"the run has {run['status']}: {(run.get('error') or {}).get('message', '')}")
            return 1
        spreadsheet_id = automation["configuration"]["destination"]["spreadsheet_id"]
        with screen.busy("reading the tab back"):
            found = read_tab(
                self._stack.urls["sheets"],
                spreadsheet_id,
                automation["sheet_id"],
                headers=ann.google.authorization(),
            )
        screen.show_tab(found)
        screen.show_places(
            {
                **self._stack.urls,
                "spreadsheet": f"{self._stack.urls['sheets']}/v4/spreadsheets/{spreadsheet_id}",
                "automation": automation["id"],
                "this run": run["id"],
                "state, logs": str(self._stack.state),
            }
        )
        screen.show_result(found, run, seconds=seconds)
        return 0

    def _automation(self, ann: Merchant, connection_id: str) -> dict[str, Any]:
        """The one of the last time over the same state, or a new one in a new spreadsheet."""
        file = self._stack.state / "demo.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        if "automation_id" not in known:
            spreadsheet_id = ann.google.create_spreadsheet("Shop books")
            known = {"automation_id": ann.create_automation(connection_id, spreadsheet_id, key=KEY)["id"]}
            file.write_text(json.dumps(known))
        return ann.automation(known["automation_id"])

    def _warn_of_quota(self, loaded: dict[str, int]) -> None:
        """A tab that holds most of it already takes less."""
        writes = max(loaded["orders"] // ORDERS_A_WRITE, loaded["lines"] // ROWS_A_WRITE)
        if self._stack.quota == "real" and writes > WRITES_A_MINUTE:
            self._screen.say(
                f"Google allows {WRITES_A_MINUTE} writes a minute, and a full export takes about {writes}: "
                f"some {writes // WRITES_A_MINUTE} minutes. QUOTA=off lifts the quota."
            )

    def _run(self, ann: Merchant, automation_id: str) -> tuple[dict[str, Any], float]:
        """A run that was stopped the last time goes first; starting the new one wakes a worker for both.

        The answer is about the new one.
        """
        left = ann.open_runs(automation_id)
        new = ann.start_run(automation_id)
        for run in left:
            self._screen.say(f"Going on with the run {run['id']}, which was stopped.")
            self._screen.watch(self._course(ann, run["id"]))
        started = time.monotonic()
        ended = self._screen.watch(self._course(ann, new["id"]))
        return ended, time.monotonic() - started

    def _course(self, ann: Merchant, run_id: str) -> Iterator[dict[str, Any]]:
        """Raises NotStarted when no worker comes: the job itself may be broken, and would never say so to the API."""
        alive_at = time.monotonic()
        for run in ann.watch(run_id, pause=time.sleep):
            if run["status"] != "pending":
                alive_at = time.monotonic()
            elif time.monotonic() - alive_at > WORKER_S:
                raise NotStarted(f"no worker took up the run; its logs are in {self._stack.state / 'run/logs'}")
            yield run
