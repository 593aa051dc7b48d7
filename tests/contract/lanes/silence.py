from google.cloud import firestore

from backend.notifications.outbox import Outbox
from backend.notifications.repository import NotificationRepository
from backend.notifications.tasks import NotificationTasks
from backend.tasks import BackendTasks, tasks_client


def outbox(db: firestore.Client) -> Outbox:
    """Of tenants that have no endpoint: nothing is ever enqueued."""
    nowhere = "127.0.0.1:1"
    tasks = BackendTasks(
        tasks_client(nowhere), parent="", public_url=f"http://{nowhere}", service_account="", timeout_s=1.0
    )
    return Outbox(NotificationRepository(db), NotificationTasks(tasks), large_from_rows=1)
