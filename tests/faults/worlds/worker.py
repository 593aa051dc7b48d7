"""A worker that may die at any call, to Google or to the store, and the store that outlives it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from backend.automations.model import Automation, Progress
from backend.automations.repository import AutomationRepository
from backend.runs.model import Run
from backend.runs.repository import RunRepository
from jobs.sheets.api import SheetsApi
from jobs.sheets.layout import Request
from jobs.sheets.verification import Afterwards
from jobs.sheets.workbook import Workbook
from jobs.stop import Stop

Answer = TypeVar("Answer")


class Killed(BaseException):
    """No code of a worker sees its own death: nothing that it catches is one of these."""


@dataclass(frozen=True)
class Death:
    """At which call from the attempt's first one, and on which side of it. A `gentle` one is asked to stop there."""

    call: int
    after: bool
    gentle: bool = False


class Life:
    """`death` None: it goes on."""

    def __init__(self, death: Death | None, stop: Stop) -> None:
        self._death = death
        self._stop = stop
        self._calls = 0

    def survive(self, call: Callable[[], Answer]) -> Answer:
        at = self._calls
        self._calls += 1
        if self._death is None or at != self._death.call:
            return call()
        if self._death.gentle:
            self._stop.ask()
            return call()
        if self._death.after:
            call()
        raise Killed


class MortalApi(SheetsApi):
    def __init__(self, spreadsheet_id: str, *, life: Life, **wanted: Any) -> None:
        super().__init__(spreadsheet_id, **wanted)
        self._life = life

    def workbook(self) -> Workbook:
        return self._life.survive(super().workbook)

    def columns(self, ranges: Sequence[str], *, formulas: bool = False) -> list[list[Any]]:
        return self._life.survive(lambda: super(MortalApi, self).columns(ranges, formulas=formulas))

    def rows(self, ranges: Sequence[str]) -> list[list[list[Any]]]:
        return self._life.survive(lambda: super(MortalApi, self).rows(ranges))

    def batch_update(
        self, requests_: Sequence[Request], *, hold: Callable[[], None], verify: Sequence[str] = ()
    ) -> Afterwards:
        return self._life.survive(lambda: super(MortalApi, self).batch_update(requests_, hold=hold, verify=verify))


class Runs(RunRepository):
    """Keeps the one run of a world, in memory: thousands of worlds have no time for more."""

    def __init__(self, life: Life, keep: Callable[[Run], None]) -> None:
        self._life = life
        self._keep = keep

    def record_progress(self, run: Run, *, epoch: int, at: datetime) -> Run:
        self._life.survive(lambda: self._keep(run))
        return run


class Automations(AutomationRepository):
    def __init__(self, life: Life, keep: Callable[[Progress], None]) -> None:
        self._life = life
        self._keep = keep

    def record_progress(self, automation: Automation, progress: Progress) -> bool:
        self._life.survive(lambda: self._keep(progress))
        return True
