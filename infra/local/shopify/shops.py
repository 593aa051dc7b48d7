"""The shops, as rows."""

import sqlite3
from dataclasses import dataclass

from pydantic import TypeAdapter

from infra.local.shopify.shop import Shop

_DOCUMENT = TypeAdapter(Shop)


@dataclass(frozen=True, slots=True)
class ShopRow:
    number: int
    shop: Shop


class Shops:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, domain: str) -> ShopRow | None:
        row = self._connection.execute("SELECT number, document FROM shops WHERE domain = ?", (domain,)).fetchone()
        return None if row is None else ShopRow(row[0], _DOCUMENT.validate_json(row[1]))

    def all(self) -> list[ShopRow]:
        rows = self._connection.execute("SELECT number, document FROM shops ORDER BY number")
        return [ShopRow(number, _DOCUMENT.validate_json(document)) for number, document in rows]

    def save(self, shop: Shop) -> None:
        """Makes the shop, or changes it; its orders stay."""
        self._connection.execute(
            "INSERT INTO shops (domain, document) VALUES (?, ?)"
            " ON CONFLICT (domain) DO UPDATE SET document = excluded.document",
            (shop.domain, _DOCUMENT.dump_json(shop)),
        )
