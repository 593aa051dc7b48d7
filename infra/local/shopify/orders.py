"""The orders of one shop, as rows."""

import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from infra.local.shopify.connection import Key, Page, Window, page
from infra.local.shopify.order import LineItem, Order, with_lines
from infra.local.shopify.order_search import Condition

CHUNK_ORDERS = 500

_DOCUMENT = TypeAdapter(Order)
_LINE_COLUMNS = (
    "id, title, quantity, unit_price, sku, variant_title, vendor, discount, removed, refunded, taxable,"
    " requires_shipping"
)


class Orders:
    def __init__(self, connection: sqlite3.Connection, shop_number: int) -> None:
        self._connection = connection
        self._shop = shop_number

    def get(self, order_id: int) -> Order | None:
        row = self._connection.execute(
            "SELECT document FROM orders WHERE shop = ? AND id = ?", (self._shop, order_id)
        ).fetchone()
        return None if row is None else _DOCUMENT.validate_json(row[0])

    def state(self, order_id: int) -> tuple[Order, list[LineItem]] | None:
        """The order with its line items."""
        order = self.get(order_id)
        return None if order is None else (order, self.lines(order_id))

    def named(self, name: str) -> Order | None:
        """By its name, with or without the #; the newest when several have it."""
        row = self._connection.execute(
            "SELECT document FROM orders WHERE shop = ? AND name IN (?, '#' || ?) ORDER BY id DESC LIMIT 1",
            (self._shop, name, name),
        ).fetchone()
        return None if row is None else _DOCUMENT.validate_json(row[0])

    def lines(self, order_id: int) -> list[LineItem]:
        rows = self._connection.execute(
            f"SELECT {_LINE_COLUMNS} FROM lines WHERE shop = ? AND order_id = ? ORDER BY id",  # noqa: S608 - constants
            (self._shop, order_id),
        )
        return [_line(row) for row in rows]

    def line(self, order_id: int, line_id: int) -> LineItem | None:
        row = self._connection.execute(
            f"SELECT {_LINE_COLUMNS} FROM lines WHERE shop = ? AND order_id = ? AND id = ?",  # noqa: S608 - constants
            (self._shop, order_id, line_id),
        ).fetchone()
        return None if row is None else _line(row)

    def page(self, condition: Condition, *, sort: str, window: Window) -> Page[Order]:
        """The page in the order of the column `sort`, then id."""
        low, high = (window.before, window.after) if window.reverse else (window.after, window.before)
        rows = list(
            self._select(
                condition,
                sort=sort,
                low=low,
                high=high,
                descending=window.reverse != window.from_end,
                limit=window.size + 1,
            )
        )
        more = len(rows) > window.size
        rows = rows[: window.size]
        if window.from_end:
            rows.reverse()
        return page(rows, window=window, more=more)

    def every(self, condition: Condition, *, sort: str, reverse: bool) -> Iterator[Order]:
        """All of them in that order, holding no more than a chunk."""
        low = high = None
        while True:
            rows = list(self._select(condition, sort=sort, low=low, high=high, descending=reverse, limit=CHUNK_ORDERS))
            yield from rows
            if len(rows) < CHUNK_ORDERS:
                return
            last = (getattr(rows[-1], sort), rows[-1].id)
            low, high = (low, last) if reverse else (last, high)

    def count(self, condition: Condition, *, limit: int | None = None) -> int:
        """How many there are, counting no further than `limit`."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM orders WHERE shop = ?"  # noqa: S608 - order_search makes it
            f" AND ({condition.sql}) LIMIT ?)",
            (self._shop, *condition.parameters, -1 if limit is None else limit),
        ).fetchone()
        return int(count)

    def line_count(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM lines WHERE shop = ?", (self._shop,)).fetchone()
        return int(count)

    def save(self, order: Order, lines: Iterable[LineItem]) -> Order:
        """Makes or replaces the order with exactly these line items; returns it with the sums they make."""
        kept = list(lines)
        order = with_lines(order, kept)
        self._connection.execute("DELETE FROM lines WHERE shop = ? AND order_id = ?", (self._shop, order.id))
        self._connection.executemany(
            f"INSERT INTO lines (shop, order_id, {_LINE_COLUMNS})"  # noqa: S608 - constants
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._shop, order.id, *_line_row(line)) for line in kept),
        )
        self.save_header(order)
        return order

    def save_header(self, order: Order) -> None:
        """The order without its line items, which stay as they are."""
        self._connection.execute(
            "INSERT OR REPLACE INTO orders (shop, id, name, created_at, updated_at, processed_at, cancelled_at,"
            " closed_at, test, email, customer_id, financial_status, fulfillment_status, document)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._shop,
                order.id,
                order.name,
                order.created_at,
                order.updated_at,
                order.processed_at,
                order.cancelled_at,
                order.closed_at,
                order.test,
                order.email,
                order.customer.id if order.customer else None,
                order.financial_status,
                order.fulfillment_status,
                _DOCUMENT.dump_json(order).decode(),
            ),
        )

    def delete(self, order_id: int) -> None:
        self._connection.execute("DELETE FROM lines WHERE shop = ? AND order_id = ?", (self._shop, order_id))
        self._connection.execute("DELETE FROM orders WHERE shop = ? AND id = ?", (self._shop, order_id))

    def _select(
        self, condition: Condition, *, sort: str, low: Key | None, high: Key | None, descending: bool, limit: int
    ) -> Iterator[Order]:
        where, parameters = [f"({condition.sql})"], [*condition.parameters]
        for bound, comparator in ((low, ">"), (high, "<")):
            if bound is not None:
                where.append(f"({sort}, id) {comparator} (?, ?)")
                parameters += bound
        direction = "DESC" if descending else "ASC"
        rows = self._connection.execute(
            f"SELECT document FROM orders WHERE shop = ? AND {' AND '.join(where)}"  # noqa: S608 - as above
            f" ORDER BY {sort} {direction}, id {direction} LIMIT ?",
            (self._shop, *parameters, limit),
        )
        return (_DOCUMENT.validate_json(document) for (document,) in rows)


def _line(row: tuple[Any, ...]) -> LineItem:
    identity, title, quantity, price, sku, variant, vendor, discount, removed, refunded, taxable, shipping = row
    return LineItem(
        identity,
        title,
        quantity,
        Decimal(price),
        sku,
        variant,
        vendor,
        Decimal(discount),
        removed,
        refunded,
        bool(taxable),
        bool(shipping),
    )


def _line_row(line: LineItem) -> tuple[Any, ...]:
    return (
        line.id,
        line.title,
        line.quantity,
        str(line.unit_price),
        line.sku,
        line.variant_title,
        line.vendor,
        str(line.discount),
        line.removed,
        line.refunded,
        line.taxable,
        line.requires_shipping,
    )
