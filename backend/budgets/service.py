"""What one job may call with one Google user's credential: that user's quota and the project's, taken together."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from backend.budgets.model import Grant, Kind, Quota, Use, Wait
from backend.budgets.repository import BudgetRepository
from backend.clock import Clock

_log = structlog.get_logger()

GRANTS_A_MINUTE = 12
"""So many of the largest grants make up a user's quota."""


@dataclass(frozen=True, slots=True)
class SharedBudget:
    """`holder` is who shares fairly with others: the lane, whichever worker is at it."""

    budgets: BudgetRepository
    user: Quota
    project: Quota
    holder: str
    clock: Clock

    @property
    def largest_grant(self) -> int:
        return max(1, self.user.calls_a_minute // GRANTS_A_MINUTE)

    def ask(self, calls: int, *, used: Use | None) -> Grant | Wait:
        """Up to so many calls now, or how long to wait; `used` tells what became of the last grant."""
        return self.budgets.ask([self.user, self.project], holder=self.holder, calls=calls, used=used, at=self.clock())

    def close(self, *, for_s: float, whole_project: bool) -> None:
        """Google said no, to the user or to the whole project: all who share that quota hold back."""
        quota = self.project if whole_project else self.user
        self.budgets.close(quota, until=self.clock() + timedelta(seconds=for_s))
        _log.warning("quota_closed", ledger=quota.ledger_id, for_s=round(for_s, 1))


def user_quota(subject: str, kind: Kind, *, calls_a_minute: int) -> Quota:
    """`subject` is Google's own id of the user, the same for every tenant that linked the account."""
    return Quota(f"user:{subject}:{kind}", calls_a_minute)


def project_quota(kind: Kind, *, calls_a_minute: int) -> Quota:
    return Quota(f"project:{kind}", calls_a_minute)
