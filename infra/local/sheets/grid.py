"""The rows of a tab, in blocks of some hundred, so that half a million rows can be edited anywhere and undone at once.

A grid may be copied for the price of its list of blocks: blocks are shared until one of the copies changes them.
Rows below the last stored one are blank and take no memory.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, count

from infra.local.sheets.rows import EMPTY, Formula, Row, sharing_formats

BLOCK_ROWS = 128
LARGEST_BLOCK_ROWS = 2 * BLOCK_ROWS


class Block:
    """Up to LARGEST_BLOCK_ROWS rows. `number` is its name in the store; its rows are read from there when first met."""

    __slots__ = ("_formulas", "_load", "_rows", "length", "number")

    def __init__(
        self, number: int, rows: list[Row] | None, *, length: int = 0, load: Callable[[int], list[Row]] | None = None
    ) -> None:
        self.number = number
        self._rows = rows
        self._load = load
        self._formulas: list[tuple[int, int]] | None = None
        self.length = length if rows is None else len(rows)

    @property
    def rows(self) -> list[Row]:
        if self._rows is None:
            if self._load is None:
                raise LookupError(self.number)
            self._rows = self._load(self.number)
        return self._rows

    def formulas(self) -> list[tuple[int, int]]:
        """(row within the block, column) of each formula."""
        if self._formulas is None:
            self._formulas = [
                (index, column)
                for index, row in enumerate(self.rows)
                for column, value in enumerate(row.values)
                if value.__class__ is Formula
            ]
        return self._formulas

    def edited(self) -> None:
        self._formulas = None
        self.length = len(self.rows)


class Grid:
    def __init__(
        self,
        row_count: int,
        column_count: int,
        blocks: Sequence[Block] = (),
        *,
        numbers: Iterator[int] | None = None,
        has_formulas: bool = False,
    ) -> None:
        self.row_count = row_count
        self.column_count = column_count
        self.blocks = list(blocks)
        self.has_formulas = has_formulas
        """False: certainly none. True: look."""
        self.fresh: set[int] = set()
        """Blocks that this copy made and may therefore change."""
        self._numbers = numbers or count(1)
        self._starts: list[int] | None = None

    def copy(self) -> "Grid":
        return Grid(
            self.row_count, self.column_count, self.blocks, numbers=self._numbers, has_formulas=self.has_formulas
        )

    @property
    def stored_rows(self) -> int:
        starts = self._block_starts()
        return starts[-1] + self.blocks[-1].length if starts else 0

    def row(self, index: int) -> Row:
        if index >= self.stored_rows:
            return EMPTY
        position, start = self._locate(index)
        return self.blocks[position].rows[index - start]

    def rows(self, top: int, bottom: int) -> Iterator[Row]:
        """Rows from `top` up to `bottom`, ending early where only blank ones would follow."""
        bottom = min(bottom, self.stored_rows)
        if top >= bottom:
            return
        position, start = self._locate(top)
        while start < bottom:
            block = self.blocks[position]
            yield from block.rows[max(top - start, 0) : bottom - start]
            start += block.length
            position += 1

    def replace(self, top: int, rows: Sequence[Row]) -> None:
        """Put `rows` in the place of those that stand at `top` and below."""
        self._look_for_formulas(rows)
        self._store_up_to(top)
        inside = rows[: max(self.stored_rows - top, 0)]
        written = 0
        while written < len(inside):
            position, start = self._locate(top + written)
            block = self._own(position)
            offset = top + written - start
            part = inside[written : written + block.length - offset]
            block.rows[offset : offset + len(part)] = part
            block.edited()
            written += len(part)
        if len(rows) > len(inside):
            self._splice_stored(self.stored_rows, 0, list(rows[len(inside) :]))

    def edit(self, top: int, bottom: int, change: Callable[[Row], Row]) -> None:
        """Apply `change` to each row; blank rows at the end that stay blank are not stored."""
        bottom = min(bottom, self.row_count)
        if bottom > self.stored_rows and change(EMPTY) == EMPTY:
            bottom = self.stored_rows
        if top < bottom:
            self._store_up_to(bottom)
            self.replace(top, [change(row) for row in self.rows(top, bottom)])

    def edit_columns(self, change: Callable[[Row], Row]) -> None:
        """Apply a change of columns to every row."""
        self.edit(0, self.stored_rows, sharing_formats(change))

    def splice(self, at: int, *, removed: int = 0, inserted: Sequence[Row] = ()) -> None:
        """Take `removed` rows out at `at`, put `inserted` in, and grow or shrink the grid by the difference."""
        stored = self.stored_rows
        self.row_count += len(inserted) - removed
        if at >= stored and all(row is EMPTY for row in inserted):
            return
        self._look_for_formulas(inserted)
        self._store_up_to(at)
        self._splice_stored(at, min(removed, max(stored - at, 0)), list(inserted))

    def resize(self, row_count: int, column_count: int) -> None:
        if row_count < self.row_count:
            self.splice(row_count, removed=self.row_count - row_count)
        self.row_count = row_count
        if column_count < self.column_count:
            removed = self.column_count - column_count
            self.edit_columns(lambda row: row.with_columns_spliced(column_count, removed=removed, inserted=()))
        self.column_count = column_count

    def rewrite_formulas(self, rewrite: Callable[[str], str]) -> None:
        """Put what `rewrite` makes of its text in the place of each formula."""
        if not self.has_formulas:
            return
        starts = list(self._block_starts())
        for start, block in zip(starts, list(self.blocks), strict=True):
            for offset, column in block.formulas():
                row = block.rows[offset]
                formula = row.values[column]
                if isinstance(formula, Formula) and (text := rewrite(formula.text)) != formula.text:
                    self.replace(start + offset, [self.row(start + offset).with_values(column, [Formula(text)])])

    def _look_for_formulas(self, rows: Sequence[Row]) -> None:
        if not self.has_formulas:
            self.has_formulas = any(value.__class__ is Formula for row in rows for value in row.values)

    def _store_up_to(self, row: int) -> None:
        missing = row - self.stored_rows
        if missing > 0:
            self._splice_stored(self.stored_rows, 0, [EMPTY] * missing)

    def _splice_stored(self, at: int, removed: int, inserted: list[Row]) -> None:
        """Rewrites the blocks from the one that holds `at` to the one that holds the last removed row."""
        if not removed and not inserted:
            return
        if not self.blocks:
            first, last, start = 0, 0, 0
        else:
            first, start = self._locate(min(at, max(self.stored_rows - 1, 0)))
            last = self._locate(at + removed - 1)[0] + 1 if removed else first + 1
        rows = [row for block in self.blocks[first:last] for row in block.rows]
        rows[at - start : at - start + removed] = inserted
        size = LARGEST_BLOCK_ROWS if len(rows) <= LARGEST_BLOCK_ROWS else BLOCK_ROWS
        self.blocks[first:last] = [self._new_block(rows[i : i + size]) for i in range(0, len(rows), size)]
        self._starts = None

    def _own(self, position: int) -> Block:
        block = self.blocks[position]
        if block.number not in self.fresh:
            block = self.blocks[position] = self._new_block(list(block.rows))
        return block

    def _new_block(self, rows: list[Row]) -> Block:
        block = Block(next(self._numbers), rows)
        self.fresh.add(block.number)
        return block

    def _locate(self, row: int) -> tuple[int, int]:
        """(position of the block that holds `row`, the block's first row)."""
        starts = self._block_starts()
        position = max(bisect_right(starts, row) - 1, 0)
        return position, starts[position]

    def _block_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = (
                list(accumulate((block.length for block in self.blocks[:-1]), initial=0)) if self.blocks else []
            )
        return self._starts
