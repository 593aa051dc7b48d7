"""When an automation runs by itself: a cron line in a time zone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

MIN_INTERVAL = timedelta(minutes=5)
_CHECKED_INSTANTS = 600
_CHECKED_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone; use a name like Europe/Berlin") from error
    return name


class Schedule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "UTC"
    enabled: bool = True

    @model_validator(mode="after")
    def _is_a_cron_line(self) -> Self:
        try:
            self.instants(after=_CHECKED_FROM)
        except CronSimError as error:
            raise ValueError(f"{self.cron!r} is no cron line: {error}") from error
        return self

    def instants(self, *, after: datetime) -> Iterator[datetime]:
        """The instants at which it is due after the given one, in UTC: differences in a local zone ignore DST.

        Where clocks change, as Debian's cron does it: a time of day that the change skips is due when the clock has
        jumped, one that comes twice is due the first time only. A line whose minute or hour field begins with `*`
        keeps its distance in real time instead: it is due in both of the doubled hours, and in none that is skipped.
        """
        line = CronSim(self.cron, after.astimezone(ZoneInfo(self.time_zone)))
        return (due for each in line if (due := each.astimezone(UTC)) > after)

    def problem(self) -> str | None:
        """Why it may not be used, judged by its true sequence, the days on which clocks change among it.

        Takes up to 100 ms.
        """
        first = list(islice(self.instants(after=_CHECKED_FROM), _CHECKED_INSTANTS))
        if not first:
            return f"{self.cron!r} never comes due"
        for instants in (first, *map(self._of_day, self._clock_changes())):
            for earlier, later in pairwise(instants):
                if later - earlier < MIN_INTERVAL:
                    where = earlier.astimezone(ZoneInfo(self.time_zone))
                    return f"runs must be at least 5 minutes apart, and after {where:%Y-%m-%d %H:%M} they are not"
        return None

    def _clock_changes(self) -> list[datetime]:
        """Each day of a year (from midnight UTC) in which they change."""
        zone = ZoneInfo(self.time_zone)
        days = (_CHECKED_FROM + number * _DAY for number in range(366))
        return [a for a, b in pairwise(days) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]

    def _of_day(self, day: datetime) -> list[datetime]:
        return list(takewhile(lambda instant: instant <= day + _DAY, self.instants(after=day)))
