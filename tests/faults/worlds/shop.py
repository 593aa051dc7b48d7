"""A shop whose orders change from step to step, and the rows that a tab of them is to hold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from backend.automations.model import OnRemoved
from backend.platforms.source import Order
from tests.contract.tab.orders import LINE_COLUMNS, ORDER_COLUMNS, order, rows_of

Identity: TypeAlias = tuple[str, str]
"""(order, line); one row an order has no line."""


@dataclass(frozen=True)
class Held:
    """One order as the shop has it now."""

    number: int
    version: int
    skus: tuple[str, ...] = ()
    quantity: int = 1
    email: str = "first@example.com"
    removed: bool = False

    @property
    def order(self) -> Order:
        changes = {"quantity": self.quantity, "email": self.email}
        return order(self.number, *self.skus, version=self.version, removed=self.removed, **changes)  # type: ignore[arg-type]


class Shop:
    """Each change has a version of its own, so the order of versions is the order of changes."""

    def __init__(self, *, by_line: bool, on_removed: OnRemoved) -> None:
        self.by_line = by_line
        self.on_removed = on_removed
        self._held: dict[int, Held] = {}
        self._version = 0
        self._skus = 0

    @property
    def keys(self) -> Sequence[str]:
        return LINE_COLUMNS if self.by_line else ORDER_COLUMNS

    def __len__(self) -> int:
        return len(self._held)

    def add(self, *, lines: int) -> None:
        number = len(self._held) + 1
        self._held[number] = Held(number, self._next_version(), tuple(self._new_sku() for _ in range(lines)))

    def change(self, which: int) -> None:
        held = self._pick(which)
        self._keep(replace(held, quantity=held.quantity + 1, email=f"v{self._version}@example.com"))

    def touch(self, which: int) -> None:
        """A new version of the same content."""
        self._keep(self._pick(which))

    def add_line(self, which: int, *, at: int) -> None:
        held = self._pick(which)
        place = at % (len(held.skus) + 1)
        self._keep(replace(held, skus=(*held.skus[:place], self._new_sku(), *held.skus[place:])))

    def drop_line(self, which: int, *, at: int) -> None:
        held = self._pick(which)
        if held.skus:
            place = at % len(held.skus)
            self._keep(replace(held, skus=held.skus[:place] + held.skus[place + 1 :]))

    def cancel(self, which: int) -> None:
        """Or take the cancelling back."""
        held = self._pick(which)
        self._keep(replace(held, removed=not held.removed))

    def orders(self, *, after: int) -> list[Order]:
        """Those that changed after that version, by their last change."""
        return [
            held.order for held in sorted(self._held.values(), key=lambda held: held.version) if held.version > after
        ]

    def named(self, ids: Sequence[str]) -> list[Order]:
        return [self._held[int(each)].order for each in ids if int(each) in self._held]

    def rows(self, *, removed: bool) -> dict[Identity, tuple[Any, ...]]:
        """The managed cells of each row of the orders that are, or that are not, removed."""
        return {
            identity: cells
            for held in self._held.values()
            if held.removed is removed
            for identity, cells in zip(self._identities(held), rows_of([held.order], self.keys), strict=True)
        }

    def staying(self) -> set[Identity]:
        """The rows that no run may take out of the tab."""
        kept = {} if self.on_removed is OnRemoved.DELETE else self.rows(removed=True)
        return {*self.rows(removed=False), *kept}

    def _identities(self, held: Held) -> list[Identity]:
        lines = [f"line-{sku}" for sku in held.skus] if self.by_line else []
        return [(str(held.number), line) for line in lines or [""]]

    def _pick(self, which: int) -> Held:
        return self._held[which % len(self._held) + 1]

    def _keep(self, held: Held) -> None:
        self._held[held.number] = replace(held, version=self._next_version())

    def _next_version(self) -> int:
        self._version += 1
        return self._version

    def _new_sku(self) -> str:
        self._skus += 1
        return f"s{self._skus}"
