"""Every tool through the same: a first export, two re-runs, the owner at work in the tab, and trouble on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.book import CHECKED, NOTES
from tests.bench.environments import NotInstalled, interpreter
from tests.bench.google import Google
from tests.bench.orders import Row, changed, orders
from tests.bench.tools import TOOLS, Tool
from tests.bench.trial import Cost, DoesNotRun, Trial
from tests.bench.verdict import Verdict

ORDERS = 10_000
TROUBLED_ORDERS = 2_000
DROPPED, UNAVAILABLE, KILLED = "drop_after", "503_after", "killed"


@dataclass(frozen=True)
class Score:
    tool: Tool
    first: Cost
    one_percent: Cost
    ten_percent: Cost
    untouched: Verdict
    """After the first export."""
    owned: Verdict
    """After a re-run in a tab that its owner has worked in."""
    typed_meanwhile: Verdict
    """After a re-run during which the owner wrote her notes, between the reading and the first write."""
    sorted_meanwhile: Verdict
    """The same when she sorted the tab."""
    troubled: dict[str, tuple[int, Verdict]]
    """After a first export whose middle write was applied without the tool learning it: runs, and the outcome."""


@dataclass(frozen=True)
class Skipped:
    tool: Tool
    reason: str


def compare(google: Google, folder: Path) -> Iterator[Score | Skipped]:
    for tool in TOOLS:
        try:
            if not tool.is_ours:
                interpreter(tool.module)
            yield _score(google, tool, folder)
        except NotInstalled as error:
            yield Skipped(tool, f"cannot be installed here: {error}")
        except DoesNotRun as error:
            yield Skipped(tool, f"does not run: {error}")


def _score(google: Google, tool: Tool, folder: Path) -> Score:
    shop = orders(ORDERS // tool.share)
    trial = Trial(google, tool, folder=folder)
    first = trial.measured(shop)
    untouched = trial.judge()
    aside = list(untouched.altered)
    one_percent = trial.measured(changed(shop, every=100, days=1))
    ten_percent = trial.measured(changed(shop, every=10, days=2))
    few = orders(TROUBLED_ORDERS // tool.share)

    def filled() -> Trial:
        trial = Trial(google, tool, folder=folder)
        trial.run(few)
        return trial

    writes = Trial(google, tool, folder=folder).measured(few).writes // tool.share
    return Score(
        tool=tool,
        first=first,
        one_percent=one_percent,
        ten_percent=ten_percent,
        untouched=untouched,
        owned=_owned(filled(), aside),
        typed_meanwhile=_typed_meanwhile(google, filled(), aside),
        sorted_meanwhile=_sorted_meanwhile(google, filled(), aside),
        troubled={
            kind: _troubled(google, Trial(google, tool, folder=folder), few, kind=kind, writes_before=writes // 2)
            for kind in (DROPPED, UNAVAILABLE, KILLED)
        },
    )


def _owned(trial: Trial, aside: list[str]) -> Verdict:
    """A column and a note of hers on every row at the right and among the tool's, and all rows in another order."""
    trial.book.insert_checked()
    trial.book.add_notes()
    trial.book.sort("Customer")
    trial.run_until_done(changed(trial.shop, every=10, days=1))
    return trial.judge(notes=[NOTES, CHECKED], aside=aside)


def _typed_meanwhile(google: Google, trial: Trial, aside: list[str]) -> Verdict:
    at = trial.book.add_notes(finished=False)
    return _edited_meanwhile(google, trial, aside, edit=trial.book.noting(NOTES, at))


def _sorted_meanwhile(google: Google, trial: Trial, aside: list[str]) -> Verdict:
    trial.book.add_notes()
    return _edited_meanwhile(google, trial, aside, edit=trial.book.sorting("Total"))


def _edited_meanwhile(google: Google, trial: Trial, aside: list[str], *, edit: dict[str, Any]) -> Verdict:
    google.fault("edit_before", skip=0, spreadsheetId=trial.book.id, requests=[edit])
    trial.run_until_done(changed(trial.shop, every=10, days=1))
    return trial.judge(notes=[NOTES], aside=aside)


def _troubled(google: Google, trial: Trial, shop: list[Row], *, kind: str, writes_before: int) -> tuple[int, Verdict]:
    if kind == KILLED:
        trial.run_killed(shop, writes_before=writes_before)
        runs = 1 + trial.run_until_done(shop)
    else:
        google.fault(kind, skip=writes_before, spreadsheetId=trial.book.id)
        runs = trial.run_until_done(shop)
    return runs, trial.judge()
