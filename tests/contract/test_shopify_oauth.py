"""The local consent page of Shopify's, and the tokens that an app gets for its code."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

from infra.local.shopify.app import App
from infra.local.shopify.installs import ACCESS_LIFETIME_S, CODE_LIFETIME_S, REFRESH_LIFETIME_S
from infra.local.shopify.oauth import signature
from infra.local.shopify.server import start
from tests.contract.shopify_shop import TOKEN, ShopifyShop, new_shop
from tests.person import Person

BACK = "https://api.example/v1/oauth/shopify"
CLIENT = {"client_id": "the-app", "client_secret": "the-secret"}
ORDERS = "{ orders(first: 1) { nodes { id } } }"


class Shopify:
    def __init__(self) -> None:
        self.now = 1_800_000_000
        app = App(CLIENT["client_secret"], client_id=CLIENT["client_id"], redirect_uris=[BACK])
        self._service = start(app=app, clock=lambda: self.now, throttle="off")
        self.http = httpx.Client(base_url=f"http://{self._service.address}")
        self.person = Person()
        self.shop: ShopifyShop

    def ask(self, **changes: str) -> Person:
        asked = {"client_id": "the-app", "scope": "read_orders", "redirect_uri": BACK, "state": "the state"} | changes
        return self.person.open(
            f"{self.http.base_url}/shops/{self.shop.domain}/admin/oauth/authorize?{urlencode(asked)}"
        )

    def sent_back(self) -> dict[str, str]:
        answer = self.person.press("Install", follow=False).page
        assert answer.status_code == 303, answer.text
        address, _, query = answer.headers["Location"].partition("?")
        assert address == BACK
        return dict(parse_qsl(query, keep_blank_values=True))

    def code(self, **changes: str) -> str:
        self.ask(**changes)
        return self.sent_back()["code"]

    def token(self, **form: str) -> tuple[int, dict[str, Any]]:
        answer = self.http.post(f"/shops/{self.shop.domain}/admin/oauth/access_token", data=CLIENT | form)
        return answer.status_code, answer.json()

    def tokens(self) -> dict[str, Any]:
        status, tokens = self.token(code=self.code(), expiring="1")
        assert status == 200
        return tokens

    def refresh(self, refresh_token: str) -> tuple[int, dict[str, Any]]:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def opens(self, token: str) -> bool:
        return self.shop.ask(ORDERS, token=token).status_code == 200

    def close(self) -> None:
        self.person.close()
        self.http.close()
        self._service.stop()


@pytest.fixture(scope="module")
def running() -> Iterator[Shopify]:
    shopify = Shopify()
    yield shopify
    shopify.close()


@pytest.fixture
def shopify(running: Shopify) -> Shopify:
    """With a shop that no other test has seen."""
    running.shop = new_shop(running.http)
    return running


def test_installing_sends_back_a_signed_code(shopify: Shopify) -> None:
    """With the shop, the state and the instant, all of it signed."""
    shopify.ask()
    back = shopify.sent_back()
    assert (back["shop"], back["state"], back["timestamp"]) == (shopify.shop.domain, "the state", str(shopify.now))
    given = back.pop("hmac")
    assert given == signature(back, secret=CLIENT["client_secret"])


def test_cancelling_sends_nobody_back(shopify: Shopify) -> None:
    """As at Shopify, where the merchant stays in her admin."""
    page = shopify.ask().press("Cancel", follow=False).page
    assert (page.status_code, "Location" in page.headers) == (200, False)


def test_code_brings_a_token_that_expires(shopify: Shopify) -> None:
    """After an hour it opens nothing."""
    tokens = shopify.tokens()
    assert tokens["scope"] == "read_orders"
    assert (tokens["expires_in"], tokens["refresh_token_expires_in"]) == (ACCESS_LIFETIME_S - 1, REFRESH_LIFETIME_S)
    assert shopify.opens(tokens["access_token"])
    shopify.now += ACCESS_LIFETIME_S
    assert not shopify.opens(tokens["access_token"])


def test_code_without_expiry_brings_the_shops_own_token(shopify: Shopify) -> None:
    """As for apps that may still ask for it: the same one each time, and no refresh token."""
    assert shopify.token(code=shopify.code()) == (200, {"access_token": TOKEN, "scope": "read_orders"})


def test_token_opens_what_was_asked_for(shopify: Shopify) -> None:
    """A scope that the app did not ask for, or that the shop does not give, is not in it."""
    shopify.shop.make(scopes=["read_products"])
    _, tokens = shopify.token(code=shopify.code(scope="read_orders,read_products"), expiring="1")
    assert tokens["scope"] == "read_products"
    (error,) = shopify.shop.ask(ORDERS, token=tokens["access_token"]).json()["errors"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"


def test_code_works_once(shopify: Shopify) -> None:
    """And for its shop only, and for a minute."""
    code = shopify.code()
    assert shopify.token(code=code)[0] == 200
    used = shopify.token(code=code)
    elsewhere, late = shopify.code(), shopify.code()
    first_shop, shopify.shop = shopify.shop, new_shop(shopify.http)
    foreign = shopify.token(code=elsewhere)
    shopify.shop = first_shop
    shopify.now += CODE_LIFETIME_S
    for status, refused in (used, foreign, shopify.token(code=late)):
        assert (status, refused["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [({"client_id": "another"}, 400, "application_cannot_be_found"), ({"client_secret": "x"}, 401, "invalid_client")],
)
def test_code_alone_opens_nothing(shopify: Shopify, changes: dict[str, str], status: int, error: str) -> None:
    """It takes the app's own secret."""
    answered, refused = shopify.token(code=shopify.code(), **changes)
    assert (answered, refused["error"]) == (status, error)


