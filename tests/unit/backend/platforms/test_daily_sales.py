"""Days of sales, added up from orders."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import RunInterrupted
from backend.platforms.daily_sales import DailySales, newest_days
from backend.platforms.field import Value
from backend.platforms.sales_day import DAILY_SALES, fields_of_orders
from backend.platforms.source import Checkpoint, Order

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 23, tzinfo=UTC)
NOTHING = Decimal(0)


@dataclass
class Shop:
    """Tells these orders, all that it shows."""

    told: Sequence[Order] = ()
    shows: timedelta | None = None
    reads: int = 0

    def count(self, *, since: datetime | None) -> int:
        raise NotImplementedError

    def orders(self, *, since: datetime | None, resume: Checkpoint | None) -> Iterator[Order]:
        assert since is None
        assert resume is None
        self.reads += 1
        yield from self.told

    def named(self, ids: Sequence[str]) -> Iterator[Order]:
        raise NotImplementedError

    def tells_gone(self) -> bool:
        return self.shows is None

    def shown_for(self) -> timedelta | None:
        return self.shows

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Sale:
    """As its customer would tell it; prices and sums without tax."""

    placed_at: datetime
    price: Decimal = Decimal(100)
    discount: Decimal = NOTHING
    returned: Decimal = NOTHING
    tax: Decimal = NOTHING
    tax_returned: Decimal = NOTHING
    shipping: Decimal = NOTHING
    items: int = 1
    cancelled: bool = False
    test: bool = False
    taxes_included: bool = False

    def order(self, number: int = 1) -> Order:
        """As its shop tells it."""
        in_prices = self.tax if self.taxes_included else NOTHING
        still_in_prices = self.tax - self.tax_returned if self.taxes_included else NOTHING
        values: dict[str, Value] = {
            "processed_at": self.placed_at,
            "test": self.test,
            "taxes_included": self.taxes_included,
            "subtotal": self.price - self.discount + in_prices,
            "tax": self.tax,
            "discounts": self.discount,
            "current_subtotal": self.price - self.discount - self.returned + still_in_prices,
            "current_tax": self.tax - self.tax_returned,
            "current_shipping": self.shipping,
            "item_quantity": self.items,
        }
        return Order(id=str(number), version=number, values=values, removed=self.cancelled)


def money(upto: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, Decimal(upto), places=2)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """Around the days on which clocks change in Berlin."""
    return Sale(
        placed_at=draw(st.integers(0, 5 * 24 * 60).map(lambda minute: OCTOBER + timedelta(minutes=minute))),
        price=draw(st.decimals(100, 5000, places=2)),
        discount=draw(money("50")),
        returned=draw(money("50")),
        tax=draw(st.decimals(10, 20, places=2)),
        tax_returned=draw(money("10")),
        shipping=draw(money("10")),
        items=draw(st.integers(0, 9)),
        cancelled=draw(st.booleans()),
        test=draw(st.booleans()),
        taxes_included=draw(st.booleans()),
    )


def orders_of(placed: Iterable[Sale]) -> list[Order]:
    return [sale.order(number) for number, sale in enumerate(placed, 1)]


def days_of(shop: Shop, **changes: Any) -> DailySales:
    wanted: dict[str, Any] = {"zone": BERLIN, "currency": "EUR", "clock": lambda: NOW, "pause": lambda _: None}
    return DailySales(shop, **wanted | changes)


def told(shop: Shop, *, resume: Checkpoint | None = None) -> dict[str, Order]:
    return {order.id: order for order in days_of(shop).orders(since=NOW, resume=resume)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def expected(day: date, placed: Sequence[Sale]) -> dict[str, Value]:
    """By the words of docs/daily-sales.md, one figure after the other."""
    counted = [sale for sale in placed if sale.placed_at.astimezone(BERLIN).date() == day and not sale.test]
    kept = [sale for sale in counted if not sale.cancelled]
    gross = sum((sale.price for sale in counted), NOTHING)
    discounts = sum((sale.discount for sale in counted), NOTHING)
    cancelled = sum((sale.price - sale.discount for sale in counted if sale.cancelled), NOTHING)
    refunds = cancelled + sum((sale.returned for sale in kept), NOTHING)
    taxes = sum((sale.tax - sale.tax_returned for sale in kept), NOTHING)
    shipping = sum((sale.shipping for sale in kept), NOTHING)
    return {
        "day": day,
        "orders": len(counted),
        "items": sum(sale.items for sale in counted),
        "gross_sales": gross,
        "discounts": discounts,
        "refunds": refunds,
        "net_sales": gross - discounts - refunds,
        "taxes": taxes,
        "shipping": shipping,
        "total_sales": gross - discounts - refunds + taxes + shipping,
        "average_order": round((gross - discounts) / len(counted), 2) if counted else None,
        "currency": "EUR",
    }


@given(st.lists(sales(), max_size=12))
def test_days_are_what_their_orders_come_to(placed: list[Sale]) -> None:
    """Each figure of each day, whatever was ordered, refunded, cancelled or only tried."""
    for order in told(Shop(orders_of(placed))).values():
        assert dict(order.values) == expected(date.fromisoformat(order.id), placed)


@given(st.lists(sales(), max_size=12))
def test_every_day_from_the_first_order_to_the_last_is_told(placed: list[Sale]) -> None:
    """In their order, each once, those without an order among them."""
    days = [date.fromisoformat(name) for name in told(Shop(orders_of(placed)))]
    busy = [sale.placed_at.astimezone(BERLIN).date() for sale in placed if not sale.test]
    assert days == ([min(busy) + timedelta(n) for n in range((max(busy) - min(busy)).days + 1)] if busy else [])


@pytest.mark.parametrize(
    ("placed_at", "day"),
    [
        ("2026-10-24T22:30+00:00", "2026-10-25"),  # the day of 25 hours begins
        ("2026-10-25T22:59+00:00", "2026-10-25"),
        ("2026-10-25T23:00+00:00", "2026-10-26"),
        ("2026-03-28T23:00+00:00", "2026-03-29"),  # and that of 23
        ("2026-03-29T21:59+00:00", "2026-03-29"),
        ("2026-03-29T22:00+00:00", "2026-03-30"),
    ],
)
def test_day_ends_at_the_shops_own_midnight(placed_at: str, day: str) -> None:
    """Also where clocks change on it."""
    assert next(iter(told(Shop([Sale(datetime.fromisoformat(placed_at)).order()])))) == day


def test_order_that_comes_again_counts_once() -> None:
    """It changed while the orders were read; it counts as it came first, and the next run brings the change."""
    first = Sale(at("2026-11-01T12:00"))
    shop = Shop([first.order(1), Sale(at("2026-11-01T13:00")).order(2), replace(first, returned=Decimal(60)).order(1)])
    day = told(shop)["2026-11-01"]
    assert (day.values["orders"], day.values["refunds"]) == (2, 0)


def test_days_that_are_only_partly_shown_are_not_told() -> None:
    """Neither in a stream nor by name: what is known of them is a part of what they came to."""
    placed = [Sale(at(f"2026-10-{day}T23:00")) for day in (19, 20, 21)]
    shop = Shop(orders_of(placed), shows=NOW - at("2026-10-20T12:00"))
    assert next(iter(told(shop))) == "2026-10-21"
    assert [day.id for day in days_of(shop).named(["2026-10-19", "2026-10-20", "2026-10-21"])] == ["2026-10-21"]


def test_day_whose_orders_are_gone_comes_to_nothing() -> None:
    """Its row shows zeros: the day itself was not removed."""
    (day,) = days_of(Shop()).named(["2026-10-01"])
    assert (dict(day.values), day.removed) == (expected(date(2026, 10, 1), []), False)


def test_row_of_another_tab_is_no_day() -> None:
    """An id that somebody pasted comes as one that no longer exists."""
    (gone,) = days_of(Shop()).named(["5410000000536365"])
    assert (gone.id, gone.removed, dict(gone.values)) == ("5410000000536365", True, {})


def test_stream_goes_on_behind_the_day_that_was_told() -> None:
    """Of a new pass, since nothing is kept of the earlier one."""
    shop = Shop(orders_of([Sale(at("2026-10-30T12:00")), Sale(at("2026-11-02T12:00"))]))
    assert list(told(shop, resume={"day": "2026-10-31"})) == ["2026-11-01", "2026-11-02"]


def test_counting_the_days_reads_the_orders_once() -> None:
    """The stream that follows goes by the same pass, and the one after it by its own."""
    shop = Shop([Sale(at("2026-11-01T12:00")).order()])
    days = days_of(shop)
    counted = days.count(since=None)
    assert (counted, len(list(days.orders(since=None, resume=None))), shop.reads) == (1, 1, 1)
    assert (len(list(days.orders(since=None, resume=None))), shop.reads) == (1, 2)


def test_later_pass_is_the_newer_version() -> None:
    """Whatever became of the day's orders: where its newest one was deleted, it has changed, too."""
    shop = Shop([Sale(at("2026-11-01T12:00")).order()])
    early, late = (
        next(days_of(shop, clock=lambda at=at: at).orders(since=None, resume=None)).version
        for at in (NOW, NOW + timedelta(seconds=1))
    )
    assert late - early == 1000


