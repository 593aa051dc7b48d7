"""One tenant with very many automations, and what the small ones feel of it."""

from argparse import Namespace
from collections.abc import Iterator, Sequence

from backend.runs.model import Run
from tests.bench.report import section, table
from tests.load.stage import carried, from_instant_s, from_turn_s, runs_of, spread, stage
from tests.load.tenant import Plan, Tenant
from tests.load.world import World, world

SMALL = 99
BIG_SHOPS = 50
YEARLY = {"on_change": False, "schedule": {"cron": "0 0 1 1 *", "time_zone": "UTC"}}
"""It comes due when it is made due."""


def measure_fairness(chosen: Namespace) -> Iterator[str]:
    with world({"TABKEEPER_MAX_LANES": str(chosen.lanes)}) as there:
        there.settle(
            [
                Plan("big", orders=[3] * BIG_SHOPS, automations=[YEARLY] * chosen.big),
                *(Plan(f"small{number}", orders=[3], automations=[YEARLY]) for number in range(SMALL)),
            ]
        )
        big, small = there.tenants[:1], there.tenants[1:]
        due_together(there, big + small)
        alone = due_together(there, small)
        beside = due_together(there, big + small)
        yield from section(
            f"One tenant with {chosen.big} automations on {BIG_SHOPS} shops, {SMALL} tenants with one each"
        )
        yield (
            f"All due at the same instant; {chosen.lanes} lanes at once, of one tenant at most five. Median / 95th "
            "percentile, from the instant to the start, and the same without the spread over a minute."
        )
        yield ""
        rows = (
            ("the small ones, without the big one", *row(alone, small)),
            ("the small ones, with it", *row(beside, small)),
            ("the big one", *row(beside, big)),
        )
        yield from table(
            ("tenants", "runs", "instant to started", "without the spread", "runs finished a minute"), rows
        )


def due_together(there: World, tenants: Sequence[Tenant]) -> list[Run]:
    """The runs that come of it, all of them ended."""
    with stage(there) as found:
        there.make_due(tenants)
        there.drain()
    return runs_of(found, there.runs())


def row(runs: Sequence[Run], tenants: Sequence[Tenant]) -> tuple[str, str, str, str]:
    ids = {tenant.merchant.tenant_id for tenant in tenants}
    theirs = [run for run in runs if run.tenant_id in ids]
    done, a_minute = carried(theirs)
    return f"{done:,}", spread(from_instant_s(theirs), "s"), spread(from_turn_s(theirs), "s"), f"{a_minute:.0f}"
