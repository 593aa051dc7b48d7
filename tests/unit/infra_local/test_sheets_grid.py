"""The blocks of rows behave like one list, and copies do not see each other's changes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.sheets.grid import BLOCK_ROWS, LARGEST_BLOCK_ROWS, Grid
from infra.local.sheets.rows import EMPTY, Row

ROW_COUNT = 3 * BLOCK_ROWS


def rows_of(values: list[int]) -> list[Row]:
    return [Row((value,)) for value in values]


def contents(grid: Grid) -> list[int | None]:
    """The first value of every row of the grid."""
    stored = [row.value(0) for row in grid.rows(0, grid.row_count)]
    return [*stored, *[None] * (grid.row_count - len(stored))]  # type: ignore[list-item]


operations = st.lists(
    st.tuples(
        st.sampled_from(["replace", "insert", "delete"]),
        st.integers(0, ROW_COUNT - 1),
        st.sampled_from([1, 2, 40, BLOCK_ROWS, LARGEST_BLOCK_ROWS + 1]),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(operations)
def test_a_grid_is_a_list(done: list[tuple[str, int, int]]) -> None:
    """Any sequence of writes, insertions and deletions leaves what it would leave in a list."""
    grid = Grid(ROW_COUNT, 1)
    model: list[int | None] = [None] * ROW_COUNT
    for number, (what, wanted, amount) in enumerate(done, start=1):
        at = wanted % len(model)
        count = min(amount, len(model) - at) if what != "insert" else amount
        if what == "replace":
            grid.replace(at, rows_of([number] * count))
            model[at : at + count] = [number] * count
        elif what == "insert":
            grid.splice(at, inserted=rows_of([number] * count))
            model[at:at] = [number] * count
        elif count < len(model):
            grid.splice(at, removed=count)
            del model[at : at + count]
        assert grid.row_count == len(model)
    assert contents(grid) == model
    assert all(0 < block.length <= LARGEST_BLOCK_ROWS for block in grid.blocks)


@settings(deadline=None)
@given(operations)
def test_a_copy_that_is_dropped_leaves_no_trace(done: list[tuple[str, int, int]]) -> None:
    """What happens to a copy does not happen to the grid it was made of."""
    grid = Grid(ROW_COUNT, 1)
    grid.replace(0, rows_of(list(range(ROW_COUNT - 10))))
    before = contents(grid)
    copy = grid.copy()
    for what, at, amount in done:
        if what == "replace":
            copy.replace(at, rows_of([-1] * min(amount, ROW_COUNT - at)))
        else:
            copy.splice(at, inserted=rows_of([-1] * amount))
    assert contents(grid) == before


def test_few_blocks_change_for_a_row() -> None:
    """A write into a large grid makes one new block; all others are shared with the grid it was copied from."""
    grid = Grid(100_000, 1)
    grid.replace(0, rows_of(list(range(100_000))))
    copy = grid.copy()
    copy.replace(54_321, rows_of([-1]))
    shared = {block.number for block in grid.blocks} & {block.number for block in copy.blocks}
    assert len(copy.fresh) == 1
    assert len(shared) == len(grid.blocks) - 1


def test_blank_rows_at_the_end_take_no_memory() -> None:
    """Only what lies above the last filled row is stored."""
    grid = Grid(1_000_000, 1)
    grid.splice(999_999, inserted=[EMPTY] * 1000)
    assert (grid.row_count, grid.stored_rows) == (1_001_000, 0)
    grid.edit(0, 1_000_000, lambda row: row)
    assert grid.stored_rows == 0


def test_resizing_cuts_cells() -> None:
    """Cells outside the new size are gone, also when it grows again."""
    grid = Grid(4, 2)
    grid.replace(0, [Row((1, 2))] * 4)
    grid.resize(2, 1)
    grid.resize(4, 2)
    assert [row.values for row in grid.rows(0, 4)] == [(1,), (1,)]
