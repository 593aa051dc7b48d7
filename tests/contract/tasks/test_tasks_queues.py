"""What a queue allows, and the calls that manage it and its tasks."""

import threading
import time

import pytest
from google.api_core.exceptions import AlreadyExists, NotFound
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from tests.contract.still_clock import Clock
from tests.contract.tasks.cloud import LOCATION, Cloud


def test_paused_queue_holds_its_tasks(cloud: Cloud) -> None:
    """Nothing leaves a paused queue until it is resumed."""
    queue, other = cloud.queue("paused"), cloud.queue("paused-barrier")
    assert cloud.client.pause_queue(name=queue).state.name == "PAUSED"
    cloud.task(queue, "/paused")
    cloud.barrier(other)
    assert cloud.worker.at("/paused") == []
    cloud.client.resume_queue(name=queue)
    cloud.worker.wait_for("/paused")


def test_run_task_sends_at_once(cloud: Cloud) -> None:
    """RunTask ignores that the queue is paused and the task is for later."""
    queue = cloud.queue("forced")
    cloud.client.pause_queue(name=queue)
    task = cloud.task(queue, "/forced", schedule_time=Timestamp(seconds=int(time.time()) + 3600))
    assert cloud.client.run_task(name=task.name).dispatch_count == 1
    cloud.worker.wait_for("/forced")
    cloud.wait_until_gone(queue)


def test_purged_queue_is_empty(cloud: Cloud) -> None:
    """PurgeQueue removes every task and keeps the queue."""
    queue = cloud.queue("purged")
    cloud.client.pause_queue(name=queue)
    for _ in range(3):
        cloud.task(queue, "/purged")
    assert cloud.client.purge_queue(name=queue).purge_time.timestamp() > 0
    assert list(cloud.client.list_tasks(parent=queue)) == []


def test_deleted_queue_is_gone_with_its_tasks(cloud: Cloud) -> None:
    """Neither the queue nor a task of it can be found."""
    queue = cloud.queue("doomed")
    cloud.client.pause_queue(name=queue)
    task = cloud.task(queue, "/doomed")
    cloud.client.delete_queue(name=queue)
    with pytest.raises(NotFound):
        cloud.client.get_queue(name=queue)
    with pytest.raises(NotFound):
        cloud.client.get_task(name=task.name)
    with pytest.raises(NotFound):
        cloud.task(queue, "/doomed")


def test_tasks_are_listed_page_by_page(cloud: Cloud) -> None:
    """Every task is listed once over several pages, without its body."""
    queue = cloud.queue("pages")
    cloud.client.pause_queue(name=queue)
    created = {cloud.task(queue, "/pages", http_request={"body": b"x"}).name for _ in range(5)}
    pager = cloud.client.list_tasks(request={"parent": queue, "page_size": 2})
    pages = [list(page.tasks) for page in pager.pages]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {task.name for page in pages for task in page} == created
    assert {task.http_request.body for page in pages for task in page} == {b""}


def test_full_view_shows_the_body(cloud: Cloud) -> None:
    """GetTask gives the body when asked for the full view only."""
    queue = cloud.queue("views")
    cloud.client.pause_queue(name=queue)
    name = cloud.task(queue, "/views", http_request={"body": b"secret"}).name
    assert cloud.client.get_task(name=name).http_request.body == b""
    assert cloud.client.get_task(request={"name": name, "response_view": "FULL"}).http_request.body == b"secret"


def test_queue_gets_the_defaults_of_the_service(cloud: Cloud) -> None:
    """What is not set is what Cloud Tasks would pick."""
    queue = cloud.client.get_queue(name=cloud.queue("defaults"))
    limits, retry = queue.rate_limits, queue.retry_config
    assert (limits.max_dispatches_per_second, limits.max_burst_size, limits.max_concurrent_dispatches) == (
        500,
        100,
        1000,
    )
    assert (retry.max_attempts, retry.max_doublings) == (100, 16)
    assert (retry.min_backoff.total_seconds(), retry.max_backoff.total_seconds()) == (0.1, 3600)


