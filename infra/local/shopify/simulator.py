"""The parts of the service, wired."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graphql import GraphQLSchema

from infra.local.shopify.app import App
from infra.local.shopify.bulk import BulkRunner
from infra.local.shopify.faults import Faults
from infra.local.shopify.schema import load_schema
from infra.local.shopify.store import Store
from infra.local.shopify.throttle import Buckets
from infra.local.shopify.webhooks import Webhooks


def now() -> int:
    """In whole seconds, since an order's times have no fractions."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class Simulator:
    store: Store
    schema: GraphQLSchema
    faults: Faults
    bulk: BulkRunner
    buckets: Buckets
    webhooks: Webhooks
    clock: Callable[[], int]

    def stop(self) -> None:
        self.bulk.stop()
        self.webhooks.courier.stop()


def simulator(folder: Path, *, throttle: str, app: App, clock: Callable[[], int] = now) -> Simulator:
    store, schema, faults = Store(folder), load_schema(), Faults()
    bulk = BulkRunner(store, schema, folder=folder / "bulk", faults=faults, clock=clock)
    bulk.resume()
    return Simulator(store, schema, faults, bulk, Buckets(throttle), Webhooks(store, app=app), clock)
