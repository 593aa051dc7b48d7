"""A long run that nobody waits for, and a person who does."""

from google.cloud import firestore

from backend.clock import utc_now
from backend.runs.lanes import LaneRepository
from backend.runs.model import Run, Trigger, new_run
from backend.runs.repository import RunRepository
from infra.local.stack import PROJECT
from tests.contract.firestore.conftest import client_of
from tests.faults.world import World

WRITE = "spreadsheets.batchUpdate"


def put_scheduled(documents: firestore.Client, world: World) -> Run:
    """A run of the world's automation, as a tick writes it."""
    run = new_run(
        tenant_id=world.ann.tenant_id,
        automation_id=world.automation["id"],
        connection_id=world.connection_id,
        trigger=Trigger.SCHEDULE,
        cause="schedule:noon",
        at=utc_now(),
    )
    RunRepository(documents).create(run)
    LaneRepository(documents, tenant_lanes=5).announce(run.connection_id, tenant_id=run.tenant_id, at=run.created_at)
    return run


def test_long_run_lets_a_person_go_first(world: World) -> None:
    """It gives way at the next batch, goes on from its checkpoint afterwards, and both tabs hold the shop."""
    world.open(orders=950, lines=1)
    other = world.ann.create_automation(world.connection_id, world.book.id, on_change=False)
    with client_of(world.stack.urls["firestore"], project=PROJECT) as documents:
        scheduled = put_scheduled(documents, world)
    world.book.fault("delay", calls=WRITE, skip=1, delay_s=1.0)
    worker = world.worker()
    world.book.await_faults()
    wanted_id = world.ann.start_run(other["id"])["id"]
    assert worker.wait(90) == 0, world.log()
    long, wanted = world.ann.run(scheduled.id), world.ann.run(wanted_id)
    assert [long["status"], wanted["status"]] == ["completed", "completed"]
    moments = [(moment["event"], moment["note"]) for moment in long["timeline"]]
    assert moments == [
        ("run_created", ""),
        ("run_started", ""),
        ("run_interrupted", "run_yielded"),
        ("run_started", ""),
        ("run_completed", ""),
    ]
    _, _, yielded, again, _ = (moment["at"] for moment in long["timeline"])
    assert yielded <= wanted["started_at"] <= wanted["finished_at"] <= again
    assert long["counts"] | {"orders": 950, "added": 950, "unchanged": 0} == long["counts"]
    assert long["usage"]["batches"] == wanted["usage"]["batches"] == 4
    assert world.tab_rows() == world.book.rows(other["sheet_id"]) == world.shop.rows()
