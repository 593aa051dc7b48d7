"""How the service stops, and what the next one finds."""

import signal
import threading
from pathlib import Path

from google.cloud.scheduler_v1.types import Job

from infra.local.scheduler.server import start
from tests.contract.scheduler.cloud import EVERY_MINUTE, Cloud
from tests.contract.service_process import ServiceProcess
from tests.contract.still_clock import Clock
from tests.contract.worker import Worker


def test_stopped_service_leaves_no_thread(identity: str, worker: Worker) -> None:
    """stop() joins what start() began, also while a target does not answer, and may be called twice."""
    before = set(threading.enumerate())
    worker.gates["/s-unanswered"] = threading.Event()
    service = start(identity=identity)
    cloud = Cloud(service.address, worker)
    cloud.run("/s-unanswered")
    cloud.close()
    service.stop()
    service.stop()
    worker.gates["/s-unanswered"].set()
    ours = ("scheduler-", "CloudScheduler-")
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith(ours)]


def test_acknowledged_jobs_survive_kill_minus_nine(tmp_path: Path, identity: str, worker: Worker) -> None:
    """The next process on the state has each job as it was answered, paused ones too, and fires them."""
    process = ServiceProcess("scheduler", tmp_path, identity=identity)
    cloud = Cloud(process.address, worker)
    kept = cloud.get(cloud.job("/s-kept", description="kept"))
    paused = cloud.client.pause_job(name=cloud.job("/s-asleep"))
    cloud.close()
    process.end(signal.SIGKILL)

    process = ServiceProcess("scheduler", tmp_path, identity=identity)
    cloud = Cloud(process.address, worker)
    assert cloud.get(kept.name) == kept
    assert cloud.get(paused.name).state == Job.State.PAUSED
    cloud.client.run_job(name=kept.name)
    worker.wait_for("/s-kept")
    cloud.close()
    assert process.end(signal.SIGTERM) == 0


def test_minutes_missed_while_the_service_was_down_are_not_made_up_for(
    tmp_path: Path, identity: str, worker: Worker, clock: Clock
) -> None:
    """The schedule goes on at the next minute."""
    service = start(identity=identity, state=tmp_path, clock=clock)
    cloud = Cloud(service.address, worker)
    name = cloud.job("/s-missed", schedule=EVERY_MINUTE)
    cloud.close()
    service.stop()
    clock.now_s += 3600
    service = start(identity=identity, state=tmp_path, clock=clock)
    cloud = Cloud(service.address, worker)
    cloud.barrier("/s-missed-after")
    assert worker.at("/s-missed") == []
    assert cloud.get(name).schedule_time.timestamp() == clock.now_s + 60
    cloud.close()
    service.stop()
