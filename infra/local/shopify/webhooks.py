"""From a change that is committed to the webhooks that tell of it."""

import json
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from infra.local.shopify.app import App
from infra.local.shopify.change import Event
from infra.local.shopify.courier import Courier
from infra.local.shopify.delivery import Delivery
from infra.local.shopify.instant import iso
from infra.local.shopify.shops import ShopRow
from infra.local.shopify.store import Store
from infra.local.shopify.subscriptions import Subscriptions
from infra.local.shopify.topics import ComplianceTopic, header_name


class Outbox:
    """A transaction, and the webhooks that are sent when it is committed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.deliveries: list[Delivery] = []

    def announce(self, row: ShopRow, events: Iterable[Event]) -> None:
        """To whoever is subscribed now, whatever becomes of the subscription; the events are those of one change."""
        subscriptions = Subscriptions(self.connection, row.number).all()
        event_id, triggered_at = str(uuid.uuid4()), _instant()
        for event in events:
            subscribed = [each for each in subscriptions if each.topic == event.topic]
            body = _encoded(event.body()) if subscribed else b""
            self.deliveries += [
                Delivery(
                    id=str(uuid.uuid4()),
                    event_id=event_id,
                    topic=header_name(event.topic),
                    shop=row.shop.domain,
                    shop_number=row.number,
                    subscription_id=each.id,
                    uri=each.uri,
                    triggered_at=triggered_at,
                    body=body,
                )
                for each in subscribed
            ]

    def address(self, row: ShopRow, *, uri: str, topic: ComplianceTopic, payload: dict[str, Any]) -> None:
        self.deliveries.append(
            Delivery(
                id=str(uuid.uuid4()),
                event_id=str(uuid.uuid4()),
                topic=topic,
                shop=row.shop.domain,
                shop_number=row.number,
                subscription_id=None,
                uri=uri,
                triggered_at=_instant(),
                body=_encoded(payload),
            )
        )


class Webhooks:
    def __init__(self, store: Store, *, app: App) -> None:
        self.app = app
        self.courier = Courier(app, refused=self._unsubscribe)
        self._store = store

    @contextmanager
    def writing(self) -> Iterator[Outbox]:
        """As Store.writing; what fails sends nothing."""
        with self._store.writing() as connection:
            outbox = Outbox(connection)
            yield outbox
        self.courier.send(outbox.deliveries)

    def _unsubscribe(self, delivery: Delivery) -> None:
        if delivery.subscription_id is not None:
            with self._store.writing() as connection:
                Subscriptions(connection, delivery.shop_number).remove(delivery.subscription_id)


def _instant() -> str:
    """With nanoseconds, as Shopify has it."""
    seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    return f"{iso(seconds).removesuffix('Z')}.{nanoseconds:09}Z"


def _encoded(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
