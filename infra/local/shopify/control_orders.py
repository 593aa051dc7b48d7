"""What a merchant does to orders. Each of these sets updatedAt, sends the webhooks, and answers with the order."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Blueprint, Response, jsonify

from infra.local.shopify.body import Refused, read_body
from infra.local.shopify.change import order_events
from infra.local.shopify.control import shop_row
from infra.local.shopify.gid import gid, parse_gid
from infra.local.shopify.instant import iso
from infra.local.shopify.order import LineItem, Order
from infra.local.shopify.order_edits import Edited, add_lines, cancel, refund, remove_lines, touch
from infra.local.shopify.order_input import (
    CancelInput,
    EditInput,
    LineChange,
    LinesInput,
    OrderInput,
    RefundInput,
)
from infra.local.shopify.orders import Orders
from infra.local.shopify.shops import Shops
from infra.local.shopify.simulator import Simulator


def control_order_routes(simulator: Simulator) -> Blueprint:
    routes = Blueprint("control_orders", __name__, url_prefix="/control/shops/<domain>/orders")

    def edited(domain: str, name: str, edit: Callable[[Order, list[LineItem]], Edited]) -> Response:
        with simulator.webhooks.writing() as outbox:
            row = shop_row(Shops(outbox.connection), domain)
            orders = Orders(outbox.connection, row.number)
            before = _found(orders, name)
            order, lines = edit(*before)
            order = orders.save(order, lines)
            outbox.announce(row, order_events(before, (order, lines), shop=row.shop))
            return _answer(order, lines)

    @routes.post("")
    def put(domain: str) -> Response:
        """Makes the order, or replaces the one of that name."""
        asked = read_body(OrderInput)
        with simulator.webhooks.writing() as outbox:
            row = shop_row(Shops(outbox.connection), domain)
            orders = Orders(outbox.connection, row.number)
            order, lines = asked.order(currency=row.shop.currency, now=simulator.clock())
            before = orders.state(order.id)
            order = orders.save(order, lines)
            outbox.announce(row, order_events(before, (order, lines), shop=row.shop))
            return _answer(order, lines)

    @routes.post("/<name>/touch")
    def touch_order(domain: str, name: str) -> Response:
        at = read_body(EditInput).instant(simulator.clock())
        return edited(domain, name, lambda order, lines: (touch(order, at=at), lines))

    @routes.post("/<name>/cancel")
    def cancel_order(domain: str, name: str) -> Response:
        asked = read_body(CancelInput)
        at = asked.instant(simulator.clock())
        return edited(
            domain,
            name,
            lambda order, lines: cancel(order, lines, reason=asked.reason, refunding=asked.refund, at=at),
        )

    @routes.post("/<name>/refund")
    def refund_order(domain: str, name: str) -> Response:
        asked = read_body(RefundInput)
        at = asked.instant(simulator.clock())

        def edit(order: Order, lines: list[LineItem]) -> Edited:
            quantities = {_line(lines, each.line).id: each.quantity for each in asked.lines}
            everything = {line.id: line.quantity for line in lines}
            return refund(order, lines, quantities=quantities or everything, note=asked.note, at=at)

        return edited(domain, name, edit)

    @routes.post("/<name>/lines")
    def edit_lines(domain: str, name: str) -> Response:
        asked = read_body(LinesInput)
        at = asked.instant(simulator.clock())

        def edit(order: Order, lines: list[LineItem]) -> Edited:
            changes = {_line(lines, change.line).id: change for change in asked.change}
            removed = {_line(lines, which).id for which in asked.remove}
            lines = [_changed(line, changes.get(line.id)) for line in lines]
            order, lines = add_lines(order, lines, added=[each.line_item(0) for each in asked.add], at=at)
            return remove_lines(order, lines, removed=removed, at=at)

        return edited(domain, name, edit)

    @routes.post("/<name>/delete")
    def delete_order(domain: str, name: str) -> Response:
        with simulator.webhooks.writing() as outbox:
            row = shop_row(Shops(outbox.connection), domain)
            orders = Orders(outbox.connection, row.number)
            order, lines = _found(orders, name)
            orders.delete(order.id)
            outbox.announce(row, order_events((order, lines), None, shop=row.shop))
            return _answer(order, lines)

    return routes


def _found(orders: Orders, name: str) -> tuple[Order, list[LineItem]]:
    order = orders.named(name)
    if order is None:
        raise Refused(404, f"there is no order {name}")
    return order, orders.lines(order.id)


def _line(lines: Sequence[LineItem], which: str) -> LineItem:
    parsed = parse_gid(which)
    found = next((line for line in lines if (line.id == parsed[1] if parsed else line.sku == which)), None)
    if found is None:
        raise Refused(422, f"the order has no line item {which}")
    return found


def _changed(line: LineItem, change: LineChange | None) -> LineItem:
    if change is None:
        return line
    values = change.model_dump(exclude={"line", "price"}, exclude_none=True)
    return replace(line, unit_price=line.unit_price if change.price is None else change.price, **values)


def _answer(order: Order, lines: Sequence[LineItem]) -> Response:
    return jsonify(
        id=gid("Order", order.id),
        name=order.name,
        updated_at=iso(order.updated_at),
        lines=[{"id": gid("LineItem", line.id), "sku": line.sku, "quantity": line.quantity} for line in lines],
    )
