"""The instants of a schedule in the unix-cron format, in a time zone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from infra.local.rpc_error import RpcError, invalid_argument, unimplemented

UNIX_CRON = re.compile(r"\s*(?:(?:[\d*,/-]|[A-Za-z]{3})+(?:\s+|$)){5}")
"""Five fields of numbers and names; cronsim alone would accept seconds, L and # as well."""


def next_instant_s(schedule: str, time_zone: str, *, after_s: float) -> float:
    """Raises RpcError for a schedule or a zone that there is not. A local time that DST skips or repeats is judged as
    Debian's cron does it; Google promises nothing about it.
    """
    if schedule.startswith("every "):
        raise unimplemented("this local Cloud Scheduler reads schedules in the unix-cron format only")
    if not UNIX_CRON.fullmatch(schedule):
        raise _invalid()
    try:
        zone = ZoneInfo("UTC" if time_zone == "utc" else time_zone)
        return next(CronSim(schedule, datetime.fromtimestamp(after_s, zone))).timestamp()
    except (CronSimError, StopIteration, ZoneInfoNotFoundError, ValueError) as error:
        raise _invalid() from error


def _invalid() -> RpcError:
    return invalid_argument("Schedule or time zone is invalid.")