@dataclass
class Impatience:
    """A pause that is over as soon as it was asked for so often."""

    patience: int
    asked: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        if len(self.asked) > self.patience:
            raise RunInterrupted


def test_pass_ends_when_the_run_is_told_to_stop() -> None:
    """Between two orders, however many there are to come; and no time is lost between them."""
    pause = Impatience(patience=3)
    days = days_of(Shop(orders_of([Sale(NOW)] * 9)), pause=pause)
    with pytest.raises(RunInterrupted):
        days.count(since=None)
    assert pause.asked == [0, 0, 0, 0]


def test_lines_are_read_only_to_count_items() -> None:
    """They are most of what a shop has to tell."""
    assert "item_quantity" not in fields_of_orders(set(DAILY_SALES) - {"items"})
    assert "item_quantity" in fields_of_orders({"day", "items"})


@given(st.lists(sales(), max_size=12))
def test_look_at_all_orders_shows_what_a_run_would_tell(placed: list[Sale]) -> None:
    """The same figures of the same days, the newest first."""
    orders = orders_of(placed)
    shown = newest_days(orders, zone=BERLIN, currency="EUR", more=False)
    assert [day.values for day in shown] == [day.values for day in reversed(told(Shop(orders)).values())]


def test_look_at_some_orders_leaves_out_the_day_that_is_not_whole() -> None:
    """Unless there is no other to show."""
    orders = orders_of([Sale(at(f"2026-10-{day}T12:00")) for day in (22, 21, 21, 20)])
    shown = newest_days(orders, zone=BERLIN, currency="EUR", more=True)
    assert [day.id for day in shown] == ["2026-10-22", "2026-10-21"]
    (alone,) = newest_days(orders[:1], zone=BERLIN, currency="EUR", more=True)
    assert alone.id == "2026-10-22"
