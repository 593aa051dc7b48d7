"""From nothing to rows in the grid."""

import uuid

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from infra.local.demo.google_account import GoogleAccount
from infra.local.stack import Stack
from tests.browser.sidebar.first_use import Person
from tests.browser.sidebar.window import Window
from tests.shop import Shop


@pytest.fixture
def window(page: Page, stack: Stack) -> Window:
    """Of a person whom nobody has met before, on an empty spreadsheet."""
    ann = GoogleAccount(stack, f"{uuid.uuid4().hex[:12]}@shop.example")
    return Window(page, stack, person=ann.email, spreadsheet_id=ann.create_spreadsheet("My shop"))


@pytest.fixture
def shop(stack: Stack) -> Shop:
    shop = Shop.new(stack)
    shop.put("#1001", lines=[{"title": "Tea", "quantity": 2, "price": "5.00"}])
    return shop


def test_first_use_brings_orders_into_the_grid(context: BrowserContext, stack: Stack, shop: Shop) -> None:
    """By nine clicks, two of them in the menu and two on pages of others, and the shop's name; README says so."""
    name = shop.domain.partition(".")[0]
    person = Person(context, stack)
    effort = person.begin(name)
    person.window.expect_news("Orders: 1 row added")
    person.window.expect_text("Up to date")
    assert (effort.clicks, effort.keystrokes) == (9, len(name))


def test_address_that_is_none_is_refused_beside_its_field(window: Window) -> None:
    """No window stays open for it."""
    address = window.sidebar.get_by_label("Your Shopify address")
    address.fill("not a shop")
    window.click("Connect shop")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(window.button("Connect shop")).to_be_enabled()


def test_consent_that_is_refused_can_be_asked_for_again(window: Window, shop: Shop) -> None:
    """The sidebar waits until the person gives up, and begins anew."""
    window.sidebar.get_by_label("Your Shopify address").fill(shop.domain)
    window.consent("Connect shop", "Cancel")
    window.click("Cancel")
    window.consent("Connect shop", "Install")
    window.expect_text("Let Tabkeeper write here")
    expect(window.button("Continue with Google")).to_be_visible()
