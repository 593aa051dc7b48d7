"""Previews and templates through HTTP: what a merchant sees before there is an automation."""

from typing import Any

import httpx

from infra.local.demo.merchant import Merchant
from tests.e2e.automations import configuration, connect_shop
from tests.e2e.desk import Desk
from tests.shop import Shop, trouble


def preview(merchant: Merchant, body: dict[str, Any]) -> httpx.Response:
    return merchant.http.post("/v1/automations/preview", json=body)


def templates(merchant: Merchant) -> dict[str, dict[str, Any]]:
    answer = merchant.http.get("/v1/templates", params={"platform": "shopify"}).json()
    return {template["key"]: template for template in answer["templates"]}


def shown(desk: Desk, sheet_id: int, headers: list[str]) -> list[list[str]]:
    """The rows of the tab as a person sees them, the last first."""
    (tab,) = (each for each in desk.book.everything()["sheets"] if each["properties"].get("sheetId", 0) == sheet_id)
    header, *rows = [
        [cell.get("formattedValue", "") for cell in row.get("values", [])] for row in tab["data"][0]["rowData"]
    ]
    places = [header.index(name) for name in headers]
    filled = [[(row + [""] * len(header))[place] for place in places] for row in rows if any(row)]
    return filled[::-1]


def test_templates_bring_what_their_previews_showed(desk: Desk) -> None:
    """Cell by cell, in tabs of the shop's time zone."""
    for number in range(3):
        moment = f"2026-11-0{number + 1}T08:30:00Z"
        desk.shop.put(
            f"#{number}",
            created_at=moment,
            updated_at=moment,
            lines=[{"title": "Thing", "sku": "0042", "quantity": 1 + number, "price": "1200.5"}],
            customer={"id": 7, "first_name": "Ann", "last_name": "Ängström"},
            tags=["a", "b"],
        )
    desk.shop.edit("#1", "refund", lines=[{"line": "0042", "quantity": 1}])
    begun = []
    for key, template in templates(desk.ann).items():
        body = template["configuration"] | {
            "name": template["title"],
            "connection_id": desk.connection_id,
            "destination": {"spreadsheet_id": desk.book.id, "title": template["tab_title"]},
            "on_change": False,
        }
        previewed = preview(desk.ann, body).json()
        automation = desk.ann.http.post("/v1/automations", json=body).json()
        begun.append((key, previewed, automation, desk.start(automation)))
    for key, previewed, automation, run_id in begun:
        assert desk.ended(run_id)["status"] == "completed"
        assert previewed["rows"], key
        tab = shown(desk, automation["sheet_id"], previewed["headers"])
        assert sorted(previewed["rows"]) == sorted(tab), key


def test_preview_needs_no_google_account(merchant: Merchant) -> None:
    """It writes nothing, so nobody has to be able to."""
    shop = Shop.new(merchant.stack)
    shop.put("#1001", lines=[{"title": "Thing", "quantity": 2, "price": "5.25"}])
    body = configuration(merchant.connect(shop), schedule={"cron": "0 6 * * *", "time_zone": "Europe/Berlin"})
    answer = preview(merchant, body)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["headers"], told["rows"]) == (["Order", "Total"], [["#1001", "10.50"]])
    assert (told["looked_at"], told["matching"], len(told["next_runs"])) == (1, 1, 3)
    assert merchant.http.get("/v1/automations").json() == {"automations": []}


def test_preview_of_nonsense_names_each_wrong_field(merchant: Merchant) -> None:
    """As creating it would, but for the account."""
    columns = [{"key": "totl", "header": "Total", "type": "money"}]
    refused = preview(merchant, configuration(connect_shop(merchant), columns=columns))
    assert refused.status_code == 422
    assert refused.json()["fields"].keys() == {"columns", "columns.0.key"}
    assert preview(merchant, configuration("con_elsewhere")).json()["fields"].keys() == {"connection_id"}


def test_preview_says_that_the_shop_refuses_us(merchant: Merchant) -> None:
    """With the sentence that a run would show."""
    shop = Shop.new(merchant.stack)
    connection_id = merchant.connect(shop)
    shop.replace_token("shpat_another")
    refused = preview(merchant, configuration(connection_id))
    assert (refused.status_code, refused.json()["code"]) == (409, "connection_refused")
    assert "Connect the shop again" in refused.json()["detail"]


def test_preview_does_not_wait_for_a_shop_in_trouble(merchant: Merchant) -> None:
    """The caller is told when to ask again, and then has it."""
    body = configuration(connect_shop(merchant))
    trouble(merchant.stack, "throttled")
    refused = preview(merchant, body)
    assert (refused.status_code, refused.json()["retriable"]) == (503, True)
    assert int(refused.headers["Retry-After"]) >= 1
    assert preview(merchant, body).status_code == 200


def test_templates_of_an_unknown_platform_are_refused(merchant: Merchant) -> None:
    """By the name of the query's field."""
    refused = merchant.http.get("/v1/templates", params={"platform": "etsy"})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["platform"])
