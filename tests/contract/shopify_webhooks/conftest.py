import secrets
from collections.abc import Iterator

import httpx
import pytest

from infra.local.shopify.app import App
from infra.local.shopify.server import start
from tests.contract.shopify_shop import ShopifyShop, new_shop
from tests.contract.shopify_webhooks.inbox import Inbox
from tests.contract.worker import Worker, running_worker

SECRET = "app-secret-of-the-test"


@pytest.fixture(scope="package")
def worker() -> Iterator[Worker]:
    with running_worker() as worker:
        yield worker


@pytest.fixture(scope="package")
def http() -> Iterator[httpx.Client]:
    service = start(app=App(SECRET, allows_http=True), throttle="off")
    with httpx.Client(base_url=f"http://{service.address}", timeout=60) as client:
        yield client
    service.stop()


@pytest.fixture
def shop(http: httpx.Client) -> Iterator[ShopifyShop]:
    """A new one for every test; what trouble was asked for ends with it."""
    shop = new_shop(http)
    yield shop
    http.delete("/control/webhooks")
    shop.control("/control/app", {"secret": SECRET})


@pytest.fixture
def inbox(shop: ShopifyShop, worker: Worker) -> Inbox:
    """An address of one's own."""
    return Inbox(shop, worker, f"/{secrets.token_hex(8)}")
