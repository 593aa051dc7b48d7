from hypothesis import given
from hypothesis import strategies as st

from infra.local.tasks.token_bucket import TokenBucket


@given(
    rate_per_s=st.floats(0.1, 500),
    burst=st.integers(1, 100),
    gaps_s=st.lists(st.floats(0, 5), max_size=200),
)
def test_bucket_never_gives_more_than_its_rate(*, rate_per_s: float, burst: int, gaps_s: list[float]) -> None:
    """Whatever the moments of asking, no more than the burst and the rate times the time are given."""
    bucket, given_tokens, now_s = TokenBucket.full(rate_per_s=rate_per_s, burst=burst, now_s=0), 0, 0.0
    for gap_s in gaps_s:
        now_s += gap_s
        bucket = bucket.at(now_s)
        while bucket.wait_s == 0:
            bucket = bucket.take()
            given_tokens += 1
    assert given_tokens <= burst + rate_per_s * now_s + 1e-6


@given(rate_per_s=st.floats(0.1, 500), taken=st.integers(1, 10))
def test_token_is_there_after_the_wait(*, rate_per_s: float, taken: int) -> None:
    """Waiting as long as the bucket says is enough."""
    bucket = TokenBucket.full(rate_per_s=rate_per_s, burst=10, now_s=0)
    for _ in range(taken):
        bucket = bucket.take()
    assert bucket.at(bucket.wait_s + 1e-6).wait_s == 0


def test_idle_bucket_fills_up_to_its_burst() -> None:
    """An hour of silence allows one burst, not an hour's worth."""
    empty = TokenBucket(rate_per_s=5, burst=5, tokens=0, at_s=0)
    assert empty.at(3600).tokens == 5


def test_smaller_burst_takes_tokens_away() -> None:
    """A queue that was slowed down does not spend what it saved before."""
    assert TokenBucket.full(rate_per_s=100, burst=100, now_s=0).with_limits(rate_per_s=1, burst=1).tokens == 1
