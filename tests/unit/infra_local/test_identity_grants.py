from collections.abc import Iterator

import pytest

from infra.local.identity.grants import ACCESS_TOKEN_LIFETIME_S, Grants
from infra.local.identity.store import Store


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def grants(clock: Clock) -> Iterator[Grants]:
    store = Store(None)
    yield Grants(store, clock=clock)
    store.close()


def test_access_token_ends_after_its_lifetime(grants: Grants, clock: Clock) -> None:
    """One second before the end it opens, at the end it does not."""
    issued = grants.issue_access_token(client_id="c", email="ann@shop.example", scopes=("a",))
    clock.now_s += ACCESS_TOKEN_LIFETIME_S - 1
    assert grants.find_access_token(issued.token) == issued
    clock.now_s += 1
    assert grants.find_access_token(issued.token) is None


def test_withdrawn_consent_concerns_one_person(grants: Grants) -> None:
    """Another person's grants to the same client stay."""
    ann = grants.give(client_id="c", email="ann@shop.example", scopes=("a",))
    bob = grants.give(client_id="c", email="bob@shop.example", scopes=("a",))
    grants.withdraw_consent("ann@shop.example")
    assert grants.find(ann.refresh_token) is None
    assert grants.find(bob.refresh_token) == bob


def test_revoking_an_unknown_token_changes_nothing(grants: Grants) -> None:
    """The caller learns that there was nothing to revoke, and tokens without a grant are untouched."""
    issued = grants.issue_access_token(client_id="c", email="bot@x.iam.gserviceaccount.com", scopes=("a",))
    assert not grants.revoke("1//unknown")
    assert grants.find_access_token(issued.token) == issued
