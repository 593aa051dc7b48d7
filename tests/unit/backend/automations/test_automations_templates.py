"""The templates, under the catalogues that they are made for."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from backend.automations.matching import wanted
from backend.automations.model import Configuration, RowMode
from backend.automations.templates import TEMPLATES, Template
from backend.automations.validation import problems
from backend.connections.model import PlatformName
from backend.platforms.field import Catalogue, Value
from backend.platforms.registry import Shopify
from backend.platforms.source import Order

ALL = [(platform, template) for platform, templates in TEMPLATES.items() for template in templates]
CATALOGUES = {PlatformName.SHOPIFY: Shopify.catalogues}
TODAY = datetime(2026, 11, 22, tzinfo=UTC)
OPEN: dict[str, Value] = {"fulfillment_status": "UNFULFILLED", "cancelled_at": None, "closed_at": None}


def configured(template: Template) -> Configuration:
    chosen = {"name": template.title, "connection_id": "con_1", "destination": {"spreadsheet_id": "sheet"}}
    return Configuration.model_validate(template.configuration.model_dump() | chosen)


def catalogue_of(template: Template) -> Catalogue:
    return Shopify.catalogues[template.configuration.resource]


def holds(key: str, **values: Value) -> bool:
    (template,) = (template for template in TEMPLATES[PlatformName.SHOPIFY] if template.key == key)
    order = Order(id="1", version=1, values=values, removed=values.get("cancelled_at") is not None)
    return wanted(template.configuration, catalogue_of(template))(order)


@pytest.mark.parametrize(("platform", "template"), ALL, ids=lambda each: getattr(each, "key", each))
def test_template_is_a_sound_configuration(platform: PlatformName, template: Template) -> None:
    """With a name, a connection and a destination nothing is wrong with it."""
    catalogue = CATALOGUES[platform][template.configuration.resource]
    assert problems(configured(template), catalogue) == {}


def test_templates_are_told_apart() -> None:
    """By their keys, by what a merchant reads, and by the tabs that they would make."""
    for told in ("key", "title", "description", "tab_title"):
        assert len({(platform, getattr(template, told)) for platform, template in ALL}) == len(ALL)


def test_order_lines_have_a_row_a_line() -> None:
    """And the other templates one an order."""
    assert {template.key for _, template in ALL if template.configuration.row_mode is RowMode.LINE} == {"order_lines"}


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({}, True),
        ({"fulfillment_status": "PARTIALLY_FULFILLED"}, True),
        ({"fulfillment_status": "ON_HOLD"}, True),
        ({"fulfillment_status": "FULFILLED"}, False),
        ({"fulfillment_status": "FULFILLMENT_NOT_REQUIRED"}, False),
        ({"cancelled_at": TODAY}, False),
        ({"closed_at": TODAY}, False),
    ],
)
def test_unfulfilled_orders_are_those_still_to_be_sent(changed: dict[str, Value], *, stays: bool) -> None:
    """Whatever ends the work on an order takes it out of the tab."""
    assert holds("unfulfilled_orders", **OPEN | changed) is stays


@pytest.mark.parametrize(("refunded", "stays"), [("0.00", False), ("0.01", True), ("12", True)])
def test_refunds_are_orders_of_which_money_was_given_back(refunded: str, *, stays: bool) -> None:
    """Down to a cent."""
    assert holds("refunds", refunded=Decimal(refunded)) is stays
