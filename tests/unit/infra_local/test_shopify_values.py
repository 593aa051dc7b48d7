"""Money, ids, instants and versions as they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.shopify.gid import gid, line_id, order_id, order_of_line, order_of_refund, parse_gid, refund_id
from infra.local.shopify.instant import iso, iso_in_zone
from infra.local.shopify.money import amount, money_bag, price
from infra.local.shopify.versions import served_version

NAMES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2.55", "2.55"),
        ("10", "10.0"),
        ("10.00", "10.0"),
        ("0.001", "0.001"),
        ("-11062.06", "-11062.06"),
        ("1E+2", "100.0"),
    ],
)
def test_amount_is_exact_and_has_a_decimal(value: str, text: str) -> None:
    """Never rounded, never in exponents."""
    assert amount(Decimal(value)) == text


def test_customer_s_money_follows_the_rate() -> None:
    """Where the customer pays in another currency than the shop's."""
    bag = money_bag(Decimal("10.00"), currency="USD", presentment_currency="EUR", rate=Decimal("0.85"))
    assert bag == {
        "shopMoney": {"amount": "10.0", "currencyCode": "USD"},
        "presentmentMoney": {"amount": "8.5", "currencyCode": "EUR"},
    }


@given(NAMES, NAMES)
def test_order_ids_are_one_for_one_name(one: str, other: str) -> None:
    """`7` and `007` too are two orders; and every line's id leads back to its order within 63 bits."""
    first, second = order_id(one), order_id(f"#{other}")
    assert first is not None
    assert (first == second) == (one == other)
    assert order_of_line(line_id(first, 99_999)) == first == order_of_refund(refund_id(first, 999))
    assert line_id(first, 99_999) < 2**63


def test_name_that_makes_no_id_is_told() -> None:
    """Nothing is cut off or replaced silently."""
    assert [order_id(name) for name in ("", "#", "123456789", "A-1", "é")] == [None] * 5


def test_gid_is_read_back() -> None:
    """And what is none is told from what is."""
    assert parse_gid(gid("Order", 12)) == ("Order", 12)
    assert parse_gid("12") is None
    assert parse_gid("gid://shopify/Order/12\n") is None


def test_instant_is_written_in_utc() -> None:
    """To the second, with a Z."""
    assert iso(1291191960) == "2010-12-01T08:26:00Z"


def test_instant_is_written_with_the_offset_of_its_zone() -> None:
    """Summer time as well."""
    assert iso_in_zone(1291191960, "America/New_York") == "2010-12-01T03:26:00-05:00"
    assert iso_in_zone(1309508760, "America/New_York") == "2011-07-01T04:26:00-04:00"


@pytest.mark.parametrize(("value", "text"), [("2.5", "2.50"), ("10", "10.00"), ("0.001", "0.001"), ("-3.250", "-3.25")])
def test_price_has_two_decimals_or_more(value: str, text: str) -> None:
    """And no digit is lost."""
    assert price(Decimal(value)) == text


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("2026-10", "2026-10"),
        ("2026-07", "2026-07"),
        ("2026-04", "2026-07"),
        ("2026-01", "2026-01"),
        ("2024-10", "2026-01"),
        ("unstable", "2026-10"),
        ("2027-01", None),
        ("2026-02", None),
        ("latest", None),
    ],
)
def test_version_falls_forward(asked: str, served: str | None) -> None:
    """One that is retired to the oldest that is not; one that never was to none."""
    assert served_version(asked) == served
