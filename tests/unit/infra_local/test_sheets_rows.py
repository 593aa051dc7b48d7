"""One row: columns put in, taken out, moved and copied, with all that hangs on their cells."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.sheets.rows import BLANK, Cell, FormatChange, Row, sharing_formats
from infra.local.sheets.store import decode_rows, encode_rows

WIDTH = 8
BOLD = {"textFormat": {"bold": True}}
MONEY = {"numberFormat": {"type": "NUMBER"}}

cells = st.builds(
    Cell,
    st.one_of(st.none(), st.integers(0, 9), st.text(max_size=2), st.booleans()),
    st.sampled_from([None, BOLD, MONEY]),
    st.sampled_from([None, {"note": "n"}]),
)
lines = st.lists(cells, max_size=WIDTH)


def row_of(line: list[Cell]) -> Row:
    return Row().with_cells(0, line)


def padded(line: list[Cell], width: int = 2 * WIDTH) -> list[Cell]:
    return [*line, *[BLANK] * (width - len(line))][:width]


def shown(row: Row) -> list[Cell]:
    return [Cell(cell.value, cell.format, cell.extras or None) for cell in row.cells(0, 2 * WIDTH)]


@settings(deadline=None)
@given(lines, lines, st.integers(0, WIDTH))
def test_cells_written_are_cells_read(line: list[Cell], written: list[Cell], left: int) -> None:
    """Writing replaces whole cells and leaves the others."""
    expected = padded(line)
    expected[left : left + len(written)] = written
    assert shown(row_of(line).with_cells(left, written)) == expected


@settings(deadline=None)
@given(lines, lines, st.integers(0, WIDTH), st.integers(0, WIDTH))
def test_columns_are_spliced_like_a_list(line: list[Cell], inserted: list[Cell], at: int, removed: int) -> None:
    """Values, formats and notes move together."""
    expected = padded(line, 4 * WIDTH)
    expected[at : at + removed] = inserted
    assert shown(row_of(line).with_columns_spliced(at, removed=removed, inserted=inserted)) == expected[: 2 * WIDTH]


@settings(deadline=None)
@given(lines, lines, st.integers(0, WIDTH), st.integers(0, WIDTH))
def test_a_part_of_another_row(line: list[Cell], other: list[Cell], left: int, width: int) -> None:
    """Between the columns given the row is the other one, outside it is itself."""
    expected = padded(line)
    expected[left : left + width] = padded(other)[left : left + width]
    assert shown(row_of(line).with_part(row_of(other), left, left + width)) == expected


@settings(deadline=None)
@given(st.lists(lines, max_size=6))
def test_rows_are_stored_and_loaded(stored: list[list[Cell]]) -> None:
    """What a block holds is what is read back."""
    loaded = decode_rows(encode_rows([row_of(line) for line in stored]))
    assert [shown(row) for row in loaded] == [padded(line) for line in stored]


def test_many_rows_share_their_formats() -> None:
    """One number format over a column makes one tuple of formats, however many rows have it."""
    plain = [Row((number,)) for number in range(3)]
    change = FormatChange(0, 1, lambda _: MONEY)
    formatted = [change.apply(row) for row in plain]
    assert len({id(row.formats) for row in formatted}) == 1
    widen = sharing_formats(lambda row: row.with_columns_spliced(0, removed=0, inserted=[BLANK]))
    widened = [widen(row) for row in formatted]
    assert len({id(row.formats) for row in widened}) == 1
    assert widened[0].formats == (None, MONEY)


def test_width_counts_what_holds_anything() -> None:
    """Blank cells at the end do not count, notes and formats do."""
    widths: list[tuple[Row, int]] = [
        (Row(), 0),
        (Row((None, None)), 0),
        (Row(("a", None)), 1),
        (Row(("a",), (None, BOLD)), 2),
        (Row(("a",), (), {3: note()}), 4),
    ]
    assert [row.width for row, _ in widths] == [width for _, width in widths]


def note() -> dict[str, Any]:
    return {"note": "n"}
