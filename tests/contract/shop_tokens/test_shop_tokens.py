"""A shop's access token lasts an hour, and whoever calls the shop notices nothing of it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from backend.connections.access import RENEWAL_TIME, RENEWED_BEFORE
from backend.errors import ConnectionRefused, RateLimited, UpstreamUnavailable
from backend.platforms.access import Tokens
from infra.local.shopify.installs import ACCESS_LIFETIME_S, REFRESH_LIFETIME_S
from tests.contract.shop_tokens.connected_shop import ConnectedShop

NEARLY_OVER_S = ACCESS_LIFETIME_S - int(RENEWED_BEFORE.total_seconds())


def test_good_token_is_kept(connected: ConnectedShop) -> None:
    """Nothing is written and nobody asked, until its time is nearly over."""
    before = connected.stored
    connected.pass_time(NEARLY_OVER_S - 10)
    assert connected.opens(connected.caller().token())
    assert connected.stored == before


def test_token_is_renewed_before_it_ends(connected: ConnectedShop) -> None:
    """By a caller who has held it all the while; the next one finds it stored."""
    caller = connected.caller()
    first = caller.token()
    connected.pass_time(NEARLY_OVER_S)
    second = caller.token()
    assert second != first
    assert connected.opens(second)
    assert connected.caller().token() == second


def test_shop_that_rested_for_weeks_opens_again(connected: ConnectedShop) -> None:
    """A refresh token is good for ninety days, and each renewal brings a new one."""
    for _month in range(3):
        connected.pass_time(REFRESH_LIFETIME_S - 60)
        assert connected.opens(connected.caller().token())


def test_callers_at_once_renew_once(connected: ConnectedShop) -> None:
    """All of them end up with the one pair that opens the shop."""
    callers = [connected.caller(pause=lambda _seconds: time.sleep(0.1)) for _ in range(6)]
    connected.pass_time(ACCESS_LIFETIME_S)
    with ThreadPoolExecutor(len(callers)) as crowd:
        tokens = set(crowd.map(lambda caller: caller.token(), callers))
    (token,) = tokens
    assert connected.opens(token)


def test_caller_takes_what_somebody_else_renewed(connected: ConnectedShop) -> None:
    """Also in the middle of a long run: the shop refuses the old token, and the call is made again with the new one."""
    running, other = connected.caller(), connected.caller()
    source = connected.source(running)
    assert source.count(since=None) == 0
    renewed = other.after_refusal(other.token())
    assert source.count(since=None) == 0
    assert running.token() == renewed
    source.close()


def test_renewal_that_was_never_stored_is_made_again(connected: ConnectedShop) -> None:
    """Its caller died after the shop had answered; the others wait until that is certain."""
    stored = connected.stored
    connected.pass_time(ACCESS_LIFETIME_S)
    assert connected.repository.claim_renewal(stored, at=connected.tokens.clock(), lasts=RENEWAL_TIME)
    sealed = stored.sealed_refresh_token or b""
    refresh_token = connected.tokens.sealer.unseal(sealed, place=f"{stored.tenant_id}/connections/{stored.id}")
    connected.platform.renew(stored.shop_domain, refresh_token, timeout_s=10.0)
    before_s = connected.now_s
    assert connected.opens(connected.caller().token())
    assert connected.now_s - before_s >= RENEWAL_TIME.total_seconds()


def test_request_does_not_wait_for_another_renewal(connected: ConnectedShop) -> None:
    """Its caller decides how long it waits."""

    def impatient(seconds: float) -> None:
        raise RateLimited(retry_after_s=seconds)

    connected.pass_time(ACCESS_LIFETIME_S)
    connected.repository.claim_renewal(connected.stored, at=connected.tokens.clock(), lasts=RENEWAL_TIME)
    with pytest.raises(RateLimited):
        connected.caller(pause=impatient).token()


def test_renewal_that_never_ends_is_given_up(connected: ConnectedShop) -> None:
    """A caller does not wait for ever, and may come again."""
    connected.pass_time(ACCESS_LIFETIME_S)
    connected.repository.claim_renewal(connected.stored, at=connected.tokens.clock(), lasts=timedelta(days=1))
    with pytest.raises(UpstreamUnavailable):
        connected.caller().token()


def test_connecting_anew_wins_over_a_renewal(connected: ConnectedShop) -> None:
    """What a renewal brings that was under way is not stored over the tokens of the new consent."""
    before = connected.stored
    connected.connect()
    after = connected.stored
    fields = connected.tokens.sealed(before.tenant_id, before.id, Tokens("late", "late", 3600.0))
    assert connected.repository.record_renewal(before, fields) == after
    assert connected.stored == after


def test_removed_app_is_refused(connected: ConnectedShop) -> None:
    """The merchant has to connect the shop again, whether or not its hour is over."""
    source = connected.source(connected.caller())
    connected.uninstall()
    with pytest.raises(ConnectionRefused):
        source.count(since=None)
    connected.pass_time(ACCESS_LIFETIME_S)
    with pytest.raises(ConnectionRefused):
        connected.caller().token()
    source.close()
