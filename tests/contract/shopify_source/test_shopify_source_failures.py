"""What the adapter does when the shop or the way to it fails."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend.errors import ConnectionRefused, RateLimited, RunInterrupted, ScopeMissing, UpstreamUnavailable
from backend.platforms.access import FixedAccess
from backend.platforms.registry import Shopify
from backend.platforms.shopify.oauth import ShopifyOAuth
from backend.platforms.shopify.retry import MAX_REFUSALS
from backend.platforms.source import Source
from tests.contract.shopify_source.shop import TOKEN, Shop, busy_street


def count_of(shop: Shop, *, timeout_s: float = 10.0) -> int:
    return len(list(shop.source(timeout_s=timeout_s).orders(since=None, resume=None)))


@pytest.mark.parametrize("kind", ["503", "drop", "429", "throttled"])
def test_passing_failure_loses_nothing(street: Shop, kind: str) -> None:
    """Two failures in the middle of a stream are waited out."""
    street.trouble(kind, times=2, skip=1)
    assert count_of(street) == 12
    assert len(street.patience.asked_s) == 2


def test_slow_answer_is_asked_for_again(street: Shop) -> None:
    """No call waits longer than its time-out."""
    street.trouble("delay", delay_s=1.0)
    assert count_of(street, timeout_s=0.4) == 12
    assert len(street.patience.asked_s) == 1


def test_too_many_requests_waits_as_told(street: Shop) -> None:
    """Retry-After said two seconds."""
    street.trouble("429")
    assert count_of(street) == 12
    assert 2.0 < street.patience.asked_s[0] < 3.0


@pytest.mark.parametrize("kind", ["503", "drop"])
def test_lasting_failure_is_given_up(street: Shop, kind: str) -> None:
    """After bounded attempts, as something that may succeed later."""
    street.trouble(kind, times=50)
    with pytest.raises(UpstreamUnavailable):
        count_of(street)
    assert len(street.patience.asked_s) == 5


@pytest.mark.parametrize("kind", ["429", "throttled"])
def test_lasting_refusal_is_given_up(street: Shop, kind: str) -> None:
    """A shop that only ever says "slower" does not hold a run for ever; the run may go on later."""
    street.trouble(kind, times=100)
    with pytest.raises(RateLimited) as caught:
        count_of(street)
    assert len(street.patience.asked_s) == MAX_REFUSALS
    assert caught.value.retriable


def test_throttle_is_obeyed(new_shop: Callable[..., Shop], tmp_path: Path) -> None:
    """A bucket that runs low is waited for, so that the shop never has to refuse a call."""
    shop = new_shop(plan="standard")
    shop.load(tmp_path, orders=30, lines=1)
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)

    source = shop.source(pause=pause)
    while not waits:
        assert len(list(source.orders(since=None, resume=None))) == 30
    assert [answer for answer in shop.wire.answers if "errors" in answer] == []


def test_throttled_call_waits_as_told(new_shop: Callable[..., Shop]) -> None:
    """As long as the bucket of the shop takes to fill up to what the call asked for: 100 points a second."""
    shop = busy_street(new_shop(plan="standard"))
    waits: list[float] = []

    def stop(seconds: float) -> None:
        waits.append(seconds)
        raise RunInterrupted

    shop.empty_bucket()
    with pytest.raises(RunInterrupted):
        shop.source(pause=stop).count(since=None)
    (refusal,) = shop.wire.answers
    cost = refusal["extensions"]["cost"]
    told_s = (cost["requestedQueryCost"] - cost["throttleStatus"]["currentlyAvailable"]) / 100
    assert told_s < waits[0] < told_s + 0.3


def test_next_stream_knows_how_empty_the_bucket_is(new_shop: Callable[..., Shop]) -> None:
    """One of other fields waits rather than be refused: automations of a lane share what one of them learned."""
    shop = busy_street(new_shop(plan="standard", points_per_s=1))
    oauth = ShopifyOAuth(client_id="app", secret=SecretStr("secret"), scopes="read_orders")
    platform = Shopify(
        base_url=shop.base_url, api_version="2026-10", oauth=oauth, timeout_s=10.0, bulk_from_orders=10**9
    )
    waits: list[float] = []

    def stop(seconds: float) -> None:
        waits.append(seconds)
        raise RunInterrupted

    def source(*fields: str) -> Source:
        return platform.open_source(shop.domain, FixedAccess(TOKEN), fields=fields, lines=False, pause=stop)

    with closing(source("order_name")) as first, closing(source("order_name", "total")) as second:
        assert len(list(first.orders(since=None, resume=None))) == 12
        shop.empty_bucket()
        for stream in (first, second):
            with pytest.raises(RunInterrupted):
                next(iter(stream.orders(since=datetime(2026, 1, 1, tzinfo=UTC), resume=None)))
    assert len(waits) == 2
    assert shop.refused_calls == 1


def test_unreachable_shop_may_come_back() -> None:
    """Nothing listens there: tried again, then left for later."""
    nowhere = Shop("127.0.0.1:1", "nobody.myshopify.com")
    with pytest.raises(UpstreamUnavailable):
        nowhere.source().count(since=None)
    assert len(nowhere.patience.asked_s) == 5


def test_revoked_token_stops_the_stream(own_street: Shop) -> None:
    """The merchant has to connect again; that is not retried."""
    stream = own_street.source().orders(since=None, resume=None)
    next(stream)
    own_street.control(f"shops/{own_street.domain}/token", {"access_token": "shpat_second"})
    with pytest.raises(ConnectionRefused, match="Connect the shop again"):
        list(stream)
    assert own_street.patience.asked_s == []


@pytest.mark.parametrize("bulk_from_orders", [1, 10**9])
def test_missing_scope_is_named(new_shop: Callable[..., Shop], bulk_from_orders: int) -> None:
    """By pages and by export, the merchant reads which permission is missing."""
    shop = busy_street(new_shop(scopes=["read_orders", "read_all_orders"]))
    source = shop.source(["order_name", "customer_name"], bulk_from_orders=bulk_from_orders)
    with pytest.raises(ScopeMissing, match="read_customers"):
        list(source.orders(since=None, resume=None))


@pytest.mark.parametrize("bulk_from_orders", [1, 10**9])
def test_scope_is_needed_only_for_what_is_shown(new_shop: Callable[..., Shop], bulk_from_orders: int) -> None:
    """Without a customer's column no access to customers is asked for."""
    shop = busy_street(new_shop(scopes=["read_orders", "read_all_orders"]))
    source = shop.source(["order_name", "customer_email", "sku"], bulk_from_orders=bulk_from_orders)
    assert len(list(source.orders(since=None, resume=None))) == 12


def test_stop_signal_interrupts_a_wait(street: Shop) -> None:
    """A run that is told to stop does not sit out a back-off."""
    street.trouble("503", times=50)

    def stop(_: float) -> None:
        raise RunInterrupted

    with pytest.raises(RunInterrupted):
        street.source(pause=stop).count(since=None)


def test_source_closes_twice(street: Shop) -> None:
    """Closing what is closed is no error."""
    source = street.source()
    source.count(since=None)
    source.close()
    source.close()
