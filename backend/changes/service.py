"""Turning what webhooks reported into runs."""

from collections.abc import Sequence

import structlog

from backend.automations.model import Attention
from backend.automations.repository import AutomationRepository
from backend.changes.model import Resource, cause_of
from backend.changes.repository import ChangeRepository, Note
from backend.clock import Clock
from backend.connections.repository import ConnectionRepository
from backend.errors import ConnectionRefused, NotFound
from backend.notifications.outbox import Outbox
from backend.runs.model import MAX_NAMED_ORDERS
from backend.runs.service import RunService

MAX_ROUNDS = 10
"""A task is short; what is left after so many runs' worth of changes is taken by the next one, or the sweep."""
_log = structlog.get_logger()


class ChangeService:
    def __init__(
        self,
        changes: ChangeRepository,
        *,
        connections: ConnectionRepository,
        automations: AutomationRepository,
        outbox: Outbox,
        runs: RunService,
        clock: Clock,
    ) -> None:
        self._changes = changes
        self._connections = connections
        self._automations = automations
        self._outbox = outbox
        self._runs = runs
        self._clock = clock

    def take(self, tenant_id: str, connection_id: str) -> int:
        """Make runs of the connection's changes; how many changes those were.

        The runs first, and the changes forgotten after: a crash in between makes the same run, or one that finds
        nothing to do.
        """
        taken = 0
        for _ in range(MAX_ROUNDS):
            notes = self._changes.waiting(tenant_id, connection_id, limit=MAX_NAMED_ORDERS)
            self._act_on(tenant_id, connection_id, notes)
            self._changes.forget(tenant_id, notes)
            taken += len(notes)
            if len(notes) < MAX_NAMED_ORDERS:
                break
        _log.info("changes_taken", lane=connection_id, changes=taken)
        return taken

    def _act_on(self, tenant_id: str, connection_id: str, notes: Sequence[Note]) -> None:
        orders = [note for note in notes if note.change.resource is Resource.ORDER]
        if orders:
            order_ids = [note.change.resource_id for note in orders]
            cause = cause_of(note.identity for note in orders)
            for automation in self._automations.following(tenant_id, connection_id):
                self._runs.bring_orders(automation, order_ids, cause=cause)
        for note in notes:
            if note.change.resource is Resource.SHOP:
                self._refuse(tenant_id, connection_id, note)

    def _refuse(self, tenant_id: str, connection_id: str, note: Note) -> None:
        """The shop has removed the app, unless it was connected again since."""
        try:
            connection = self._connections.get(tenant_id, connection_id)
        except NotFound:
            return
        if connection.updated_at > note.change.triggered_at:
            return
        self._connections.mark_refused(tenant_id, connection_id)
        told = ConnectionRefused("The app was removed from the shop. Connect the shop again, then resume.")
        attention = Attention(code=told.code, message=told.message, action=told.action, since=self._clock())
        for automation in self._automations.of_connection(tenant_id, connection_id):
            with self._outbox.stop_of(automation, attention) as along:
                self._automations.need_attention(automation, attention, along=along)
        _log.warning("app_uninstalled", lane=connection_id)