@pytest.mark.parametrize("changes", [{"redirect_uri": "https://elsewhere.example"}, {"client_id": "another"}])
def test_wrong_question_sends_nobody_anywhere(shopify: Shopify, changes: dict[str, str]) -> None:
    """The person is told on the page itself."""
    page = shopify.ask(**changes).page
    assert (page.status_code, shopify.person.form.buttons) == (400, {})
    assert "Oauth error" in page.text


def test_refresh_replaces_both_tokens(shopify: Shopify) -> None:
    """The old access token is dead at once."""
    first = shopify.tokens()
    status, second = shopify.refresh(first["refresh_token"])
    assert status == 200
    assert shopify.opens(second["access_token"])
    assert not shopify.opens(first["access_token"])


def test_lost_answer_to_a_refresh_can_be_asked_for_again(shopify: Shopify) -> None:
    """Until the app has used what came of it: then the one before is retired."""
    first = shopify.tokens()
    _, lost = shopify.refresh(first["refresh_token"])
    status, second = shopify.refresh(first["refresh_token"])
    assert status == 200
    assert shopify.refresh(lost["refresh_token"])[0] == 401
    assert shopify.refresh(second["refresh_token"])[0] == 200
    status, refused = shopify.refresh(first["refresh_token"])
    assert (status, refused["error"]) == (401, "invalid_request")


def test_refresh_token_lasts_ninety_days(shopify: Shopify) -> None:
    """And no longer."""
    tokens = shopify.tokens()
    shopify.now += REFRESH_LIFETIME_S
    assert shopify.refresh(tokens["refresh_token"])[0] == 401


def test_installing_again_ends_the_tokens_before(shopify: Shopify) -> None:
    """An app has one at a time in a shop."""
    first, second = shopify.tokens(), shopify.tokens()
    assert (shopify.opens(first["access_token"]), shopify.opens(second["access_token"])) == (False, True)
    assert shopify.refresh(first["refresh_token"])[0] == 401


def test_uninstalling_ends_all_tokens(shopify: Shopify) -> None:
    """The refresh token too."""
    tokens = shopify.tokens()
    shopify.shop.control(f"/control/shops/{shopify.shop.domain}/uninstall", {})
    assert not shopify.opens(tokens["access_token"])
    assert shopify.refresh(tokens["refresh_token"])[0] == 401
