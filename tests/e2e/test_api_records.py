"""What runs write into an automation, while people change it through the API."""

from typing import Any

import pytest
from google.cloud import firestore

from backend.automations.model import Attention, Automation, Progress
from backend.automations.repository import AutomationRepository
from backend.clock import utc_now
from infra.local.demo.merchant import Merchant
from tests.e2e.automations import any_automation


@pytest.fixture
def automations(documents: firestore.Client) -> AutomationRepository:
    return AutomationRepository(documents)


@pytest.fixture
def seen(merchant: Merchant, automations: AutomationRepository) -> Automation:
    """An automation as a run took it up."""
    return automations.get(merchant.tenant_id, any_automation(merchant)["id"])


def change(merchant: Merchant, seen: Automation, **changes: Any) -> None:
    answer = merchant.http.patch(f"/v1/automations/{seen.id}", json={"version": seen.version} | changes)
    assert answer.status_code == 200, answer.text


def progress() -> Progress:
    return Progress(watermark=utc_now(), fingerprint="fingerprint")


def test_progress_survives_a_change_of_the_configuration(
    merchant: Merchant, automations: AutomationRepository, seen: Automation
) -> None:
    """Neither the run nor the merchant overwrites what the other wrote."""
    change(merchant, seen, name="Renamed meanwhile")
    recorded = progress()
    assert automations.record_progress(seen, recorded)
    now = automations.get(seen.tenant_id, seen.id)
    assert (now.configuration.name, now.progress) == ("Renamed meanwhile", recorded)


def test_progress_with_another_tab_is_not_recorded(
    merchant: Merchant, automations: AutomationRepository, seen: Automation
) -> None:
    """What a run did in the old tab says nothing about the new one."""
    change(merchant, seen, destination={"spreadsheet_id": "another-spreadsheet-of-the-merchant"})
    assert not automations.record_progress(seen, progress())
    assert automations.get(seen.tenant_id, seen.id).progress == Progress()


def test_deleted_automation_stays_deleted(
    merchant: Merchant, automations: AutomationRepository, seen: Automation
) -> None:
    """A run that ends after its automation brings nothing back."""
    assert merchant.http.delete(f"/v1/automations/{seen.id}").status_code == 204
    assert not automations.record_progress(seen, progress())
    assert merchant.http.get(f"/v1/automations/{seen.id}").status_code == 404


def test_complaint_about_an_old_configuration_is_dropped(
    merchant: Merchant, automations: AutomationRepository, seen: Automation
) -> None:
    """What a run found wrong may be what the merchant has just put right."""
    change(merchant, seen, name="Put right")
    attention = Attention(code="column_gone", message="A column was deleted.", since=utc_now())
    assert not automations.need_attention(seen, attention)
    assert merchant.http.get(f"/v1/automations/{seen.id}").json()["status"] == "active"
