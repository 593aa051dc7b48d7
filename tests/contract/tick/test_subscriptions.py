"""Backends that tick at the same time, and a shop whose subscriptions are due."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from backend.connections.model import Connection, PlatformName, seal_place
from backend.connections.repository import ConnectionRepository
from backend.sealing import Sealer
from backend.settings import Settings
from tests.contract.tick.backend import Backend
from tests.contract.tick.services import Services
from tests.contract.worker import Worker, running_worker

GRAPHQL = "/admin/api/2026-10/graphql.json"


@pytest.fixture
def shop() -> Iterator[Worker]:
    """One that answers nothing useful, and only when the test lets it."""
    with running_worker() as shop:
        shop.gates[GRAPHQL] = Event()
        yield shop


@pytest.fixture
def backend(services: Services, shop: Worker, monkeypatch: pytest.MonkeyPatch) -> Backend:
    for name, value in (services.environment | {"TABKEEPER_SHOPIFY_BASE_URL": shop.url}).items():
        monkeypatch.setenv(name, value)
    return Backend(services, Settings.from_environment())


def connected(backend: Backend) -> Connection:
    """As a shop is whose day has come."""
    mark = uuid.uuid4().hex[:12]
    tenant_id, connection_id = f"ten_{mark}", f"con_{mark}"
    sealer = Sealer.from_file(Settings.from_environment().envelope_key_file)
    return ConnectionRepository(backend.db).save(
        Connection(
            id=connection_id,
            tenant_id=tenant_id,
            platform=PlatformName.SHOPIFY,
            shop_domain=f"{mark}.myshopify.com",
            shop_name="Ann's",
            currency="EUR",
            time_zone="Europe/Berlin",
            scopes=["read_orders"],
            sealed_access_token=sealer.seal("shpat", place=seal_place(tenant_id, connection_id)),
            created_at=backend.now,
            updated_at=backend.now,
            subscriptions_due_at=backend.now,
        )
    )


def test_subscriptions_are_looked_at_by_one_tick(backend: Backend, shop: Worker) -> None:
    """While it waits for the shop, another tick passes them over; after a failure they are due within the hour."""
    connected(backend)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(backend.tick)
        shop.wait_for(GRAPHQL)
        backend.tick()
        shop.gates[GRAPHQL].set()
        first.result()
    assert len(shop.at(GRAPHQL)) == 1
    backend.pass_time(hours=1)
    backend.tick()
    assert len(shop.at(GRAPHQL)) == 2


def test_subscriptions_whose_tick_got_nowhere_are_looked_at_again(backend: Backend, shop: Worker) -> None:
    """When nobody can be at them any more."""
    connected(backend)
    with ThreadPoolExecutor(2) as threads:
        ticks = [threads.submit(backend.tick)]
        shop.wait_for(GRAPHQL)
        backend.pass_time(minutes=10)
        ticks.append(threads.submit(backend.tick))
        shop.wait_for(GRAPHQL, count=2)
        shop.gates[GRAPHQL].set()
        for tick in ticks:
            tick.result()


def test_due_subscriptions_are_claimed_once(backend: Backend) -> None:
    """By one of many who have found them due in the same instant."""
    found, connections = connected(backend), ConnectionRepository(backend.db)

    def claim(_: int) -> Connection | None:
        return connections.claim_subscriptions(found, at=backend.now, until=backend.now + timedelta(minutes=1))

    with ThreadPoolExecutor(8) as threads:
        claims = [claimed for claimed in threads.map(claim, range(8)) if claimed]
    assert [claimed.id for claimed in claims] == [found.id]
