"""Where intervals go when lines are inserted, deleted or moved."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.sheets.shifts import Move, Splice, shifted_lines, shifted_range


@pytest.mark.parametrize(
    ("interval", "at", "expected"),
    [((2, 4), 0, (5, 7)), ((2, 4), 2, (5, 7)), ((2, 4), 3, (2, 7)), ((2, 4), 4, (2, 4)), ((2, None), 3, (2, None))],
)
def test_insertion(interval: tuple[int, int | None], at: int, expected: tuple[int, int | None]) -> None:
    """Before or at the start moves, inside widens, at the end leaves; an open end stays open."""
    assert Splice(0, "ROWS", at, inserted=3).interval(*interval) == expected


@pytest.mark.parametrize(
    ("interval", "removed", "expected"),
    [((4, 6), (0, 2), (2, 4)), ((4, 6), (5, 9), (4, 5)), ((4, 6), (3, 5), (3, 4)), ((4, 6), (4, 6), None)],
)
def test_deletion(interval: tuple[int, int], removed: tuple[int, int], expected: tuple[int, int] | None) -> None:
    """What is left of an interval closes up; of one deleted whole nothing is left."""
    start, end = removed
    assert Splice(0, "ROWS", start, removed=end - start).interval(*interval) == expected


@settings(deadline=None)
@given(st.data())
def test_a_move_takes_single_lines_where_a_list_would(data: st.DataObject) -> None:
    """Every line ends up where it stands in a list from which a slice was cut and pasted."""
    size = data.draw(st.integers(2, 12))
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    to = data.draw(st.integers(0, size).filter(lambda index: not start < index < end))
    lines = list(range(size))
    moved = lines[start:end]
    expected = [*(n for n in lines[:to] if n not in moved), *moved, *(n for n in lines[to:] if n not in moved)]
    move = Move(0, "ROWS", start, end, to)
    for line in lines:
        position = expected.index(line)
        assert move.interval(line, line + 1) == (position, position + 1)


def test_other_tabs_and_other_dimensions_stay() -> None:
    """A range follows the lines of its own tab only, along the dimension that changed."""
    shift = Splice(7, "ROWS", 0, inserted=1)
    assert shifted_range({"startRowIndex": 1, "endRowIndex": 2}, shift) == {"startRowIndex": 1, "endRowIndex": 2}
    columns = {"sheetId": 7, "startColumnIndex": 1}
    assert shifted_range(columns, shift) == columns
    lines = {"sheetId": 7, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    assert shifted_lines(lines, shift) == lines


def test_a_whole_column_has_no_rows_to_move() -> None:
    """A range without row bounds means all rows, before and after."""
    shift = Splice(0, "ROWS", 0, removed=5)
    assert shifted_range({"startColumnIndex": 2, "endColumnIndex": 3}, shift) == {
        "startColumnIndex": 2,
        "endColumnIndex": 3,
    }
