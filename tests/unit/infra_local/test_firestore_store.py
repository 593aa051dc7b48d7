"""The store, its journal, its transactions and its sweeper, without a wire."""

import sqlite3
from pathlib import Path

import pytest

from infra.local.firestore import ttl
from infra.local.firestore.clock import CommitClock
from infra.local.firestore.index_file import TtlField
from infra.local.firestore.journal import Journal
from infra.local.firestore.store import KEPT_US, Store
from infra.local.firestore.transactions import MAX_AGE_S, MAX_IDLE_S, Transactions
from infra.local.firestore.wire import TransactionOptions, Value, Write, timestamp
from infra.local.rpc_error import RpcError

ROOT = "projects/p/databases/(default)/documents"
NOW_US = 1_800_000_000_000_000
SECOND_US = 1_000_000


class Wall:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now_us = NOW_US

    def __call__(self) -> int:
        return self.now_us

    @property
    def now_s(self) -> float:
        return self.now_us / SECOND_US


def put(name: str, **fields: Value) -> Write:
    return Write(update={"name": f"{ROOT}/{name}", "fields": fields})


def test_commit_times_only_increase() -> None:
    """Also when the wall clock stands still or goes back."""
    wall = Wall()
    clock = CommitClock(wall)
    first, second = clock.next_us(), clock.next_us()
    wall.now_us -= SECOND_US
    assert first < second < clock.next_us()


def test_commit_follows_every_read() -> None:
    """What a snapshot showed cannot change after the fact."""
    clock = CommitClock(Wall())
    assert clock.read_us() < clock.next_us()


def test_commit_that_cannot_be_journaled_changes_nothing(tmp_path: Path) -> None:
    """Memory never knows more than the disk."""
    journal = Journal(tmp_path / "f.sqlite3")
    store = Store(journal)
    journal.close()
    with pytest.raises(sqlite3.Error):
        store.commit([put("c/a", n=Value(integer_value=1))])
    assert store.snapshot().get(f"{ROOT}/c/a") is None


def test_snapshot_of_the_far_past_or_the_future_is_refused() -> None:
    """The past is kept for a while; the future is not known."""
    wall = Wall()
    store = Store(clock=CommitClock(wall))
    store.commit([put("c/a", n=Value(integer_value=1))])
    wall.now_us += KEPT_US + SECOND_US
    store.commit([put("c/a", n=Value(integer_value=2))])
    with pytest.raises(RpcError, match="too old"):
        store.snapshot(NOW_US - SECOND_US)
    with pytest.raises(RpcError, match="future"):
        store.snapshot(wall.now_us + SECOND_US)


@pytest.mark.parametrize(
    ("pauses_s", "alive"), [((50, 50), True), ((61,), False), ((50,) * 5, True), ((50,) * 6, False)]
)
def test_transaction_lives_while_it_is_used_but_not_for_ever(*, pauses_s: tuple[int, ...], alive: bool) -> None:
    """It ends after a minute of silence, and in any case after 270 seconds."""
    assert (MAX_IDLE_S, MAX_AGE_S) == (60, 270)
    wall = Wall()
    transactions = Transactions(Store(clock=CommitClock(wall)), clock=lambda: wall.now_s)
    token = transactions.begin(TransactionOptions())
    try:
        for pause_s in pauses_s:
            wall.now_us += pause_s * SECOND_US
            transactions.get(token)
    except RpcError:
        assert not alive
    else:
        assert alive


def test_sweep_deletes_what_has_expired_in_every_tenant() -> None:
    """By the field's time; other types never expire."""
    store = Store()
    for name, value in {
        "sessions/past": Value(timestamp_value=timestamp(NOW_US - 1)),
        "tenants/t/sessions/past": Value(timestamp_value=timestamp(NOW_US - 1)),
        "sessions/future": Value(timestamp_value=timestamp(NOW_US + 1)),
        "sessions/number": Value(integer_value=1),
        "others/past": Value(timestamp_value=timestamp(NOW_US - 1)),
    }.items():
        store.commit([put(name, expires_at=value)])
    assert ttl.sweep(store, [TtlField("sessions", ("expires_at",))], now_us=NOW_US) == 2
    left = {name.removeprefix(f"{ROOT}/") for name in store.catalogue.documents}
    assert left == {"sessions/future", "sessions/number", "others/past"}
