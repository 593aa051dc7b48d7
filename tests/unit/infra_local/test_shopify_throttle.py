"""The bucket of points."""

from infra.local.shopify.shop import Shop
from infra.local.shopify.throttle import RATES, Bucket, Buckets


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_bucket_gives_until_it_is_empty_and_fills_with_time() -> None:
    """What is not enough takes nothing; a second brings 100 points back to a standard shop."""
    clock = Clock()
    bucket = Bucket(RATES["standard"], clock_s=clock)
    assert bucket.take(1_000)
    assert bucket.take(950)
    assert not bucket.take(60)
    assert bucket.status() == {"maximumAvailable": 2000.0, "currentlyAvailable": 50, "restoreRate": 100.0}
    clock.now_s = 0.1
    assert bucket.take(60)


def test_bucket_never_overflows() -> None:
    """Neither with time nor with points given back."""
    clock = Clock()
    bucket = Bucket(RATES["standard"], clock_s=clock)
    clock.now_s = 3_600
    bucket.give_back(500)
    assert bucket.status()["currentlyAvailable"] == 2_000


def test_bucket_without_a_rate_never_runs_empty() -> None:
    """For runs that are not about throttling."""
    bucket = Bucket(None, clock_s=Clock())
    assert all(bucket.take(1_000) for _ in range(1_000))


def test_shops_do_not_share_a_bucket() -> None:
    """One shop's load never throttles another; a shop's own plan goes before the service's."""
    buckets = Buckets("standard")
    one, two = Shop("one.myshopify.com", "t"), Shop("two.myshopify.com", "t", plan="plus")
    assert buckets.of(one).take(2_000)
    assert not buckets.of(one).take(1_000)
    assert buckets.of(two).status()["restoreRate"] == 1_000
