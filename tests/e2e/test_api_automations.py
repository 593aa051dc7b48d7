"""Automations through HTTP: created, refused, changed, paused, deleted; one tab, one automation."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from infra.local.demo.merchant import Merchant
from tests.e2e.automations import any_automation, configuration, connect_shop, start_run


def tab(sheet_id: int | None = 7) -> dict[str, Any]:
    return {"spreadsheet_id": f"sheet-{uuid.uuid4().hex}", "sheet_id": sheet_id}


def read(merchant: Merchant, automation: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = merchant.http.get(f"/v1/automations/{automation['id']}").json()
    return shown


def change(merchant: Merchant, automation: dict[str, Any], **changes: Any) -> httpx.Response:
    body = {"version": automation["version"]} | changes
    return merchant.http.patch(f"/v1/automations/{automation['id']}", json=body)


def test_created_automation_can_be_read(merchant: Merchant) -> None:
    """It is active, has a version to name in a change, and an id for the tab that is yet to be made."""
    created = any_automation(merchant)
    assert (created["status"], created["version"], created["attention"]) == ("active", 1, None)
    assert created["sheet_id"] > 0
    assert read(merchant, created) == created
    assert merchant.http.get("/v1/automations").json() == {"automations": [created]}


def test_address_of_a_spreadsheet_is_as_good_as_its_id(merchant: Merchant) -> None:
    """People paste what their browser shows."""
    address = "https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit#gid=0"
    created = any_automation(merchant, destination={"spreadsheet_id": address})
    stored = created["configuration"]["destination"]["spreadsheet_id"]
    assert stored == "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"


def test_each_wrong_field_is_named(merchant: Merchant) -> None:
    """One answer tells all that the catalogue knows better, each by its path."""
    merchant.link_account()
    body = configuration(
        connect_shop(merchant),
        columns=[
            {"key": "order_name", "header": "Order", "type": "text"},
            {"key": "totl", "header": "Total", "type": "money"},
            {"key": "sku", "header": "SKU", "type": "text"},
            {"key": "created_at", "header": "order", "type": "money"},
        ],
        filters=[{"field": "total", "op": "contains", "value": "9"}],
    )
    refused = merchant.http.post("/v1/automations", json=body)
    assert refused.status_code == 422
    fields = refused.json()["fields"]
    assert set(fields) == {"columns.1.key", "columns.2.key", "columns.3.type", "columns.3.header", "filters.0.op"}
    assert "did you mean" in fields["columns.1.key"]


def test_wrong_shape_is_named_as_well(merchant: Merchant) -> None:
    """What the model refuses comes back by the same kind of path."""
    body = configuration("con_0", columns=[{"key": "total", "header": " ", "type": "colour"}], surprise=1)
    body["destination"]["sheet_id"] = -1
    refused = merchant.http.post("/v1/automations", json=body)
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {
        "columns.0.header",
        "columns.0.type",
        "destination.sheet_id",
        "surprise",
    }


def test_automation_needs_a_shop_and_an_account(merchant: Merchant, other_merchant: Merchant) -> None:
    """A shop of someone else is as good as none."""
    foreign = connect_shop(other_merchant)
    refused = merchant.http.post("/v1/automations", json=configuration(foreign))
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"connection_id", "destination.account_id"}


def test_tab_belongs_to_one_automation_in_the_whole_system(merchant: Merchant, other_merchant: Merchant) -> None:
    """Two automations never write one tab; deleting the first frees it."""
    place = tab()
    first = any_automation(merchant, destination=place)
    other_merchant.link_account()
    body = configuration(connect_shop(other_merchant), destination=place)
    refused = other_merchant.http.post("/v1/automations", json=body)
    assert refused.status_code == 409
    assert "someone else" in refused.json()["detail"]
    assert merchant.http.delete(f"/v1/automations/{first['id']}").status_code == 204
    assert other_merchant.http.post("/v1/automations", json=body).status_code == 201


def test_of_many_claims_at_once_one_wins(merchant: Merchant) -> None:
    """The claim holds when requests race for the tab."""
    merchant.link_account()
    body = configuration(connect_shop(merchant), destination=tab())

    def create(_number: int) -> int:
        return merchant.http.post("/v1/automations", json=body).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(create, range(6)))
    assert statuses == [201, 409, 409, 409, 409, 409]
    assert len(merchant.http.get("/v1/automations").json()["automations"]) == 1


def test_repeated_key_makes_one_automation(merchant: Merchant) -> None:
    """A client that did not see the answer may send the request again; another request under the key is refused."""
    merchant.link_account()
    body = configuration(connect_shop(merchant))
    header = {"Idempotency-Key": "first try"}
    first = merchant.http.post("/v1/automations", json=body, headers=header)
    again = merchant.http.post("/v1/automations", json=body, headers=header)
    assert first.json() == again.json()
    other = merchant.http.post("/v1/automations", json=body | {"name": "Other"}, headers=header)
    assert other.status_code == 409


def test_change_names_the_version_it_saw(merchant: Merchant) -> None:
    """Of two people who change it, the later one is told, and what version there is now."""
    created = any_automation(merchant)
    changed = change(merchant, created, name="Renamed")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["configuration"] == created["configuration"] | {"name": "Renamed"}
    late = change(merchant, created, name="Too late")
    assert (late.status_code, late.json()["current_version"]) == (409, 2)
    assert read(merchant, created)["configuration"]["name"] == "Renamed"


def test_change_is_validated_as_a_whole(merchant: Merchant) -> None:
    """A part that fits alone but not with the rest is refused, and nothing changes."""
    created = any_automation(merchant)
    columns = [*created["configuration"]["columns"], {"key": "sku", "header": "SKU", "type": "text"}]
    refused = change(merchant, created, columns=columns)
    assert list(refused.json()["fields"]) == ["columns.2.key"]
    assert read(merchant, created) == created
    assert change(merchant, created, columns=columns, row_mode="line").status_code == 200


def test_options_may_be_chosen_and_changed(merchant: Merchant) -> None:
    """What becomes of long texts, whether formulas are filled down; what is none of the choices is named."""
    created = any_automation(merchant, long_text="refuse")
    assert (created["configuration"]["long_text"], created["configuration"]["fill_down"]) == ("refuse", False)
    changed = change(merchant, created, long_text="cut", fill_down=True).json()
    assert (changed["configuration"]["long_text"], changed["configuration"]["fill_down"]) == ("cut", True)
    refused = change(merchant, changed, long_text="shorten", fill_down=None)
    assert sorted(refused.json()["fields"]) == ["long_text"]


def test_schedule_is_checked_and_can_be_taken_away(merchant: Merchant) -> None:
    """A cron line that fires too often is refused by name; null ends the schedule."""
    created = any_automation(merchant)
    refused = change(merchant, created, schedule={"cron": "* * * * *"})
    assert refused.json()["fields"]["schedule.cron"].startswith("runs must be at least 5 minutes apart")
    hourly = change(merchant, created, schedule={"cron": "0 * * * *", "time_zone": "Europe/Berlin"}).json()
    assert hourly["configuration"]["schedule"]["cron"] == "0 * * * *"
    assert change(merchant, hourly, schedule=None).json()["configuration"]["schedule"] is None


def test_claim_moves_with_the_tab(merchant: Merchant) -> None:
    """The old tab is free and the new one taken, at once."""
    old, new = tab(), tab()
    created = any_automation(merchant, destination=old)
    second = any_automation(merchant, destination=tab())
    assert change(merchant, created, destination=new).status_code == 200
    assert change(merchant, second, destination=new).status_code == 409
    assert change(merchant, second, destination=old).status_code == 200


@pytest.mark.parametrize("changes", [{"connection_id": "con_1"}, {"resource": "orders"}])
def test_shop_of_an_automation_stays(merchant: Merchant, changes: dict[str, str]) -> None:
    """The rows of one shop do not become those of another."""
    refused = change(merchant, any_automation(merchant), **changes)
    assert list(refused.json()["fields"]) == list(changes)


def test_paused_automation_can_be_resumed(merchant: Merchant) -> None:
    """Each change of status moves the version; pausing twice does not."""
    created = any_automation(merchant)
    path = f"/v1/automations/{created['id']}"
    assert merchant.http.post(f"{path}/pause").json()["status"] == "paused"
    assert merchant.http.post(f"{path}/pause").json()["version"] == 2
    resumed = merchant.http.post(f"{path}/resume").json()
    assert (resumed["status"], resumed["version"]) == ("active", 3)


@pytest.mark.usefixtures("paused_queues")
def test_nobody_reaches_what_is_another_tenants(merchant: Merchant, other_merchant: Merchant) -> None:
    """Someone else's things look as if they were not there."""
    automation = any_automation(merchant)
    run = start_run(merchant, automation["id"], "mine").json()
    theirs = other_merchant.http
    for path in (
        f"/v1/automations/{automation['id']}",
        f"/v1/connections/{automation['configuration']['connection_id']}",
        f"/v1/runs/{run['id']}",
    ):
        assert theirs.get(path).status_code == 404
    assert theirs.delete(f"/v1/automations/{automation['id']}").status_code == 404
    assert theirs.post(f"/v1/automations/{automation['id']}/pause").status_code == 404
    assert theirs.post(f"/v1/runs/{run['id']}/cancel").status_code == 404
    assert start_run(other_merchant, automation["id"], "theirs").status_code == 404
    assert read(merchant, automation)["status"] == "active"


def test_catalogue_tells_what_a_column_can_be(merchant: Merchant) -> None:
    """The sidebar offers exactly what the validation accepts."""
    fields = merchant.http.get("/v1/catalogue", params={"platform": "shopify"}).json()["fields"]
    total = next(field for field in fields if field["key"] == "total")
    assert total["column_types"] == ["money", "number", "text"]
    assert "gte" in total["operators"]
    assert merchant.http.get("/v1/catalogue", params={"platform": "etsy"}).json()["fields"].keys() == {"platform"}
