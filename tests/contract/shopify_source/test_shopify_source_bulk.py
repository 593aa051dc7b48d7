"""Orders by a bulk operation, from a really running Shopify."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.errors import RunInterrupted, UpstreamUnavailable
from backend.platforms.source import Checkpoint, Order
from infra.local.shopify.server import start
from tests.contract.shopify_source.shop import TOKEN, Shop, busy_street, moment, until

EIGHT_DAYS_S = 8 * 24 * 3600


def export(shop: Shop, **settings: Any) -> list[Order]:
    return list(shop.source(bulk_from_orders=1, **settings).orders(since=None, resume=None))


def bare(orders: list[Order]) -> dict[str, Order]:
    return {order.id: replace(order, checkpoint={}) for order in orders}


def operations(shop: Shop) -> dict[str, str]:
    """The status of each, by id."""
    found = shop.graphql("{bulkOperations(first: 10) {nodes {id status}}}")
    return {node["id"]: node["status"] for node in found["bulkOperations"]["nodes"]}


def test_bulk_equals_paging(own_street: Shop, tmp_path: Path) -> None:
    """Order by order, field by field, line by line, whichever way it came."""
    shop = own_street
    shop.load(tmp_path, orders=3, lines=150)
    paged = list(shop.source().orders(since=None, resume=None))
    exported = export(shop)
    assert len(exported) == len(paged) == 15
    assert bare(exported) == bare(paged)
    assert shop.operations_made == 1


def test_every_checkpoint_yields_the_rest(own_street: Shop) -> None:
    """A resumed export reads on in the same file, by Range, from behind the last order."""
    orders = export(own_street)
    for place, order in enumerate(orders):
        rest = list(own_street.source(bulk_from_orders=1).orders(since=None, resume=order.checkpoint))
        assert rest == orders[place + 1 :]
    assert own_street.operations_made == 1


def test_resumed_stream_keeps_its_way(street: Shop) -> None:
    """A shop that shrank or grew in between is still read the way it was begun."""
    exported, paged = export(street), list(street.source().orders(since=None, resume=None))
    assert list(street.source(bulk_from_orders=10**9).orders(since=None, resume=exported[3].checkpoint)) == exported[4:]
    assert list(street.source(bulk_from_orders=1).orders(since=None, resume=paged[3].checkpoint)) == paged[4:]


def test_changes_are_paged_however_many(street: Shop) -> None:
    """An operation is for the first export; what changed since comes by pages."""
    since = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)
    assert len(list(street.source(bulk_from_orders=1).orders(since=since, resume=None))) == 12
    assert street.wire.downloads == []


def test_empty_shop_yields_nothing(shop: Shop) -> None:
    """An export of nothing has no file."""
    assert list(shop.source(bulk_from_orders=0).orders(since=None, resume=None)) == []
    assert shop.operations_made == 1


def test_order_query_reaches_the_operation(street: Shop) -> None:
    """Quotes and all."""
    query = "updated_at:<='2026-10-01T10:00:00Z' OR status:cancelled"
    assert [order.values["order_name"] for order in export(street, order_query=query)] == ["#S0", "#S1", "#S2", "#S4"]


def test_dropped_download_goes_on_where_it_stopped(shop: Shop, tmp_path: Path) -> None:
    """By Range, from the last whole line."""
    shop.load(tmp_path, orders=60, lines=25)
    expected = export(shop)
    shop.wire.requests.clear()
    shop.trouble("download_cut", times=2)
    assert bare(export(shop)) == bare(expected)
    offsets = [
        int(request.headers["Range"].removeprefix("bytes=").removesuffix("-")) for request in shop.wire.downloads
    ]
    assert offsets[0] == 0
    assert offsets == sorted(set(offsets))
    assert len(offsets) == 3


def test_token_is_not_sent_to_the_store_of_files(street: Shop) -> None:
    """The file's address is secret enough, and its host is not Shopify's API."""
    export(street)
    assert street.wire.downloads
    assert all(TOKEN not in str(request.headers) for request in street.wire.downloads)


def test_failed_operation_is_replaced(own_street: Shop) -> None:
    """Shopify's own failures pass."""
    own_street.trouble("bulk_failed")
    assert len(export(own_street)) == 12
    assert own_street.operations_made == 2


