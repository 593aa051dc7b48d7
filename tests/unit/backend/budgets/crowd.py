"""Holders who call as fast as they are allowed to, in a time of their own."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.budgets.model import Grant, Ledger, Quota, Use, take

MINUTE = timedelta(seconds=60)
START = datetime(2026, 1, 1, tzinfo=UTC)
PROJECT = "project"


@dataclass(frozen=True)
class Habit:
    """How many calls somebody asks for at a time, how many seconds each takes, and as which user."""

    calls: int
    seconds: float = 0.0
    user: int = 0


class Crowd:
    """Each user has a limit, and all have one together."""

    def __init__(self, habits: Sequence[Habit], *, limit: int, project_limit: int = 1_000_000) -> None:
        self.calls: list[tuple[int, datetime]] = []
        """Who called when."""
        self.now = START
        self._limits = {PROJECT: project_limit} | {str(habit.user): limit for habit in habits}
        self._ledgers = {ledger_id: Ledger() for ledger_id in self._limits}
        self._habits = habits
        self._used: dict[int, Use] = {}
        self._due = [(START, each) for each in range(len(habits))]

    def go(self, *, minutes: float, only: Iterable[int] | None = None) -> None:
        """All of them, or some while the others want nothing yet."""
        end = self.now + minutes * MINUTE
        acting = set(range(len(self._habits)) if only is None else only)
        due = [each for each in self._due if each[1] in acting]
        heapq.heapify(due)
        while due and due[0][0] < end:
            self.now, holder = heapq.heappop(due)
            heapq.heappush(due, (self.now + self._act(holder), holder))
        self._due = due + [(end, each) for _, each in self._due if each not in acting]
        self.now = end

    def kill(self, holder: int) -> None:
        """Its successor knows nothing of the grant that it had in hand."""
        self._used.pop(holder, None)

    def made_by(self, holder: int) -> int:
        return sum(each == holder for each, _ in self.calls)

    def as_user(self, user: int) -> list[tuple[int, datetime]]:
        return [call for call in self.calls if self._habits[call[0]].user == user]

    def _act(self, holder: int) -> timedelta:
        """A call when there is one in hand, else the question for more; how long that takes."""
        used = self._used.get(holder)
        if used is None or used.left == 0 or self.now >= used.grant.void_at:
            answer = self._ask(holder, used)
            if not isinstance(answer, Grant):
                return answer
            used = Use(answer)
        self._used[holder] = used.call(self.now)
        self.calls.append((holder, self.now))
        return timedelta(seconds=self._habits[holder].seconds)

    def _ask(self, holder: int, used: Use | None) -> Grant | timedelta:
        habit = self._habits[holder]
        asked = (str(habit.user), PROJECT)
        books = [(Quota(each, self._limits[each]), self._ledgers[each]) for each in asked]
        ledgers, answer = take(books, holder=f"lane {holder}", calls=habit.calls, used=used, now=self.now)
        self._ledgers |= dict(zip(asked, ledgers, strict=True))
        if isinstance(answer, Grant):
            return answer
        assert answer.wait_s > 0
        return timedelta(seconds=answer.wait_s)


def busiest_minute(calls: Sequence[tuple[int, datetime]]) -> int:
    """How many calls the fullest sixty seconds hold, wherever they begin."""
    instants = sorted(at for _, at in calls)
    fullest, first = 0, 0
    for last, at in enumerate(instants):
        while at - instants[first] >= MINUTE:
            first += 1
        fullest = max(fullest, last - first + 1)
    return fullest
