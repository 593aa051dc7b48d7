"""Several backends that tick at the same time, over the same automations."""

from tests.contract.tick.race import INSTANT, race
from tests.contract.tick.services import Services

AUTOMATIONS = 300
"""`python -m tests.contract.tick` takes 5,000."""


def test_each_due_automation_is_claimed_once(services: Services) -> None:
    """Whichever of three backends comes first, an instant makes one run, and its task is enqueued."""
    ran = race(services, automations=AUTOMATIONS, backends=3)
    found = [snapshot.to_dict() or {} for snapshot in services.documents.collection_group("runs").stream()]
    runs = [run for run in found if run.get("scheduled_for") == INSTANT]
    assert ran.total == len(runs) == AUTOMATIONS
    assert len({run["automation_id"] for run in runs}) == AUTOMATIONS
    enqueued = services.task_names()
    assert all(sum(run["id"] in name for name in enqueued) == 1 for run in runs)