def test_operation_that_keeps_failing_is_given_up(own_street: Shop) -> None:
    """For now: the run is tried again later."""
    own_street.trouble("bulk_failed", times=10)
    with pytest.raises(UpstreamUnavailable):
        export(own_street)
    assert own_street.operations_made == 3


def test_lost_answer_starts_no_second_operation(own_street: Shop) -> None:
    """When the answer to the start did not arrive, the operation that was made is found and used."""
    own_street.trouble("drop", skip=2)  # the count and the list of what is there go well
    assert len(export(own_street)) == 12
    assert len(own_street.wire.calls("BulkStart")) == 1
    assert own_street.operations_made == 1


def test_refused_start_is_made_again(own_street: Shop) -> None:
    """When nothing was made, it is not waited for either."""
    own_street.trouble("503", skip=2)
    assert len(export(own_street)) == 12
    assert len(own_street.wire.calls("BulkStart")) == 2
    assert own_street.operations_made == 1


def test_operation_of_another_is_not_taken(own_street: Shop) -> None:
    """What was there before the start is never mistaken for it, even with the same text."""
    export(own_street)
    own_street.put("S99", updated_at=moment(40))
    own_street.trouble("503", skip=2)
    assert len(export(own_street)) == 13


def test_stop_while_waiting_cancels_the_operation(own_street: Shop) -> None:
    """Nobody will come for the file, so the shop need not write it."""
    own_street.trouble("bulk_delay", delay_s=30)

    def stop(_: float) -> None:
        raise RunInterrupted

    with pytest.raises(RunInterrupted):
        export(own_street, pause=stop)
    until(lambda: list(operations(own_street).values()) == ["CANCELED"])


def test_cancelled_operation_is_replaced(own_street: Shop) -> None:
    """Someone else cancelled it; a resumed run makes a new one and reads all of it."""
    own_street.trouble("bulk_delay", delay_s=30)

    def stop(_: float) -> None:
        raise RunInterrupted

    with pytest.raises(RunInterrupted):
        export(own_street, pause=stop)
    until(lambda: list(operations(own_street).values()) == ["CANCELED"])
    (operation,) = operations(own_street)
    checkpoint: Checkpoint = {"kind": "bulk", "operation": operation, "offset": 0}
    assert len(list(own_street.source(bulk_from_orders=1).orders(since=None, resume=checkpoint))) == 12


def test_busy_shop_is_waited_for(own_street: Shop) -> None:
    """Five operations at once are allowed; the sixth starts when they have ended."""
    own_street.trouble("bulk_delay", times=5, delay_s=60)
    for _ in range(5):
        own_street.graphql('mutation {bulkOperationRunQuery(query: "{orders {edges {node {id}}}}") {__typename}}')

    others = operations(own_street)

    def end_the_others(_: float) -> None:
        for operation in others:
            own_street.graphql(f'mutation {{bulkOperationCancel(id: "{operation}") {{__typename}}}}')
        until(lambda: list(operations(own_street).values()).count("CANCELED") == 5)
        own_street.patience(0.0)

    assert len(export(own_street, pause=end_the_others)) == 12
    assert len(own_street.wire.calls("BulkStart")) > 1


def test_expired_export_is_made_again() -> None:
    """Results are kept for seven days; a run that is resumed later reads a new one from its beginning."""
    now_s = [0]
    clock_start_s = int(datetime.now(UTC).timestamp())
    service = start(clock=lambda: clock_start_s + now_s[0])
    try:
        shop = busy_street(Shop(service.address, "late.myshopify.com").open())
        half = export(shop)[5]
        now_s[0] = EIGHT_DAYS_S
        resumed = list(shop.source(bulk_from_orders=1).orders(since=None, resume=half.checkpoint))
        assert len(resumed) == 12
        assert shop.operations_made == 2
        shop.wire.close()
    finally:
        service.stop()
