"""Connecting a shop as a person does it: from the sidebar to Shopify's page and back."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from google.cloud import firestore

from backend.clock import utc_now
from backend.sealing import Sealer
from backend.settings import Settings
from infra.local.demo.merchant import Merchant
from infra.local.shopify.oauth import signature
from infra.local.stack import SHOPIFY_APP_SECRET
from tests.e2e.desk import Desk
from tests.person import Person
from tests.shop import Shop, trouble

NO_LONGER = "This link is no longer valid. Start again from the sidebar."


def ask(merchant: Merchant, shop_domain: str) -> httpx.Response:
    return merchant.http.post("/v1/connections/authorize", json={"platform": "shopify", "shop_domain": shop_domain})


def asked(merchant: Merchant, shop: Shop) -> str:
    """Shopify's page, as the sidebar opens it."""
    answer = ask(merchant, shop.domain)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])


def connected(merchant: Merchant) -> list[str]:
    return [each["shop_domain"] for each in merchant.http.get("/v1/connections").json()["connections"]]


def sent_back(person: Person, url: str) -> tuple[str, dict[str, str]]:
    """Where Shopify sends the browser, before it goes there."""
    location = person.open(url).press("Install", follow=False).page.headers["Location"]
    address, _, query = location.partition("?")
    return address, dict(parse_qsl(query))


def arrive(address: str, query: dict[str, str], **changes: str) -> httpx.Response:
    """With a signature that is right for what is changed."""
    changed = {name: value for name, value in (query | changes).items() if name != "hmac"}
    signed = changed | {"hmac": signature(changed, secret=SHOPIFY_APP_SECRET)}
    return httpx.get(f"{address}?{urlencode(signed)}")


def is_no_longer_valid(answer: httpx.Response) -> bool:
    return (answer.status_code, NO_LONGER in answer.text) == (410, True)


def test_shop_is_connected_in_two_clicks(merchant: Merchant, person: Person) -> None:
    """The connection shows what the shop says of itself, and the last page names it."""
    shop = Shop.new(merchant.stack, currency="EUR")
    person.open(asked(merchant, shop)).press("Install")
    name = shop.domain.removesuffix(".myshopify.com")
    assert (person.page.status_code, person.form.heading) == (200, f"{name} is connected")
    (connection,) = merchant.http.get("/v1/connections").json()["connections"]
    assert (connection["shop_domain"], connection["currency"]) == (shop.domain, "EUR")
    assert f"{merchant.email} asked for this" in person.page.text


@pytest.mark.parametrize(
    "written", ["{}", " {} ", "https://{}.myshopify.com/admin", "admin.shopify.com/store/{}/orders"]
)
def test_shop_is_found_however_it_is_called(merchant: Merchant, written: str) -> None:
    """By its name alone, or by an address that a person copies from the browser."""
    answer = ask(merchant, written.format("My-Shop"))
    assert answer.status_code == 201
    assert "/my-shop.myshopify.com/" in answer.json()["url"]


@pytest.mark.parametrize(
    "nonsense", ["", "my shop", "shop.example.com", "-x", "x.myshopify.com\n.evil.example", "a.b.myshopify.com"]
)
def test_nonsense_is_told_by_its_field(merchant: Merchant, nonsense: str) -> None:
    """Nobody is sent to a host that is not Shopify's."""
    refused = ask(merchant, nonsense)
    assert refused.status_code == 422
    assert "my-shop.myshopify.com" in refused.json()["fields"]["shop_domain"]


def test_cancelling_connects_nothing(merchant: Merchant, person: Person) -> None:
    """Shopify does not come back; the link stays good until its time is over."""
    shop = Shop.new(merchant.stack)
    url = asked(merchant, shop)
    person.open(url).press("Cancel")
    assert connected(merchant) == []
    person.open(url).press("Install")
    assert connected(merchant) == [shop.domain]


def test_shop_goes_to_whoever_asked(merchant: Merchant, other_merchant: Merchant, person: Person) -> None:
    """And to one tenant only: the second is told where it is."""
    shop = Shop.new(merchant.stack)
    other = asked(other_merchant, shop)
    person.open(asked(merchant, shop)).press("Install")
    assert (connected(merchant), connected(other_merchant)) == ([shop.domain], [])
    person.open(other).press("Install")
    assert (person.page.status_code, "already connected" in person.page.text) == (409, True)
    assert connected(other_merchant) == []


