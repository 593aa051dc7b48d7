"""The Sheets quota that jobs share: a ledger for each of Google's limits, and what may be taken from it.

Every call is counted for a minute from when it was made, so no minute, wherever it begins, holds more than the limit.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

WINDOW = timedelta(seconds=61)
"""Google's minute, and a second for calls that take longer to arrive than others."""
SPENDING = timedelta(seconds=15)
"""A grant is void after that, so that none of its calls is made when the ledger no longer counts it."""
GRACE = timedelta(seconds=10)
"""Who was told to ask again at a time, and did not, keeps its place for so long."""
TURN = timedelta(seconds=1)
"""So long after those before it somebody asks, and never sooner again than that."""


class Kind(StrEnum):
    READS = "reads"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Quota:
    """One of Google's limits, and the id of the ledger that everybody who shares it takes from."""

    ledger_id: str
    calls_a_minute: int


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to make so many calls until it is void."""

    calls: int
    at: datetime

    @property
    def void_at(self) -> datetime:
        return self.at + SPENDING


@dataclass(frozen=True, slots=True)
class Use:
    """What became of a grant: when calls were made of it. The others will not be made."""

    grant: Grant
    made: tuple[datetime, ...] = ()

    @property
    def left(self) -> int:
        return self.grant.calls - len(self.made)

    def call(self, now: datetime) -> "Use":
        return Use(self.grant, (*self.made, now))


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing now; worth asking again after that."""

    wait_s: float


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Taken(_Part):
    holder: str
    calls: int
    until: datetime
    """When they will all be a minute ago, at the latest."""
    granted_at: datetime | None = None
    """None as soon as it is known when they were made."""


class Waiting(_Part):
    holder: str
    since: datetime
    asks_at: datetime
    """Forgotten some time after that, unless it does."""


class Ledger(_Part):
    """The document budgets/{id}. What it answers holds for the instant to which it was brought by `as_of`."""

    taken: list[Taken] = Field(default_factory=list)
    waiting: list[Waiting] = Field(default_factory=list)
    closed_until: datetime | None = None
    """Google said no: nobody calls before that."""

    def as_of(self, now: datetime) -> "Ledger":
        return self.model_copy(
            update={
                "taken": [each for each in self.taken if each.until > now],
                "waiting": [each for each in self.waiting if each.asks_at + GRACE > now],
                "closed_until": self.closed_until if self.closed_until and self.closed_until > now else None,
            }
        )

    def available(self, holder: str, *, limit: int) -> int:
        """How many calls the holder may take now.

        Alone it may have all. While others wait, what those hold who want nothing is left to them, the rest is
        shared evenly among those who want something, and one call is left for each of them who has waited longer
        and has not had its share.
        """
        if self.closed_until:
            return 0
        held: Counter[str] = Counter()
        for each in self.taken:
            held[each.holder] += each.calls
        free = limit - held.total()
        since = {each.holder: each.since for each in self.waiting}
        others = since.keys() - {holder}
        if others:
            wanting = held[holder] + sum(held[other] for other in others)
            share = math.ceil((free + wanting) / (len(others) + 1))
            before_me = [other for other in others if holder not in since or since[other] < since[holder]]
            ahead = sum(held[other] < share for other in before_me)
            free = min(free - ahead, share - held[holder])
        return max(0, free)

    def settled(self, holder: str, use: Use) -> "Ledger":
        """What was granted counts from now on as what was made of it; telling it again changes nothing."""
        granted = _taken(holder, use.grant)
        if granted not in self.taken:
            return self
        made = [
            Taken(holder=holder, calls=calls, until=second + WINDOW)
            for second, calls in Counter(map(_whole_second, use.made)).items()
        ]
        return self.model_copy(update={"taken": [each for each in self.taken if each != granted] + made})

    def granted(self, holder: str, grant: Grant) -> "Ledger":
        return self.model_copy(
            update={"taken": [*self.taken, _taken(holder, grant)], "waiting": self._waiting_but(holder)}
        )

    def wait_s(self, holder: str, *, limit: int, now: datetime) -> float:
        """Seconds until a call will be free for the holder, when those who wait ask at their time and go on."""
        ahead = {each.holder: each.asks_at + TURN for each in self.waiting if each.holder != holder}
        ends = {each.until for each in self.taken} | set(ahead.values())
        for at in sorted(ends | {self.closed_until or now}):
            waiting = [each for each in self.waiting if ahead.get(each.holder, now) > at]
            if self.model_copy(update={"waiting": waiting}).as_of(at).available(holder, limit=limit):
                break
        return max(TURN, at - now).total_seconds()

    def queued(self, holder: str, *, now: datetime, wait_s: float) -> "Ledger":
        """The holder keeps the place that it has, and loses it when it does not ask again."""
        since = next((each.since for each in self.waiting if each.holder == holder), now)
        place = Waiting(holder=holder, since=since, asks_at=now + timedelta(seconds=wait_s))
        return self.model_copy(update={"waiting": [*self._waiting_but(holder), place]})

    def closed(self, until: datetime) -> "Ledger":
        """The longest closing holds."""
        return self.model_copy(update={"closed_until": max(until, self.closed_until or until)})

    def _waiting_but(self, holder: str) -> list[Waiting]:
        return [each for each in self.waiting if each.holder != holder]


def take(
    books: Sequence[tuple[Quota, Ledger]], *, holder: str, calls: int, used: Use | None, now: datetime
) -> tuple[list[Ledger], Grant | Wait]:
    """Up to so many calls from every ledger, or from none; the ledgers as they are then.

    `used` is what the holder made of its last grant.
    """
    opened = [(quota.calls_a_minute, ledger.as_of(now)) for quota, ledger in books]
    if used:
        opened = [(limit, ledger.settled(holder, used)) for limit, ledger in opened]
    fits = min([calls, *(ledger.available(holder, limit=limit) for limit, ledger in opened)])
    if fits:
        grant = Grant(fits, now)
        return [ledger.granted(holder, grant) for _, ledger in opened], grant
    wait_s = max(ledger.wait_s(holder, limit=limit, now=now) for limit, ledger in opened)
    return [
        ledger if ledger.available(holder, limit=limit) else ledger.queued(holder, now=now, wait_s=wait_s)
        for limit, ledger in opened
    ], Wait(wait_s)


def _taken(holder: str, grant: Grant) -> Taken:
    return Taken(holder=holder, calls=grant.calls, until=grant.void_at + WINDOW, granted_at=grant.at)


def _whole_second(at: datetime) -> datetime:
    """At or after it; so a ledger has no more entries a minute than that has seconds, for each holder."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)
