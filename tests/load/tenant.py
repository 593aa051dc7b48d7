"""A tenant of the load: a merchant with shops, a spreadsheet, and automations that each fill a tab of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack
from tests.shop import Shop, invoices
from tests.spreadsheet import Spreadsheet

LINES = 2
"""Of an order; each is a row of the tab."""
SIZES = (1, 2, 3, 4, 5, 50, 1000)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tenant is to have; `automations` are changes to the request that makes one, dealt out over the shops."""

    name: str
    orders: Sequence[int]
    """Of each of its shops."""
    automations: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Storefront:
    shop: Shop
    connection_id: str
    orders: int

    def change_all(self, price: str) -> list[str]:
        """Every order costs that from now on; their ids. Shopify tells of each in one webhook."""
        return [self._change(number, price) for number in range(self.orders)]

    def _change(self, number: int, price: str) -> str:
        lines = [
            {"title": f"THING {line}", "sku": f"{10_000 + line:05d}A", "quantity": 1, "price": price}
            for line in range(LINES)
        ]
        return self.shop.put(f"#{500_000 + number}", lines=lines)


@dataclass(frozen=True, slots=True)
class Tenant:
    merchant: Merchant
    spreadsheet_id: str
    storefronts: list[Storefront] = field(default_factory=list)
    automations: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def made(cls, stack: Stack, plan: Plan, *, transport: httpx.BaseTransport, files: Path) -> "Tenant":
        """All of it through the API, as the sidebar would."""
        ann = Merchant(stack, email=f"{plan.name}@load.example", transport=transport)
        ann.sign_in()
        ann.link_account()
        tenant = cls(ann, ann.google.create_spreadsheet("Shop books"))
        for orders in plan.orders:
            shop = Shop.new(stack)
            shop.load(file_of(files, orders))
            tenant.storefronts.append(Storefront(shop, ann.connect(shop), orders))
        for number, changes in enumerate(plan.automations):
            front = tenant.storefronts[number % len(tenant.storefronts)]
            destination = {"spreadsheet_id": tenant.spreadsheet_id, "title": f"Tab {number}"}
            made = ann.create_automation(front.connection_id, tenant.spreadsheet_id, destination=destination, **changes)
            tenant.automations.append(made)
        return tenant

    def differences(self) -> tuple[int, int]:
        """Rows that stand too often or are not the shop's, and rows that the tabs lack, over all tabs."""
        book = Spreadsheet(self.merchant.stack, self.merchant.google, self.spreadsheet_id)
        shops = {front.connection_id: front.shop.rows() for front in self.storefronts}
        surplus = lacking = 0
        for automation in self.automations:
            wanted = shops[automation["configuration"]["connection_id"]]
            found = book.rows(automation["sheet_id"])
            if found != wanted:
                more, less = compared(found, wanted)
                surplus, lacking = surplus + more, lacking + less
        return surplus, lacking


def compared(found: Sequence[Any], wanted: Sequence[Any]) -> tuple[int, int]:
    """How many of `found` are too many, and how many of `wanted` are missing; both may hold things several times."""
    have, want = Counter(found), Counter(wanted)
    return (have - want).total(), (want - have).total()


def write_files(folder: Path) -> None:
    """What shops of each size are filled from."""
    for orders in SIZES:
        file_of(folder, orders).write_text(invoices(orders, LINES))


def file_of(folder: Path, orders: int) -> Path:
    return folder / f"{orders}-orders.csv"