def test_attempt_of_somebody_else_breaks_nothing(
    merchant: Merchant, other_merchant: Merchant, person: Person, settings: Settings, documents: firestore.Client
) -> None:
    """An exchange of the code would end the tokens of whoever has the shop."""
    shop = Shop.new(merchant.stack)
    person.open(asked(merchant, shop)).press("Install")
    person.open(asked(other_merchant, shop)).press("Install")
    (connection,) = merchant.http.get("/v1/connections").json()["connections"]
    place = f"{merchant.tenant_id}/connections/{connection['id']}"
    sealed = documents.document(f"tenants/{place}").get().get("sealed_access_token")
    assert shop.opens_to(Sealer.from_file(settings.envelope_key_file).unseal(sealed, place=place))


def test_replayed_answer_is_refused(merchant: Merchant, person: Person) -> None:
    """Whoever finds the address in a history gets nothing for it."""
    person.open(asked(merchant, Shop.new(merchant.stack))).press("Install")
    assert is_no_longer_valid(httpx.get(person.page.url))


def test_wrong_signature_is_refused_and_spends_nothing(merchant: Merchant, person: Person) -> None:
    """Who did not come from Shopify cannot use the link up either."""
    shop = Shop.new(merchant.stack)
    address, query = sent_back(person, asked(merchant, shop))
    for hmac in ("0" * 64, ""):
        assert is_no_longer_valid(httpx.get(f"{address}?{urlencode(query | {'hmac': hmac})}"))
    assert connected(merchant) == []
    assert arrive(address, query).status_code == 200


def test_other_shop_cannot_answer(merchant: Merchant, person: Person) -> None:
    """Also not with a signature of Shopify's own."""
    address, query = sent_back(person, asked(merchant, Shop.new(merchant.stack)))
    assert is_no_longer_valid(arrive(address, query, shop=Shop.new(merchant.stack).domain))
    assert connected(merchant) == []


@pytest.mark.parametrize("change", [{"expires_at": utc_now() - timedelta(seconds=1)}, {"purpose": "link_account"}])
def test_state_that_is_good_for_nothing_here_is_refused(
    merchant: Merchant, documents: firestore.Client, person: Person, change: dict[str, Any]
) -> None:
    """One that is too old, though Firestore has not deleted it yet; one that was given for something else."""
    url = asked(merchant, Shop.new(merchant.stack))
    state = dict(parse_qsl(urlsplit(url).query))["state"]
    documents.document(f"oauth_states/{hashlib.sha256(state.encode()).hexdigest()}").update(change)
    assert is_no_longer_valid(person.open(url).press("Install").page)
    assert connected(merchant) == []


def test_spent_code_is_refused(merchant: Merchant, person: Person) -> None:
    """With a state that is good: the code alone decides."""
    shop = Shop.new(merchant.stack)
    _, used = sent_back(person, asked(merchant, shop))
    address, query = sent_back(person, asked(merchant, shop))
    assert arrive(address, query).status_code == 200
    again = asked(merchant, shop)
    state = dict(parse_qsl(urlsplit(again).query))["state"]
    assert is_no_longer_valid(arrive(address, used, state=state, code=query["code"]))


def test_permission_that_the_shop_does_not_give_is_named(merchant: Merchant, person: Person) -> None:
    """What cannot read orders is not connected."""
    shop = Shop.new(merchant.stack, scopes=["read_products"])
    person.open(asked(merchant, shop)).press("Install")
    assert (person.page.status_code, "permission read_orders" in person.page.text) == (422, True)
    assert connected(merchant) == []


def test_shop_that_fails_is_told_on_the_page(merchant: Merchant, person: Person) -> None:
    """In words, and with what to do."""
    shop = Shop.new(merchant.stack)
    trouble(merchant.stack, "503")
    person.open(asked(merchant, shop)).press("Install")
    assert (person.page.status_code, "try again" in person.page.text) == (503, True)
    assert person.page.headers["Content-Type"].startswith("text/html")


def test_run_does_not_notice_that_the_hour_is_over(desk: Desk, person: Person) -> None:
    """The worker has the access renewed, and the rows arrive."""
    desk.fill_shop(orders=3)
    person.open(asked(desk.ann, desk.shop)).press("Install")
    desk.shop.expire_tokens()
    automation = desk.automate()
    desk.completed(automation)
    assert len(desk.rows(automation)) == 6


def test_tokens_are_sealed(merchant: Merchant, documents: firestore.Client, person: Person) -> None:
    """Whoever reads the database finds neither of the two."""
    person.open(asked(merchant, Shop.new(merchant.stack))).press("Install")
    (connection,) = merchant.http.get("/v1/connections").json()["connections"]
    stored = documents.document(f"tenants/{merchant.tenant_id}/connections/{connection['id']}").get().to_dict() or {}
    assert stored["sealed_refresh_token"]
    assert stored["access_expires_at"] > utc_now()
    assert not [word for word in ("shpat_", "shprt_") if word in repr(stored)]
