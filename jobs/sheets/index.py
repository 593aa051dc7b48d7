"""Which rows stand in the tab: a compact index of its hidden system column.

A row costs some 40 bytes (four 64-bit numbers, a link and its share of a hash table) whatever its ids look like, so a
tab of half a million rows is held in some 25 MB.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from jobs.sheets.cells import key_text
from jobs.sheets.system_cell import STRUCK, hash64, key_hash, parse

MAX_LISTED = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row is known to hold. A foreign row (a person's, or an empty one) has `order` 0."""

    order: int
    line: int = 0
    version: int = 0
    content: int = 0
    """0 or STRUCK alone: what the cells hold is not what the system cell says, so the row is rewritten when its order
    comes by.
    """

    @property
    def struck(self) -> bool:
        return bool(self.content & STRUCK)

    @property
    def doubtful(self) -> bool:
        return bool(self.order) and self.content <= STRUCK


FOREIGN = Entry(order=0)


class TabIndex:
    """The rows below the header, in the order of the tab; position 0 is the row right below the header.

    `torn` lists orders that are to be looked at (at most MAX_LISTED, then `torn_overflow`): one of their rows disagrees
    with itself, or stands there twice. `orphans` are the positions of rows that lost their system cell, by the key that
    they show.
    """

    def __init__(self) -> None:
        self._orders = array("Q")
        self._lines = array("Q")
        self._versions = array("Q")
        self._contents = array("Q")
        self._heads = array("I", bytes(4 * 1024))
        """Open addressing by order hash: 1 + the position of the order's row that was stored last; 0 is free."""
        self._next = array("I")
        """For each row, 1 + the position of another row of its order; 0 ends the chain."""
        self._filled = 0
        self._stale = False
        self._sum = 0
        self._rows = 0
        self._read_order = 0
        self._read_lines: set[int] = set()
        self.orphans: dict[str, list[int]] = {}
        self.torn: set[str] = set()
        self.torn_overflow = False

    def __len__(self) -> int:
        return len(self._orders)

    def __getitem__(self, position: int) -> Entry:
        return Entry(self._orders[position], self._lines[position], self._versions[position], self._contents[position])

    @property
    def rows(self) -> int:
        """How many of them are ours."""
        return self._rows

    @property
    def end(self) -> int:
        """Where a new order goes: right below the last row that is ours, above what people wrote below."""
        end = len(self._orders)
        while end and not self._orders[end - 1]:
            end -= 1
        return end

    @property
    def checksum(self) -> int:
        """The same for the same rows of ours in any order: tells whether one is missing or there twice."""
        return self._sum % 2**128

    def agrees(self, first: int, contents: Sequence[int]) -> bool:
        """Whether these content hashes, 0 for a foreign row, are what stands from `first` on.

        A row that is known to be torn agrees with anything.
        """
        known = self._contents[first : first + len(contents)]
        return len(known) == len(contents) and all(
            ours == theirs or (ours <= STRUCK and self._orders[first + i])
            for i, (ours, theirs) in enumerate(zip(known, contents, strict=True))
        )

    def read(self, system_column: Iterable[object], key_column: Iterable[object]) -> None:
        """Append the next rows as they were read: their system cells beside their visible keys."""
        for text, shown in zip(system_column, key_column, strict=True):
            cell = parse(text)
            key = key_text(shown)
            if cell is None:
                if key:
                    self.orphans.setdefault(key, []).append(len(self))
                self.append(FOREIGN)
                continue
            order, line = hash64(cell.order_id), hash64(cell.line_id)
            torn = cell.key != key_hash(key)
            if self._is_copy(order, line) or torn:
                self._list_torn(cell.order_id)
            self.append(Entry(order, line, cell.version, cell.content & STRUCK if torn else cell.content))

    def pad(self, length: int) -> None:
        """Append empty rows up to that length: an answer of Sheets leaves out the empty cells at its end."""
        while len(self) < length:
            self.append(FOREIGN)

    @property
    def any_struck(self) -> bool:
        return any(content & STRUCK for content in self._contents)

    def doubt(self, position: int) -> None:
        """Take the row's cells for something else than its system cell says."""
        self._contents[position] &= STRUCK

    def rows_of_others(self, orders: Iterable[int]) -> list[int]:
        """The rows of ours that belong to none of these orders, top to bottom."""
        left = bytearray(map(bool, self._orders))
        for order in orders:
            for position in self.positions(order):
                left[position] = False
        return [position for position, other in enumerate(left) if other]

    def positions(self, order: int) -> list[int]:
        """The rows of an order, top to bottom."""
        if self._stale:
            self._rebuild()
        found: list[int] = []
        link = self._heads[self._slot(order)]
        while link:
            found.append(link - 1)
            link = self._next[link - 1]
        found.sort()
        return found

    def ours(self, positions: Iterable[int]) -> Iterator[int]:
        """Those of the positions at which a row of ours stands."""
        return (position for position in positions if self._orders[position])

    def append(self, entry: Entry) -> None:
        self._orders.append(entry.order)
        self._lines.append(entry.line)
        self._versions.append(entry.version)
        self._contents.append(entry.content)
        self._next.append(0)
        self._sum += _weight(entry.order, entry.line)
        self._rows += bool(entry.order)
        if not self._stale:
            self._link(len(self._orders) - 1)
            if 2 * self._filled > len(self._heads):
                self._rebuild()

    def replace(self, position: int, entry: Entry) -> None:
        known = self._orders[position]
        self._sum += _weight(entry.order, entry.line) - _weight(known, self._lines[position])
        self._rows += bool(entry.order) - bool(known)
        self._orders[position] = entry.order
        self._lines[position] = entry.line
        self._versions[position] = entry.version
        self._contents[position] = entry.content
        if known != entry.order:
            self._stale = True

    def insert(self, position: int, entries: Sequence[Entry]) -> None:
        if position == len(self):
            for entry in entries:
                self.append(entry)
            return
        self._sum += sum(_weight(entry.order, entry.line) for entry in entries)
        self._rows += sum(bool(entry.order) for entry in entries)
        self._orders[position:position] = array("Q", [entry.order for entry in entries])
        self._lines[position:position] = array("Q", [entry.line for entry in entries])
        self._versions[position:position] = array("Q", [entry.version for entry in entries])
        self._contents[position:position] = array("Q", [entry.content for entry in entries])
        self._stale = True
        self._shift_orphans(lambda place: place + len(entries) * (place >= position))

    def delete(self, position: int) -> None:
        self._sum -= _weight(self._orders[position], self._lines[position])
        self._rows -= bool(self._orders[position])
        for column in (self._orders, self._lines, self._versions, self._contents):
            del column[position]
        self._stale = True
        self._shift_orphans(lambda place: place - (place > position))

    def _is_copy(self, order: int, line: int) -> bool:
        """Whether that row was read before. An order's rows mostly follow each other: its lines are looked up once."""
        if order != self._read_order:
            self._read_order = order
            self._read_lines = {self._lines[position] for position in self.positions(order)}
        known = line in self._read_lines
        self._read_lines.add(line)
        return known

    def _list_torn(self, order_id: str) -> None:
        if len(self.torn) < MAX_LISTED:
            self.torn.add(order_id)
        elif order_id not in self.torn:
            self.torn_overflow = True

    def _shift_orphans(self, shifted: Callable[[int], int]) -> None:
        for key, places in self.orphans.items():
            self.orphans[key] = [shifted(place) for place in places]

    def _slot(self, order: int) -> int:
        """Where the order's chain starts, or where it would."""
        mask = len(self._heads) - 1
        slot = order & mask
        while (head := self._heads[slot]) and self._orders[head - 1] != order:
            slot = (slot + 1) & mask
        return slot

    def _link(self, position: int) -> None:
        order = self._orders[position]
        if not order:
            return
        slot = self._slot(order)
        head = self._heads[slot]
        self._next[position] = head
        self._heads[slot] = position + 1
        self._filled += not head

    def _rebuild(self) -> None:
        """Link every row anew, in a table that stays at most half full."""
        size = len(self._heads)
        linked = -1
        while linked < len(self._orders):
            self._heads = array("I", bytes(4 * size))
            self._next = array("I", bytes(4 * len(self._orders)))
            self._filled = 0
            linked = self._link_all(limit=size // 2)
            size *= 4
        self._stale = False

    def _link_all(self, *, limit: int) -> int:
        """How many rows were linked before there were more orders than `limit`."""
        for position in range(len(self._orders)):
            self._link(position)
            if self._filled > limit:
                return position
        return len(self._orders)


def _weight(order: int, line: int) -> int:
    return order * 31 + line if order else 0
