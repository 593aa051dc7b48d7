"""When an automation runs by itself: a cron line in a time zone, checked over its real sequence of instants."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

MIN_INTERVAL = timedelta(minutes=5)
_CHECKED_INSTANTS = 600
_CHECKED_FROM = datetime(2026, 1, 1, tzinfo=UTC)


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
    def _keeps_its_distance(self) -> Self:
        try:
            instants = list(islice(self.instants(after=_CHECKED_FROM), _CHECKED_INSTANTS))
        except CronSimError as error:
            raise ValueError(f"{self.cron!r} is no cron line: {error}") from error
        if not instants:
            raise ValueError(f"{self.cron!r} never comes due")
        if min((b - a for a, b in pairwise(instants)), default=MIN_INTERVAL) < MIN_INTERVAL:
            raise ValueError("runs must be at least 5 minutes apart")
        return self

    def instants(self, *, after: datetime) -> Iterator[datetime]:
        """The instants at which it is due after the given one, in UTC: differences in a local zone ignore DST."""
        for instant in CronSim(self.cron, after.astimezone(ZoneInfo(self.time_zone))):
            yield instant.astimezone(UTC)
