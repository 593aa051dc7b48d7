"""A tenant with an endpoint, and the part of the backend that tells it, at whatever time it is made to be."""

import uuid
from datetime import timedelta

from google.cloud import firestore

from backend.admin import ensure_queues
from backend.clock import utc_now
from backend.notifications.delivery import Delivery
from backend.notifications.model import Notification, NotificationStatus
from backend.notifications.outbox import Outbox
from backend.notifications.post import Post
from backend.notifications.repository import NotificationRepository
from backend.notifications.service import NotificationService
from backend.notifications.tasks import NotificationTasks
from backend.runs.everywhere import Everywhere
from backend.runs.model import Run, RunStatus, Trigger, new_run
from backend.runs.queues import NOTIFY, queues_parent
from backend.runs.repository import RunRepository
from backend.sealing import Sealer
from backend.tasks import BackendTasks, tasks_client
from backend.tick.budget import Budget
from backend.tick.unsent import Unsent
from tests.contract.worker import Worker

PATH = "/hook"


class Desk:
    def __init__(self, db: firestore.Client, *, tasks_address: str, receiver: Worker) -> None:
        self.now = utc_now()
        self.tenant_id = f"ten_{uuid.uuid4().hex[:12]}"
        self.url = receiver.url + PATH
        self.receiver = receiver
        self.runs = RunRepository(db)
        self._client = tasks_client(tasks_address)
        self._parent = queues_parent(f"project-{uuid.uuid4().hex[:8]}", "europe-west1")
        ensure_queues(self._client, parent=self._parent)
        self._client.pause_queue(name=self._queue)
        nowhere = {"public_url": "http://127.0.0.1:1", "service_account": "tasks@project.iam.gserviceaccount.com"}
        tasks = NotificationTasks(BackendTasks(self._client, parent=self._parent, timeout_s=5.0, **nowhere))
        sealer = Sealer(bytes(32))
        self.repository = NotificationRepository(db)
        self.outbox = Outbox(self.repository, tasks, large_from_rows=1)
        self.service = NotificationService(self.repository, sealer=sealer, loopback=True, clock=lambda: self.now)
        post = Post(timeout_s=2.0, loopback=True)
        self.delivery = Delivery(self.repository, tasks, post=post, sealer=sealer, clock=lambda: self.now)
        self._unsent = Unsent(Everywhere(db), tasks)

    @property
    def _queue(self) -> str:
        return f"{self._parent}/queues/{NOTIFY.name}"

    def large_run(self, *, cause: str = "key:1") -> Run:
        """One that a worker is at, and that has written a row."""
        made = new_run(
            tenant_id=self.tenant_id,
            automation_id="aut_1",
            connection_id="con_1",
            trigger=Trigger.MANUAL,
            cause=cause,
            at=self.now,
        )
        self.runs.create(made)
        taken = self.runs.take_up(made, epoch=1, at=self.now)
        return taken.model_copy(update={"counts": taken.counts.model_copy(update={"added": 1})})

    def finish(self, run: Run) -> None:
        with self.outbox.end_of(run, RunStatus.COMPLETED, error=None, at=self.now) as along:
            self.runs.finish(run, epoch=1, at=self.now, status=RunStatus.COMPLETED, along=along)

    def notification(self) -> Notification:
        """The newest one."""
        (found, *_), _more = self.service.page(self.tenant_id, limit=1, after=None)
        return found

    def attempt(self, answer: int) -> NotificationStatus | None:
        """The next attempt, made when it is due; the receiver answers so."""
        notification = self.notification()
        self.now = max(self.now, notification.next_attempt_at or self.now)
        self.receiver.answers[PATH] = [answer]
        return self.delivery.attempt(self.tenant_id, notification.id, number=notification.attempts)

    def tick(self) -> int:
        return self._unsent(Budget(at=self.now, seconds=10.0, clock=lambda: self.now))

    def tasks(self) -> int:
        """How many wait in the queue."""
        return len(list(self._client.list_tasks(parent=self._queue)))

    def lose_tasks(self) -> None:
        self._client.purge_queue(name=self._queue)

    def pass_time(self, **units: float) -> None:
        self.now += timedelta(**units)
