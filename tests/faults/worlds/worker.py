"""A worker that may die at any call, and what it knows of the run that it takes up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from jobs.sheets.api import SheetsApi
from jobs.sheets.layout import Request
from jobs.sheets.verification import Afterwards
from jobs.sheets.workbook import Workbook

Answer = TypeVar("Answer")


class Killed(BaseException):
    """No code of a worker sees its own death: nothing that it catches is one of these."""


@dataclass(frozen=True)
class Death:
    """At which call from the attempt's first one, reads and writes alike, and on which side of it."""

    call: int
    after: bool


class MortalApi(SheetsApi):
    """`death` None: the worker lives."""

    def __init__(self, spreadsheet_id: str, *, death: Death | None, **wanted: Any) -> None:
        super().__init__(spreadsheet_id, **wanted)
        self._death = death
        self._calls = 0

    def workbook(self) -> Workbook:
        return self._survive(super().workbook)

    def columns(self, ranges: Sequence[str], *, formulas: bool = False) -> list[list[Any]]:
        return self._survive(lambda: super(MortalApi, self).columns(ranges, formulas=formulas))

    def rows(self, ranges: Sequence[str]) -> list[list[list[Any]]]:
        return self._survive(lambda: super(MortalApi, self).rows(ranges))

    def batch_update(
        self, requests_: Sequence[Request], *, hold: Callable[[], None], verify: Sequence[str] = ()
    ) -> Afterwards:
        return self._survive(lambda: super(MortalApi, self).batch_update(requests_, hold=hold, verify=verify))

    def _survive(self, call: Callable[[], Answer]) -> Answer:
        at = self._calls
        self._calls += 1
        due = self._death is not None and at == self._death.call
        if due and not (self._death and self._death.after):
            raise Killed
        answer = call()
        if due:
            raise Killed
        return answer


@dataclass(frozen=True)
class Journey:
    """A run that is not complete, as its checkpoint has it: versions stand for times."""

    since: int
    resume: int = 0
    repeats: int = 0

    @property
    def after(self) -> int:
        return max(self.since, self.resume)

    def reached(self, version: int) -> "Journey":
        return replace(self, resume=version)

    def anew(self) -> "Journey":
        return Journey(since=0, repeats=self.repeats + 1)
