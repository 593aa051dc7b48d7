"""Many automations that come due at once, and several backends that tick at the same time until none is due."""

from dataclasses import dataclass
from datetime import timedelta

from backend.automations.model import Automation, Configuration
from backend.clock import utc_now
from backend.runs.everywhere import Everywhere
from tests.contract.tick.services import Services

TENANTS = 50
BATCH = 250
INSTANT = utc_now().replace(second=0, microsecond=0) - timedelta(hours=3)


@dataclass(frozen=True)
class Race:
    """`started` holds one list a round: the runs that each backend started."""

    started: list[list[int]]

    @property
    def total(self) -> int:
        return sum(map(sum, self.started))


def race(services: Services, *, automations: int, backends: int) -> Race:
    _write(services, [_automation(number) for number in range(automations)])
    started: list[list[int]] = []
    due = Everywhere(services.documents)
    while next(due.due_automations(at=utc_now()), None):
        started.append(services.tick_at_once(backends))
        assert any(started[-1])
    return Race(started)


def _automation(number: int) -> Automation:
    configuration = {
        "name": f"Automation {number}",
        "connection_id": f"con_{number % TENANTS}",
        "destination": {"spreadsheet_id": f"sheet-{number}"},
        "columns": [{"key": "order_name", "header": "Order", "type": "text"}],
        "schedule": {"cron": "0 0 1 1 *"},
    }
    return Automation(
        id=f"aut_{number}",
        tenant_id=f"ten_{number % TENANTS}",
        configuration=Configuration.model_validate(configuration),
        sheet_id=1,
        created_at=INSTANT,
        updated_at=INSTANT,
        next_run_at=INSTANT,
    )


def _write(services: Services, automations: list[Automation]) -> None:
    for start in range(0, len(automations), BATCH):
        batch = services.documents.batch()
        for each in automations[start : start + BATCH]:
            document = services.documents.document(f"tenants/{each.tenant_id}/automations/{each.id}")
            batch.set(document, each.model_dump())
        batch.commit()
