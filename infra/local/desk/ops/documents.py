"""What Firestore tells whoever runs it: lanes, runs, what is due, budgets, notifications. Reads, and never writes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

Row = dict[str, Any]
AT_MOST = 100
ENDED_AT_MOST = 30
ENDED_SINCE = timedelta(days=1)
DUE_WITHIN = timedelta(hours=1)
NOTIFICATIONS_KEPT = timedelta(days=30)
OPEN = ("running", "pending")
ENDED = ("completed", "failed", "cancelled")
STARTING = "a job that starts"
CALL: dict[str, Any] = {"timeout": 5.0, "retry": None}
"""The page asks again anyway."""


class Documents:
    """Everything is as of `at`; each list has at most AT_MOST rows."""

    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def lanes(self, at: datetime) -> list[Row]:
        """Those that are held first, then those in which somebody waits, the longest first."""
        lanes = self._db.collection("lanes")
        held = lanes.where(filter=FieldFilter("expires_at", ">", at)).order_by("expires_at")
        waiting = lanes.where(filter=FieldFilter("waiting_since", "<=", at)).order_by("waiting_since")
        found = {each.id: each for query in (held, waiting) for each in query.limit(AT_MOST).stream(**CALL)}
        rows = [
            {
                "connection_id": each.id,
                "state": _lane_state(each, at),
                **_kept(each, "tenant_id holder heartbeat_at expires_at waiting_since person_waiting_since"),
            }
            for each in list(found.values())[:AT_MOST]
        ]
        return self._named(rows, "shop", "connections", key="connection_id", field="shop_domain")

    def runs(self, at: datetime) -> list[Row]:
        """The open ones, then the newest of those that were made within a day."""
        everywhere = self._db.collection_group("runs")
        found = []
        for status in OPEN:
            query = everywhere.where(filter=FieldFilter("status", "==", status)).order_by("created_at")
            found += list(query.limit(AT_MOST).stream(**CALL))
        ended = []
        for status in ENDED:
            query = everywhere.where(filter=FieldFilter("status", "==", status)).order_by("created_at")
            recent = query.where(filter=FieldFilter("created_at", ">", at - ENDED_SINCE))
            counted: Any = recent.count().get(**CALL)
            ((count,),) = counted
            ended += list(recent.offset(max(0, int(count.value) - ENDED_AT_MOST)).stream(**CALL))
        found += sorted(ended, key=lambda each: each.get("created_at"), reverse=True)[:ENDED_AT_MOST]
        kept = (
            "id tenant_id automation_id kind trigger status attempt created_at started_at finished_at rests_until "
            "cancel_requested counts expected_orders error"
        )
        return self._named([_kept(each, kept) for each in found], "automation", "automations", key="automation_id")

    def due_automations(self, at: datetime) -> list[Row]:
        """Those whose instant comes within an hour, or has come."""
        query = self._db.collection_group("automations").where(filter=FieldFilter("next_run_at", "<=", at + DUE_WITHIN))
        found = query.order_by("next_run_at").limit(AT_MOST).stream(**CALL)
        kept = "id tenant_id next_run_at scheduler_locked_until"
        return [{"automation": each.get("configuration.name"), **_kept(each, kept)} for each in found]

    def budgets(self, at: datetime) -> list[Row]:
        """What Google counts against each quota, as the jobs keep book of it: the calls of a minute."""
        found = self._db.collection("budgets").limit(AT_MOST).stream(**CALL)
        return [_budget(each.id, each.to_dict() or {}, at) for each in found]

    def notifications(self, at: datetime) -> list[Row]:
        """Those that have not arrived and are tried again; those that were given up no query finds in all tenants."""
        on_their_way = FieldFilter("next_attempt_at", ">", at - NOTIFICATIONS_KEPT)
        query = self._db.collection_group("notifications").where(filter=on_their_way).order_by("next_attempt_at")
        kept = "id tenant_id topic created_at attempts next_attempt_at problem"
        return [_kept(each, kept) for each in query.limit(AT_MOST).stream(**CALL)]

    def _named(
        self, rows: Sequence[Row], name: str, collection: str, *, key: str, field: str = "configuration.name"
    ) -> list[Row]:
        """With the names that people know them by; what is gone has none."""
        tenants = self._db.collection("tenants")
        wanted = list({tenants.document(row["tenant_id"]).collection(collection).document(row[key]) for row in rows})
        found: Iterable[Any] = self._db.get_all(wanted, field_paths=[field], **CALL) if wanted else ()
        names = {each.id: each.get(field) for each in found if each.exists}
        return [{**row, name: names.get(row[key])} for row in rows]


def _kept(snapshot: Any, fields: str) -> Row:
    document = snapshot.to_dict()
    return {field: document.get(field) for field in fields.split()}


def _lane_state(snapshot: Any, at: datetime) -> str:
    lane = snapshot.to_dict()
    if not lane.get("expires_at") or lane["expires_at"] <= at:
        return "waiting"
    return "starting" if lane["holder"] == STARTING else "held"


def _budget(ledger_id: str, ledger: Row, at: datetime) -> Row:
    scope, _, rest = ledger_id.partition(":")
    closed_until = ledger.get("closed_until")
    return {
        "scope": scope,
        "whose": rest.rpartition(":")[0],
        "calls": rest.rpartition(":")[2],
        "taken": sum(each["calls"] for each in ledger["taken"] if each["until"] > at),
        "waiting": len(ledger["waiting"]),
        "closed_until": closed_until if closed_until and closed_until > at else None,
    }
