"""Many tenants: all of their automations due at the same instant, then their daily life."""

import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence

from backend.runs.model import Run, RunStatus
from tests.bench.report import section, table
from tests.load.stage import (
    READS,
    STARTS,
    TARGET_A_MINUTE,
    Stage,
    carried,
    executions,
    from_click_s,
    from_instant_s,
    from_turn_s,
    runs_of,
    served_ms,
    spread,
    stage,
    webhook_to_cell_s,
)
from tests.load.tenant import Plan
from tests.load.traffic import Traffic
from tests.load.world import World, world


def measure_thousand(chosen: Namespace) -> Iterator[str]:
    with world({"TABKEEPER_MAX_LANES": str(chosen.lanes)}) as there:
        made_s = there.settle(list(plans(chosen.tenants, chosen.automations)))
        clicks = {"reads_a_minute": chosen.reads, "starts_a_minute": chosen.starts}
        with stage(there) as rush, Traffic(there.tenants, changes_a_minute=0, **clicks) as at_rush:
            there.make_due(there.tenants)
            there.drain()
        with stage(there) as daily:
            with Traffic(there.tenants, changes_a_minute=chosen.changes, **clicks) as by_day:
                time.sleep(chosen.minutes * 60)
            there.drain()
        changed = {change.connection_id for change in by_day.changes}
        there.make_due([each for each in there.tenants if each.storefronts[0].connection_id in changed])
        there.drain()
        runs = there.runs()
        yield from section(f"{chosen.tenants:,} tenants, {chosen.automations:,} automations")
        offered = (chosen.automations - chosen.tenants) / 60 + chosen.changes + chosen.starts
        yield (
            f"Made through the API in {made_s:.0f} s. {chosen.lanes} lanes at once. A minute: {chosen.reads:g} reads, "
            f"{chosen.starts:g} runs started by hand; in daily life, {chosen.minutes:g} minutes long, also "
            f"{chosen.changes:g} shops that change all of their orders, so that {offered:.0f} runs are asked for. "
            "Median / 95th percentile."
        )
        yield ""
        columns = [figures(there, rush, runs, at_rush), figures(there, daily, runs, by_day)]
        rows = ((name, value, columns[1][name]) for name, value in columns[0].items())
        yield from table(("", "all due at once", "daily life"), rows)
        yield from checked(there, runs)
        yield from processors(("all due at once", rush), ("daily life", daily))


def plans(tenants: int, automations: int) -> Iterator[Plan]:
    """A tenant's first automation follows its shop, its others have a schedule: hourly, spread over the hour."""
    for tenant in range(tenants):
        follower = {"on_change": True}
        scheduled = (
            {"on_change": False, "schedule": {"cron": f"{number % 60} * * * *", "time_zone": "UTC"}}
            for number in range(tenant + tenants, automations, tenants)
        )
        yield Plan(f"tenant{tenant}", orders=[orders_of(tenant)], automations=[follower, *scheduled])


def orders_of(tenant: int) -> int:
    """Of 100 tenants' shops 90 have one to five orders, nine have 50, and one has 1,000."""
    place = tenant * 37 % 100
    return 1000 if place == 99 else 50 if place >= 90 else 1 + place % 5


def figures(there: World, of: Stage, every: Sequence[Run], traffic: Traffic) -> dict[str, str]:
    runs = runs_of(of, every)
    done, a_minute = carried(runs)
    reads, writes = sum(run.usage.reads for run in runs), sum(run.usage.writes for run in runs)
    return {
        "runs finished": f"{done:,}",
        "runs dispatched and finished a minute": f"{a_minute:.0f}",
        f"against the design's {TARGET_A_MINUTE}": f"{a_minute / TARGET_A_MINUTE:.1f} times",
        "jobs started": f"{executions(there, of):,}",
        "orders looked at": f"{sum(run.counts.orders for run in runs):,}",
        "Sheets calls a run": f"{reads / len(runs):.1f} reads, {writes / len(runs):.1f} writes",
        "by schedule: instant to started": spread(from_instant_s(runs), "s"),
        "without the spread over a minute": spread(from_turn_s(runs), "s"),
        "by hand: click to started": spread(from_click_s(runs), "s"),
        "by webhook: change in the shop to cell": spread(webhook_to_cell_s(traffic.changes, every), "s"),
        "API, reads": spread(served_ms(there, of, READS), "ms", digits=0),
        "API, starts of runs": spread(served_ms(there, of, STARTS), "ms", digits=0),
        "the same as its clients saw it: reads": spread(traffic.waited_ms["reads"], "ms", digits=0),
        "starts of runs": spread(traffic.waited_ms["starts"], "ms", digits=0),
    }


def checked(there: World, runs: Sequence[Run]) -> Iterator[str]:
    began = time.monotonic()
    surplus, lacking = there.differences()
    instants = Counter((run.automation_id, run.scheduled_for) for run in runs if run.scheduled_for)
    ended = Counter(run.status for run in runs)
    tabs = sum(len(tenant.automations) for tenant in there.tenants)
    yield ""
    yield (
        f"Every row of all {tabs:,} tabs, held against its shop in {time.monotonic() - began:.0f} s: {surplus} doubled "
        f"or wrong, {lacking} lost. Instants with two runs: {sum(times > 1 for times in instants.values())}. "
        f"Runs: {', '.join(f'{number:,} {status}' for status, number in ended.items())}."
    )
    errors = Counter(run.error.code for run in runs if run.status is RunStatus.FAILED and run.error)
    if errors:
        yield f"Failed with: {', '.join(f'{code} {number}' for code, number in errors.items())}."


def processors(*stages: tuple[str, Stage]) -> Iterator[str]:
    yield from section("Whose the processors' time was")
    first = stages[0][1].shares
    rows = (
        (who, *(f"{each.shares[who]:.0%}" for _, each in stages)) for who in sorted(first, key=lambda who: -first[who])
    )
    yield from table(("process", *(name for name, _ in stages)), rows)
