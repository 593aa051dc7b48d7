"""Every query that goes across tenants: for the tick, which looks for what nobody asks about, and for those who serve
all lanes in turn.

All else names its tenant. What lies in the tenants needs an index of scope COLLECTION_GROUP (firestore.indexes.json).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

import structlog
from google.api_core.exceptions import ServiceUnavailable
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import BaseModel, ValidationError

from backend.automations.model import Automation
from backend.connections.model import Connection
from backend.notifications.model import Notification
from backend.runs.lanes import LaneState
from backend.runs.model import Run, RunStatus

Document = TypeVar("Document", bound=BaseModel)
MAX_WAITING_LANES = 1_000
QUERY_S = 60.0
RETRY_S = 2.0
"""The client's own 300 would outlast the tick by far, and the next tick asks again."""
_log = structlog.get_logger()


class Everywhere:
    """Documents come as they are found, the longest waiting first, for as long as the caller asks on."""

    def __init__(self, db: firestore.Client) -> None:
        self._db = db
        self._patience: dict[str, Any] = {
            "retry": Retry(predicate=if_exception_type(ServiceUnavailable), timeout=RETRY_S),
            "timeout": QUERY_S,
        }

    def due_automations(self, *, at: datetime) -> Iterator[Automation]:
        """Those whose instant has come; only active ones have one."""
        query = self._db.collection_group("automations").where(filter=FieldFilter("next_run_at", "<=", at))
        return self._stream(query.order_by("next_run_at"), Automation)

    def waiting_runs(self, *, since: datetime) -> Iterator[Run]:
        """Pending, and made before then."""
        query = self._runs(RunStatus.PENDING).where(filter=FieldFilter("created_at", "<=", since))
        return self._stream(query.order_by("created_at"), Run)

    def silent_runs(self, *, since: datetime) -> Iterator[Run]:
        """Running, and without a sign of life since then."""
        query = self._runs(RunStatus.RUNNING).where(filter=FieldFilter("heartbeat_at", "<=", since))
        return self._stream(query.order_by("heartbeat_at"), Run)

    def held_lanes(self, *, at: datetime) -> list[LaneState]:
        """By a worker, or for a job that starts."""
        query = self._db.collection("lanes").where(filter=FieldFilter("expires_at", ">", at))
        return [LaneState.of(snapshot) for snapshot in query.stream()]

    def waiting_lanes(self, *, at: datetime, person: bool = False) -> Iterator[LaneState]:
        """All, or those in which a person's run waits; also those whose runs are being carried out."""
        since = "person_waiting_since" if person else "waiting_since"
        query = self._db.collection("lanes").where(filter=FieldFilter(since, "<=", at))
        return map(LaneState.of, query.order_by(since).limit(MAX_WAITING_LANES).stream())

    def noted_changes(self, *, since: datetime) -> Iterator[tuple[str, str]]:
        """The tenant and the connection of each change that was noted before then, and that no run has taken yet."""
        query = self._db.collection_group("changes").where(filter=FieldFilter("noted_at", "<=", since))
        for found in query.order_by("noted_at").select(["connection_id"]).stream(**self._patience):
            yield found.reference.parent.parent.id, found.get("connection_id")

    def unwatched_connections(self, *, at: datetime) -> Iterator[Connection]:
        """Those whose subscriptions are to be looked at."""
        due = FieldFilter("subscriptions_due_at", "<=", at)
        query = self._db.collection_group("connections").where(filter=due)
        return self._stream(query.order_by("subscriptions_due_at"), Connection)

    def overdue_notifications(self, *, since: datetime) -> Iterator[Notification]:
        """Those of which an attempt should have been made by then; only those on their way have a next one."""
        overdue = FieldFilter("next_attempt_at", "<=", since)
        query = self._db.collection_group("notifications").where(filter=overdue)
        return self._stream(query.order_by("next_attempt_at"), Notification)

    def _runs(self, status: RunStatus) -> Any:
        return self._db.collection_group("runs").where(filter=FieldFilter("status", "==", status))

    def _stream(self, query: Any, kind: type[Document]) -> Iterator[Document]:
        """One document that cannot be read does not stand in the way of all others."""
        for snapshot in query.stream(**self._patience):
            try:
                yield kind.model_validate(snapshot.to_dict())
            except ValidationError as error:
                _log.exception("document_unreadable", path=snapshot.reference.path, detail=str(error))
