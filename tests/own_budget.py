"""A budget that no other process shares: the ledger as it is, kept in memory."""

from datetime import timedelta

from backend.budgets.model import Grant, Ledger, Quota, Use, Wait, take
from backend.clock import Clock
from jobs.sheets.budget import Budget

MANY = 1_000_000


class OwnBudget:
    def __init__(self, clock: Clock, *, calls_a_minute: int, holder: str = "lane") -> None:
        self.ledger = Ledger()
        self.largest_grant = calls_a_minute
        self._quota = Quota("own", calls_a_minute)
        self._holder = holder
        self._clock = clock

    def ask(self, calls: int, *, used: Use | None) -> Grant | Wait:
        books = [(self._quota, self.ledger)]
        (self.ledger,), answer = take(books, holder=self._holder, calls=calls, used=used, now=self._clock())
        return answer

    def close(self, *, for_s: float, whole_project: bool) -> None:
        del whole_project
        self.ledger = self.ledger.closed(self._clock() + timedelta(seconds=for_s))


def budgets(clock: Clock) -> tuple[Budget, Budget]:
    """Of reads and of writes, with more calls than anybody needs."""
    return (
        Budget(OwnBudget(clock, calls_a_minute=MANY), clock=clock),
        Budget(OwnBudget(clock, calls_a_minute=MANY), clock=clock),
    )
