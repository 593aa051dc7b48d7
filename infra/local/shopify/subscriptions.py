"""The webhook subscriptions of the app in one shop, as rows."""

import sqlite3
from dataclasses import replace

from pydantic import TypeAdapter

from infra.local.shopify.subscription import Subscription

_DOCUMENT = TypeAdapter(Subscription)


class Subscriptions:
    def __init__(self, connection: sqlite3.Connection, shop_number: int) -> None:
        self._connection = connection
        self._shop = shop_number

    def get(self, subscription_id: int) -> Subscription | None:
        return next((each for each in self.all() if each.id == subscription_id), None)

    def all(self) -> list[Subscription]:
        """The oldest first."""
        rows = self._connection.execute(
            "SELECT id, document FROM webhook_subscriptions WHERE shop = ? ORDER BY id", (self._shop,)
        )
        return [replace(_DOCUMENT.validate_json(document), id=number) for number, document in rows]

    def add(self, subscription: Subscription) -> Subscription:
        """Returns it with the id it was given."""
        cursor = self._connection.execute(
            "INSERT INTO webhook_subscriptions (shop, document) VALUES (?, ?)",
            (self._shop, _DOCUMENT.dump_json(subscription)),
        )
        return replace(subscription, id=cursor.lastrowid or 0)

    def save(self, subscription: Subscription) -> None:
        self._connection.execute(
            "UPDATE webhook_subscriptions SET document = ? WHERE shop = ? AND id = ?",
            (_DOCUMENT.dump_json(subscription), self._shop, subscription.id),
        )

    def remove(self, subscription_id: int) -> None:
        self._connection.execute(
            "DELETE FROM webhook_subscriptions WHERE shop = ? AND id = ?", (self._shop, subscription_id)
        )

    def remove_all(self) -> None:
        self._connection.execute("DELETE FROM webhook_subscriptions WHERE shop = ?", (self._shop,))
