"""A backend at whatever time it is told, and a worker's view of the same documents."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from backend.app import create_app
from backend.automations.model import Automation, Configuration
from backend.automations.repository import AutomationRepository
from backend.changes.model import Change, Delivery, Resource
from backend.changes.repository import ChangeRepository
from backend.clock import utc_now
from backend.runs.lanes import LaneRepository, Lease
from backend.runs.model import Run, Trigger, new_run
from backend.runs.repository import RunRepository
from backend.settings import Settings
from backend.tick_job import TICK_PATH
from tests.contract.tick.services import SCHEDULER, TASKS, Services

LEASE_S = 60.0


class Backend:
    def __init__(self, services: Services, settings: Settings) -> None:
        self._services = services
        self.tenant_lanes = settings.tenant_lanes
        self.now = utc_now()
        self._app = create_app(settings, clock=lambda: self.now)
        self.db = services.documents
        self.lanes = LaneRepository(services.documents, tenant_lanes=settings.tenant_lanes)
        self.runs = RunRepository(services.documents)
        self.automations = AutomationRepository(services.documents)

    def pass_time(self, **units: float) -> datetime:
        self.now += timedelta(**units)
        return self.now

    def tick(self) -> None:
        self._post(TICK_PATH, caller=SCHEDULER)

    def dispatch(self, run: Run) -> str:
        """As Cloud Tasks calls for the run's lane; what came of it."""
        path = f"/v1/internal/lanes/{run.connection_id}/dispatch"
        return str(self._post(path, caller=TASKS, tenant_id=run.tenant_id)["outcome"])

    def _post(self, path: str, *, caller: str, **body: str) -> Any:
        headers = {"Authorization": f"Bearer {self._services.token(caller)}"}
        answer = self._app.test_client().post(path, headers=headers, json=body or None)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def automation(self) -> Automation:
        """Of a tenant and a connection of its own; it runs by hand."""
        mark = uuid.uuid4().hex[:12]
        configuration = {
            "name": "Orders",
            "connection_id": f"con_{mark}",
            "destination": {"spreadsheet_id": f"sheet-{mark}"},
            "columns": [{"key": "order_name", "header": "Order", "type": "text"}],
            "on_change": False,
        }
        wanted = Automation(
            id=f"aut_{mark}",
            tenant_id=f"ten_{mark}",
            configuration=Configuration.model_validate(configuration),
            sheet_id=1,
            created_at=self.now,
            updated_at=self.now,
        )
        created, _ = self.automations.create(wanted, guard=lambda _transaction: None)
        return created

    def written_run(self, automation: Automation) -> Run:
        """As a backend leaves it that dies right after it has written it."""
        run = new_run(
            tenant_id=automation.tenant_id,
            automation_id=automation.id,
            connection_id=automation.configuration.connection_id,
            trigger=Trigger.SCHEDULE,
            cause="schedule:now",
            at=self.now,
        )
        return self.runs.create(run)[0]

    def run(self, run: Run) -> Run:
        """As it is by now."""
        return self.runs.get(run.tenant_id, run.id)

    def take_up(self, run: Run) -> Lease:
        """As a worker does it."""
        self.lanes.announce(run.connection_id, tenant_id=run.tenant_id, at=self.now)
        lease = self.lanes.take(run.connection_id, holder="worker", at=self.now, lease_s=LEASE_S)
        assert lease is not None
        self.runs.take_up(run, epoch=lease.epoch, at=self.now)
        return lease

    def note_change(self, automation: Automation) -> None:
        """As the ingress leaves it that dies before it enqueues the task."""
        change = Change(
            connection_id=automation.configuration.connection_id,
            resource=Resource.ORDER,
            resource_id="1",
            topic="orders/updated",
            triggered_at=self.now,
            noted_at=self.now,
        )
        delivery = Delivery(key="shopify:1", topic="orders/updated", received_at=self.now, expires_at=self.now)
        assert ChangeRepository(self.db).note(automation.tenant_id, delivery, change, timeout_s=5.0)

    def has_task(self, start: str) -> bool:
        return any(name.rpartition("/")[2].startswith(start) for name in self._services.task_names())

    def calls(self, run: Run) -> int:
        """How often a worker was called for the run's lane."""
        return sum(run.connection_id in name for name in self._services.task_names())
