"""What stands in the tab and the index does not tell: it is read where it is needed."""

from collections.abc import Iterable, Iterator, Sequence

from jobs.export.rows import OrderRows, Row
from jobs.sheets.api import SheetsApi
from jobs.sheets.cells import content
from jobs.sheets.comparison import Difference, differences, readable, restruck
from jobs.sheets.open_tab import OpenTab
from jobs.sheets.opening import CHUNK_ROWS
from jobs.sheets.plan import Plan
from jobs.sheets.shown import shown_cells
from jobs.sheets.system_cell import hash64, parse


class Standing:
    """Of a tab that was opened; true as long as its index is."""

    def __init__(self, api: SheetsApi, at: OpenTab) -> None:
        self._api = api
        self._at = at

    def rows(self, positions: Sequence[int]) -> dict[int, list[object]]:
        """By position, the system cell and the managed cells: unformatted, '' where empty."""
        return self._shown([self._at.system_place, *self._at.places], positions)

    def differing(self, orders: Sequence[OrderRows]) -> Iterator[int]:
        """The rows of the orders of which a managed cell holds something else than it should."""
        wanted = dict(self._rows_of(orders))
        for position, shown in self._shown(self._at.places, sorted(wanted)).items():
            if any(differences(wanted[position], shown, self._at.layout.columns)):
                yield position

    def changes(self, plan: Plan, *, room: int) -> list[tuple[str, Difference]]:
        """The first cells that the plan changes, `room` at most, each with what the order's visible key shows."""
        key, columns = self._at.layout.key, self._at.layout.columns
        touched: list[tuple[int | None, Row | None]] = [
            *plan.updates.items(),
            *((position, None) for position in sorted(plan.deletes | plan.clears)),
            *((None, row) for rows in plan.inserts.values() for row in rows),
        ][:room]
        standing = self._shown(self._at.places, sorted(position for position, _ in touched if position is not None))
        blank = [""] * len(columns)
        changes: list[tuple[str, Difference]] = []
        for position, row in touched:
            shown = blank if position is None else standing[position]
            name = readable(content(row.cells[key]) if row else shown[key], columns[key].type) or ""
            changes += [(name, difference) for difference in differences(row, shown, columns)]
            if row and position is not None and row.struck != self._at.index[position].struck:
                standing_name = readable(shown[key], columns[key].type)
                changes.append((name, restruck(key, standing_name, struck=row.struck)))
        return changes[:room]

    def orders_beside(self, orders: Iterable[int]) -> list[str]:
        """The ids of orders that stand in the tab and are none of these, which are told by their hashes.

        Some of them, so that memory is bounded; none when there are no more.
        """
        index = self._at.index
        left = index.rows_of_others(orders)
        while left:
            near = [position for position in left if position < left[0] + CHUNK_ROWS]
            hashes = {index[position].order for position in near}
            shown = self._shown([self._at.system_place], near)
            found = {cell.order_id for (text,) in shown.values() if (cell := parse(text))}
            if ids := sorted(order_id for order_id in found if hash64(order_id) in hashes):
                return ids
            left = left[len(near) :]
        return []

    def _shown(self, places: Sequence[int | None], positions: Sequence[int]) -> dict[int, list[object]]:
        return shown_cells(self._api, self._at.tab, places, positions)

    def _rows_of(self, orders: Sequence[OrderRows]) -> Iterator[tuple[int, Row]]:
        """The rows of the orders that are in the tab, with their positions."""
        index = self._at.index
        for order in orders:
            rows = {row.line_hash: row for row in order.rows}
            for position in index.positions(order.order_hash):
                if row := rows.get(index[position].line):
                    yield position, row
