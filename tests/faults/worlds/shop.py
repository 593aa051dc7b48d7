"""A shop whose orders change from step to step, what its merchant asks for, and the rows that a tab is to hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from backend.automations.model import OnRemoved
from backend.platforms.source import Checkpoint, Order
from tests.contract.tab.orders import LINE_COLUMNS, ORDER_COLUMNS, order, rows_of

Identity: TypeAlias = tuple[str, str]
"""(order, line); one row an order has no line."""
VERSION_MS = 240_000
"""Between two changes of the shop: the overlap of an incremental run reaches back over the last two."""


@dataclass(frozen=True)
class Terms:
    """What the merchant asks of the automation."""

    by_line: bool
    on_removed: OnRemoved
    paid_only: bool = False

    @property
    def keys(self) -> Sequence[str]:
        return LINE_COLUMNS if self.by_line else ORDER_COLUMNS

    @property
    def filters(self) -> list[dict[str, Any]]:
        return [{"field": "paid", "op": "eq", "value": True}] if self.paid_only else []


@dataclass(frozen=True)
class Held:
    """One order as the shop has it now."""

    number: int
    version: int
    skus: tuple[str, ...] = ()
    quantity: int = 1
    email: str = "first@example.com"
    removed: bool = False
    deleted: bool = False

    @property
    def order(self) -> Order:
        if self.deleted:
            return Order(str(self.number), version=self.version * VERSION_MS, values={}, removed=True)
        changes: Any = {"quantity": self.quantity, "email": self.email}
        told = order(self.number, *self.skus, version=self.version * VERSION_MS, removed=self.removed, **changes)
        return replace(told, checkpoint={"version": self.version})


class Shop:
    """Each change has a version of its own, so the order of versions is the order of changes. It is its own source."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._held: dict[int, Held] = {}
        self._version = 0
        self._skus = 0

    def __len__(self) -> int:
        return len(self._held)

    def add(self, lines: int) -> None:
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

    def delete(self, which: int) -> None:
        """Of which nobody tells. Or show it again."""
        held = self._pick(which)
        self._keep(replace(held, deleted=not held.deleted))

    def count(self, *, since: datetime | None) -> int:
        return len(self._changed(since))

    def orders(self, *, since: datetime | None, resume: Checkpoint | None) -> Iterator[Order]:
        """Those that changed, by their last change."""
        after = int(resume["version"]) if resume else 0
        return (held.order for held in self._changed(since) if held.version > after)

    def named(self, ids: Sequence[str]) -> Iterator[Order]:
        return (self._held[int(each)].order for each in ids if int(each) in self._held)

    def tells_gone(self) -> bool:
        return True

    def shown_for(self) -> timedelta | None:
        return None

    def close(self) -> None:
        """Nothing is open."""

    def rows(self) -> dict[Identity, tuple[Any, ...]]:
        """The managed cells of each row that is to stand in the tab."""
        return self._rows(self._wanted)

    def rows_if_present(self) -> dict[Identity, tuple[Any, ...]]:
        """Those of the orders that are kept where they stand, though the automation no longer asks for them."""
        return self._rows(lambda held: not (held.deleted or self._matches(held) or self._deletes))

    def keeps(self, identity: Identity) -> bool:
        """Whether the row stays, if it stands in the tab."""
        return identity in self.rows() or identity in self.rows_if_present() or self.is_left_alone(identity)

    def is_left_alone(self, identity: Identity) -> bool:
        """Whether the order is known no more but by its rows, which stay as they stand."""
        return self._held[int(identity[0])].deleted and not self._deletes

    def is_struck(self, identity: Identity) -> bool:
        """Whether the row is struck through, if it stands in the tab."""
        held = self._held[int(identity[0])]
        gone = held.deleted or held.removed or not self._matches(held)
        return gone and self.terms.on_removed is OnRemoved.MARK

    @property
    def _deletes(self) -> bool:
        return self.terms.on_removed is OnRemoved.DELETE

    def _wanted(self, held: Held) -> bool:
        return self._matches(held) and not held.deleted and not (held.removed and self._deletes)

    def _matches(self, held: Held) -> bool:
        return held.number % 2 == 0 or not self.terms.paid_only

    def _rows(self, chosen: Callable[[Held], bool]) -> dict[Identity, tuple[Any, ...]]:
        return {
            identity: cells
            for held in self._held.values()
            if chosen(held)
            for identity, cells in zip(self._identities(held), rows_of([held.order], self.terms.keys), strict=True)
        }

    def _changed(self, since: datetime | None) -> list[Held]:
        since_ms = since.timestamp() * 1000 if since else 0
        shown = [held for held in self._held.values() if not held.deleted]
        changed = [held for held in shown if held.version * VERSION_MS >= since_ms]
        return sorted(changed, key=lambda held: held.version)

    def _identities(self, held: Held) -> list[Identity]:
        lines = [f"line-{sku}" for sku in held.skus] if self.terms.by_line else []
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


CHANGES: Mapping[str, Callable[[Shop, int, int], None]] = {
    "add an order": lambda shop, a, _b: shop.add(a % 4),
    "add a large order": lambda shop, a, _b: shop.add(4 + a),
    "change an order": lambda shop, a, _b: shop.change(a),
    "touch an order": lambda shop, a, _b: shop.touch(a),
    "add a line": lambda shop, a, b: shop.add_line(a, at=b),
    "drop a line": lambda shop, a, b: shop.drop_line(a, at=b),
    "cancel an order": lambda shop, a, _b: shop.cancel(a),
    "delete an order": lambda shop, a, _b: shop.delete(a),
}
"""What happens in a shop; any numbers do."""
