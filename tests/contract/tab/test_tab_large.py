"""Tabs of many rows: a write looks at what it touched, an audit at the whole, and the index is read in chunks.

Rows that a person left blank count like any others, and are cheap to make.
"""

from collections.abc import Callable, Sequence

import pytest

from backend.platforms.source import Order
from jobs.sheets.opening import CHUNK_ROWS
from jobs.sheets.tab import WHOLE_COLUMN_ROWS
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import append_column, copy_row, delete_rows, insert_rows, rename, sort, write
from tests.contract.tab.orders import LINE_COLUMNS, order, some

UPPER, LOWER = range(1, 101), range(101, 201)
"""The orders above the gap and below it."""
FIRST = [order(number) for number in (*UPPER, *LOWER)]
LARGE = WHOLE_COLUMN_ROWS + 500
VERY_LARGE = CHUNK_ROWS + 40
WIDTH = 5
LOWER_ROWS = range(101 + LARGE, 201 + LARGE)
"""Where the orders below the gap stand in a large tab."""


def changed(*numbers: int) -> list[Order]:
    return [order(number, version=2, email="new@example.com") for number in numbers]


def after(changes: Sequence[Order], *, new: Sequence[Order] = ()) -> list[Order]:
    """All orders when these have changed and those are new."""
    newer = {each.id: each for each in changes}
    return [newer.get(each.id, each) for each in FIRST] + list(new)


@pytest.fixture
def large(desk: Desk) -> Desk:
    """So many rows that a write is verified by what it touched; a remark beside each order."""
    desk.bring(FIRST)
    desk.edit(append_column(), write(0, 4, "Remarks", *(f"on {each.values['name']}" for each in FIRST)))
    desk.edit(insert_rows(101, LARGE))
    return desk


def assert_remarks(desk: Desk, *lost: int) -> None:
    wanted = {name: f"on {name}" for each in FIRST if int(each.id) not in lost for name in [each.values["name"]]}
    assert desk.beside("Remarks") == wanted


def test_large_tab_is_verified_by_one_audit(large: Desk) -> None:
    """Two reads to open and one at the end, whatever the number of batches."""
    changes, new = changed(3, 50, 150), some(203)[200:]
    ran = large.bring([*changes[:2], new[0], changes[2], *new[1:]], a_batch=2)
    large.assert_holds(after(changes, new=new))
    assert_remarks(large)
    assert (ran.passes, ran.reads, ran.writes) == (1, 3, 3)


def test_answer_to_a_write_holds_few_rows(desk: Desk) -> None:
    """Seventy changed orders far apart are seen without the ten thousand rows between them."""
    count = 70
    desk.bring(some(count))
    desk.edit(*(insert_rows(row, LARGE // count) for row in range(count, 1, -1)))
    told = [bytes_told(desk, orders) for orders in (some(count), some(count, version=2, email="new@example.com"))]
    assert told[1] < 2 * told[0]


def bytes_told(desk: Desk, orders: Sequence[Order]) -> int:
    """How much the service answers in a run with these orders."""
    desk.wire.delete("/control/stats").raise_for_status()
    desk.bring(orders)
    told: int = desk.wire.get("/control/stats").json()["bytes_out"]
    return told


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([insert_rows(1)], id="row inserted above"),
        pytest.param([insert_rows(LOWER_ROWS.start + 50, 3)], id="rows inserted between"),
        pytest.param([delete_rows(300)], id="blank row deleted"),
        pytest.param([sort(range(LOWER_ROWS.start, LOWER_ROWS.stop), range(WIDTH), by=3)], id="sorted"),
    ],
)
@pytest.mark.parametrize("when", ["edit_before", "edit_after"])
def test_rows_that_move_under_a_write_are_found_again(large: Desk, when: str, edits: list[Json]) -> None:
    """The neighbours of what was written tell that the tab has moved."""
    changes, new = changed(3, 150, 160, 199), some(203)[200:]
    large.fault(when, *edits)
    large.bring([*changes, *new], a_batch=2)
    large.bring(after(changes, new=new))
    large.assert_holds(after(changes, new=new))


def test_neighbours_tell_before_the_next_write(large: Desk) -> None:
    """Only the write at which a row was inserted can land in other rows; the next ones are where they belong."""
    large.fault("edit_before", insert_rows(1))
    large.bring([*changed(3, 150, 160), *after(changed(3, 150, 160))], a_batch=1)
    large.assert_holds(after(changed(3, 150, 160)))
    remarks = large.beside("Remarks")
    assert [remarks[name] for name in ("#1150", "#1160")] == ["on #1150", "on #1160"]


@pytest.mark.parametrize(
    ("edits", "lost"),
    [
        pytest.param([delete_rows(20)], [20], id="row deleted"),
        pytest.param([write(20, 1, None)], [], id="system cell emptied"),
        pytest.param([sort(range(10, 31), range(WIDTH), by=3)], [], id="sorted"),
        pytest.param([copy_row(20, to=5000, width=WIDTH)], [], id="row duplicated"),
    ],
)
def test_edit_far_from_what_is_written_is_noticed_by_the_audit(large: Desk, edits: list[Json], lost: list[int]) -> None:
    """The last write has been verified when somebody edits rows that no write touched: one more pass mends it."""
    changes = changed(150, 160)
    large.fault("edit_after", *edits, skip=1)
    ran = large.bring([*changes, *after(changes)], a_batch=1)
    assert ran.passes == 2
    large.assert_holds(after(changes))
    if not any("copyPaste" in request for request in edits):
        assert_remarks(large, *lost)


def test_audit_of_a_renamed_tab_starts_over(large: Desk) -> None:
    """The range it asks for is of the old title."""
    large.fault("edit_after", rename("Renamed"))
    ran = large.bring([*changed(150), *after(changed(150))])
    assert ran.passes == 2
    large.assert_holds(after(changed(150)))


def test_copies_below_the_last_row_are_noticed(large: Desk) -> None:
    """A row that appears where no row was known of is seen by the write that comes there."""
    large.edit(insert_rows(LOWER_ROWS.stop, 5))
    large.fault("edit_before", copy_row(20, to=LOWER_ROWS.stop + 2, width=WIDTH))
    large.bring([*some(203)[200:], *FIRST])
    large.assert_holds(some(203))


def test_index_of_a_very_large_tab_is_read_in_chunks(desk: Desk) -> None:
    """Sheets leaves out the blank cells at a chunk's end: the rows of the next one are still found where they are."""
    desk.bring(FIRST)
    desk.edit(append_column(), write(0, 4, "Remarks", *(f"on {each.values['name']}" for each in FIRST)))
    desk.edit(insert_rows(101, VERY_LARGE))
    changes, new = changed(3, 150), some(203)[200:]
    ran = desk.bring([*changes, *new])
    desk.assert_holds(after(changes, new=new))
    assert_remarks(desk)
    assert (ran.passes, ran.reads, ran.writes, ran.outcome.added) == (1, 5, 1, 3)


def test_rows_across_the_border_of_two_chunks_are_all_known(new_desk: Callable[..., Desk]) -> None:
    """Lines of one order stand in both chunks; one comes between them and one goes."""
    desk = new_desk(columns=LINE_COLUMNS)
    desk.bring([order(1, "a"), order(2, *"bcdefgh"), order(3, "z")])
    desk.edit(insert_rows(2, CHUNK_ROWS - 4))
    assert desk.bring([order(2, *"bcdefgh")]).outcome.unchanged == 7
    orders = [order(1, "a"), order(2, *"bcdxefg", version=2), order(3, "z")]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert [row[0] for row in desk.rows("SKU")] == [*"abcdxefgz"]
