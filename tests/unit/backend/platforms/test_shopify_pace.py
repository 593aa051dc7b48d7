"""When to call, when to call again, and for how much."""

import math

from hypothesis import given
from hypothesis import strategies as st

from backend.errors import RateLimited, UpstreamUnavailable
from backend.platforms.shopify.answer import Cost
from backend.platforms.shopify.page_size import FIRST_ORDERS, next_orders
from backend.platforms.shopify.retry import MAX_BACKOFF_S, MAX_FAILURES, MAX_REFUSALS, MAX_TOLD_WAIT_S, Retry
from backend.platforms.shopify.throttle import Throttle


def test_first_call_does_not_wait() -> None:
    """Nothing is known of the bucket before the first answer."""
    assert Throttle().wait_s("orders", at_s=5.0) == 0.0


def test_call_waits_for_the_points_it_asked_for() -> None:
    """What was not there when the shop answered comes back at its rate."""
    throttle = Throttle()
    throttle.learn("orders", Cost(requested=300, available=100, restore_rate=100), at_s=10.0)
    assert throttle.wait_s("orders", at_s=10.0) == 2.0
    assert throttle.wait_s("orders", at_s=11.5) == 0.5
    assert throttle.wait_s("orders", at_s=60.0) == 0.0


def test_small_call_does_not_wait_for_the_points_of_a_large_one() -> None:
    """Each document has its own price; the bucket is one."""
    throttle = Throttle()
    throttle.learn("orders", Cost(requested=300, available=200, restore_rate=100), at_s=10.0)
    throttle.learn("lines", Cost(requested=30, available=100, restore_rate=100), at_s=10.0)
    assert throttle.wait_s("lines", at_s=10.0) == 0.0
    assert throttle.wait_s("orders", at_s=10.0) == 2.0


def test_page_of_another_size_has_another_price() -> None:
    """A stream that begins with a small page does not wait for the points of the large ones before it."""
    throttle = Throttle()
    throttle.learn("orders", Cost(requested=50, available=300, restore_rate=100), at_s=10.0, first=1)
    throttle.learn("orders", Cost(requested=800, available=20, restore_rate=100), at_s=10.0, first=40)
    assert throttle.wait_s("orders", at_s=10.0, first=1) == 0.3


def test_unknown_document_is_taken_for_as_dear_as_others_of_its_size() -> None:
    """Another automation's columns make another document, and the shop is the same."""
    throttle = Throttle()
    throttle.learn("orders", Cost(requested=50, available=20, restore_rate=100), at_s=10.0, first=1)
    assert throttle.wait_s("orders with customers", at_s=10.0, first=1) == 0.3
    assert throttle.wait_s("orders with customers", at_s=10.0, first=40) == 0.0


def test_shop_that_asks_for_much_patience_is_left_in_peace() -> None:
    """The run rests, and its worker is free for others."""
    assert Retry().wait_s(RateLimited(retry_after_s=MAX_TOLD_WAIT_S)) is not None
    assert Retry().wait_s(RateLimited(retry_after_s=MAX_TOLD_WAIT_S + 1)) is None


def test_full_bucket_does_not_wait() -> None:
    """As long as the points are there, calls go out at once."""
    throttle = Throttle()
    throttle.learn("orders", Cost(requested=300, available=300, restore_rate=100), at_s=10.0)
    assert throttle.wait_s("orders", at_s=10.0) == 0.0


def test_answer_without_cost_teaches_nothing() -> None:
    """What was known stays known."""
    throttle = Throttle()
    throttle.learn("orders", Cost(requested=300, available=100, restore_rate=100), at_s=10.0)
    throttle.learn("orders", None, at_s=11.0)
    assert throttle.wait_s("orders", at_s=11.0) == 1.0


def test_failures_are_bounded() -> None:
    """A shop that never answers is given up, after waits that grow up to a limit."""
    retry = Retry()
    waits = [retry.wait_s(UpstreamUnavailable()) for _ in range(MAX_FAILURES)]
    assert all(wait is not None and 0 < wait <= MAX_BACKOFF_S for wait in waits)
    assert retry.wait_s(UpstreamUnavailable()) is None


def test_refusals_wait_at_least_as_told() -> None:
    """Never earlier than asked, and not all callers in the same instant."""
    waits = {Retry().wait_s(RateLimited(retry_after_s=4.0)) for _ in range(10)}
    assert all(wait is not None and wait > 4.0 for wait in waits)
    assert len(waits) > 1


def test_refusals_do_not_use_up_the_failures() -> None:
    """Being told to slow down is no failure."""
    retry = Retry(max_failures=1)
    assert all(retry.wait_s(RateLimited()) is not None for _ in range(MAX_REFUSALS))
    assert retry.wait_s(UpstreamUnavailable()) is not None
    assert retry.wait_s(RateLimited()) is None


def test_page_grows_while_it_is_cheap() -> None:
    """The shop counts far less than the published formula, and the pages follow."""
    assert next_orders(2, Cost(requested=70, available=2000, restore_rate=100)) == 22


def test_page_shrinks_when_it_is_dear() -> None:
    """It stays well under what one call may count."""
    assert next_orders(20, Cost(requested=1000, available=2000, restore_rate=100)) == 16


def test_page_does_not_grow_beyond_the_bucket() -> None:
    """A page the shop would refuse is not asked for: it keeps its size and waits for its points."""
    assert next_orders(20, Cost(requested=200, available=400, restore_rate=100)) == 28
    assert next_orders(20, Cost(requested=200, available=50, restore_rate=100)) == 20


@given(orders=st.integers(1, 250), inner=st.integers(1, 80), available=st.integers(0, 2000))
def test_growing_page_is_never_refused(orders: int, inner: int, available: int) -> None:
    """Where a size counts by its logarithm, in steps, a page that grew finds its points in the bucket."""

    def counted(size: int) -> int:
        return 2 + math.floor(2 * math.log(max(2, size))) * inner

    following = next_orders(orders, Cost(requested=counted(orders), available=available, restore_rate=100))
    assert counted(following) <= max(counted(orders), available)


def test_page_stays_small_when_nothing_is_told() -> None:
    """Without figures nothing is risked."""
    assert next_orders(40, None) == FIRST_ORDERS


@given(orders=st.integers(1, 250), fixed=st.floats(0, 20), each=st.floats(0.01, 500))
def test_page_is_never_too_dear(orders: int, fixed: float, each: float) -> None:
    """Where a page counts something fixed and something for each order, the next one counts at most 1,000."""
    following = next_orders(orders, Cost(requested=fixed + each * orders, available=2000, restore_rate=100))
    assert 1 <= following <= 250
    assert following == 1 or fixed + each * following <= 1000
