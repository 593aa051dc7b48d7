"""How the service stops, and what the next one finds."""

import signal
import threading

import pytest
from google.api_core.exceptions import AlreadyExists

from infra.local.tasks.server import start
from tests.contract.tasks.cloud import Cloud
from tests.contract.tasks.conftest import StartProcess
from tests.contract.worker import Worker


def test_stopped_service_leaves_no_thread(identity: str, worker: Worker) -> None:
    """stop() joins what start() began, also while a worker does not answer, and may be called twice."""
    before = set(threading.enumerate())
    worker.gates["/unanswered"] = threading.Event()
    service = start(identity=identity)
    cloud = Cloud(service.address, worker)
    cloud.task(cloud.queue("q"), "/unanswered")
    worker.wait_for("/unanswered")
    cloud.close()
    service.stop()
    service.stop()
    worker.gates["/unanswered"].set()
    ours = ("tasks-", "CloudTasks-")
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith(ours)]


def test_acknowledged_tasks_survive_kill_minus_nine(start_process: StartProcess, worker: Worker) -> None:
    """The next process on the state sends again what was in flight, sends what waited, and knows taken names."""
    worker.gates["/killed/1"] = threading.Event()
    process = start_process()
    cloud = Cloud(process.address, worker)
    queue = cloud.queue("killed", rate_limits={"max_concurrent_dispatches": 1})
    cloud.task(queue, "/killed/0", name=f"{queue}/tasks/t0")
    worker.wait_for("/killed/0")
    cloud.task(queue, "/killed/1", name=f"{queue}/tasks/t1")
    worker.wait_for("/killed/1")
    cloud.task(queue, "/killed/2", name=f"{queue}/tasks/t2")
    cloud.close()
    process.end(signal.SIGKILL)
    worker.gates["/killed/1"].set()

    process = start_process()
    cloud = Cloud(process.address, worker)
    worker.wait_for("/killed/2")
    cloud.wait_until_gone(queue)
    assert [len(worker.at(f"/killed/{index}")) for index in range(3)] == [1, 2, 1]
    with pytest.raises(AlreadyExists):
        cloud.task(queue, "/killed/0", name=f"{queue}/tasks/t0")
    cloud.close()
    assert process.end(signal.SIGTERM) == 0