def test_update_queue_changes_what_the_mask_names(cloud: Cloud) -> None:
    """A masked update leaves the other settings and the state alone."""
    name = cloud.queue("masked", rate_limits={"max_concurrent_dispatches": 7})
    cloud.client.pause_queue(name=name)
    updated = cloud.client.update_queue(
        queue={"name": name, "rate_limits": {"max_dispatches_per_second": 3}, "retry_config": {"max_attempts": 9}},
        update_mask=FieldMask(paths=["rate_limits.max_dispatches_per_second"]),
    )
    assert (updated.rate_limits.max_dispatches_per_second, updated.rate_limits.max_concurrent_dispatches) == (3, 7)
    assert updated.retry_config.max_attempts == 100
    assert updated.state.name == "PAUSED"


def test_update_creates_a_missing_queue(cloud: Cloud) -> None:
    """UpdateQueue of a queue that is not there makes it, and creating it again is refused."""
    name = f"{LOCATION}/queues/upserted"
    assert cloud.client.update_queue(queue={"name": name}).state.name == "RUNNING"
    assert name in {queue.name for queue in cloud.client.list_queues(parent=LOCATION)}
    with pytest.raises(AlreadyExists):
        cloud.queue("upserted")


def test_name_is_taken_while_the_task_waits_and_after_it_ran(still_cloud: Cloud, clock: Clock) -> None:
    """A name can be used again about an hour after its task is gone, not before."""
    queue = still_cloud.queue("named")
    name = f"{queue}/tasks/run_2026-11-21"
    still_cloud.client.pause_queue(name=queue)
    still_cloud.task(queue, "/named", name=name)
    with pytest.raises(AlreadyExists):
        still_cloud.task(queue, "/named", name=name)
    still_cloud.client.resume_queue(name=queue)
    still_cloud.worker.wait_for("/named")
    still_cloud.wait_until_gone(queue)
    with pytest.raises(AlreadyExists):
        still_cloud.task(queue, "/named", name=name)
    clock.now_s += 3601
    still_cloud.task(queue, "/named", name=name)
    still_cloud.worker.wait_for("/named", count=2)


def test_name_of_a_deleted_task_stays_taken(cloud: Cloud) -> None:
    """Deleting a task does not free its name at once."""
    queue = cloud.queue("deleted")
    cloud.client.pause_queue(name=queue)
    task = cloud.task(queue, "/deleted", name=f"{queue}/tasks/once")
    cloud.client.delete_task(name=task.name)
    with pytest.raises(NotFound):
        cloud.client.get_task(name=task.name)
    with pytest.raises(AlreadyExists):
        cloud.task(queue, "/deleted", name=task.name)


def test_no_more_run_at_once_than_the_queue_allows(cloud: Cloud) -> None:
    """With max_concurrent_dispatches 2 the third waits until one of the first is answered."""
    gate = cloud.worker.gates["/narrow"] = threading.Event()
    queue = cloud.queue("narrow", rate_limits={"max_concurrent_dispatches": 2})
    wide = cloud.queue("narrow-barrier")
    for _ in range(5):
        cloud.task(queue, "/narrow")
    cloud.worker.wait_for("/narrow", count=2)
    cloud.barrier(wide)
    assert len(cloud.worker.at("/narrow")) == 2
    gate.set()
    cloud.worker.wait_for("/narrow", count=5)


def test_no_faster_than_the_queue_allows(still_cloud: Cloud, clock: Clock) -> None:
    """A queue of 2 a second sends its burst of 2, and one more for each half second that passes."""
    queue = still_cloud.queue("slow", rate_limits={"max_dispatches_per_second": 2.0})
    wide = still_cloud.queue("slow-barrier")
    for _ in range(4):
        still_cloud.task(queue, "/slow")
    still_cloud.worker.wait_for("/slow", count=2)
    still_cloud.barrier(wide)
    assert len(still_cloud.worker.at("/slow")) == 2
    clock.now_s += 0.5
    still_cloud.worker.wait_for("/slow", count=3)
    still_cloud.barrier(wide)
    assert len(still_cloud.worker.at("/slow")) == 3
