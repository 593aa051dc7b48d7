from collections.abc import Iterator

import pytest

from infra.local.firestore.server import FirestoreServer, start
from tests.contract.firestore.conftest import client_of
from tests.contract.shop_tokens.connected_shop import ConnectedShop, LocalShopify


@pytest.fixture(scope="package")
def server() -> Iterator[FirestoreServer]:
    running = start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def shopify() -> Iterator[LocalShopify]:
    running = LocalShopify()
    yield running
    running.close()


@pytest.fixture
def connected(shopify: LocalShopify, server: FirestoreServer) -> Iterator[ConnectedShop]:
    with client_of(server.address) as db:
        yield ConnectedShop(shopify, db)
