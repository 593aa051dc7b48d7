"""What a plan becomes on the wire: how large it is, how it looks, and where it is looked at afterwards."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.automations.model import OnRemoved
from jobs.export.batch import OVERHEAD_BYTES
from jobs.export.rows import ROW_BYTES, Row
from jobs.sheets.cells import number_format
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Layout
from jobs.sheets.plan import Plan, apply, make_plan
from jobs.sheets.requests import MAX_RANGES, ranges, size_bytes, to_requests, touched
from jobs.sheets.system_cell import content_of
from tests.unit.jobs.properties import checked, checked_briefly
from tests.unit.jobs.sheets.grid import as_sent
from tests.unit.jobs.sheets.scene import Scene, scenes
from tests.unit.jobs.shop import CATALOGUE, automation, order, rows_of, system_text

VALUES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "order_name": st.text() | st.sampled_from(['"' * 20, "\n" * 20, "\\" * 20, "\x00" * 20, "é" * 20, "𝄞" * 20]),
        "email": st.text(max_size=3) | st.none(),
        "total": st.decimals(allow_nan=False, allow_infinity=False) | st.integers() | st.none(),
        "placed_at": st.dates() | st.none(),
        "paid": st.booleans() | st.none(),
    },
)


@given(values=st.lists(VALUES, min_size=1, max_size=40))
@checked
def test_rows_take_as_many_bytes_as_they_say(values: list[dict[str, Any]]) -> None:
    """Batches are made by it: what surrounds the rows of one has the room that is kept free for it."""
    columns = automation(columns=[*CATALOGUE]).configuration.columns
    layout = Layout(7, columns, positions=[0, *range(2, len(columns) + 1)], system=1, key=0)
    made = rows_of(*(order(f"{number}", **each) for number, each in enumerate(values)), columns=[*CATALOGUE])
    rows = [row for each in made for row in each.rows]
    said_bytes = sum(row.size_bytes for row in rows)
    body_bytes = size_bytes(to_requests(Plan(inserts={0: rows}), layout, grid_rows=9))
    assert said_bytes - ROW_BYTES * len(rows) < body_bytes < said_bytes + OVERHEAD_BYTES


def simple_layout(*, strikes: bool = False) -> Layout:
    """Managed columns A, B, D to F, where C is a person's."""
    columns = automation().configuration.columns
    return Layout(7, columns, positions=[0, 3, 4, 5], system=1, key=0, strikes=strikes)


def rows_of_order(count: int, *, removed: bool = False, order_id: str = "1") -> Sequence[Row]:
    lines = [str(line) for line in range(count)]
    (made,) = rows_of(order(order_id, lines=lines, removed=removed), on_removed=OnRemoved.MARK)
    return made.rows


def test_neighbouring_rows_are_written_together() -> None:
    """One request a segment, however many rows."""
    plan = Plan(updates=dict(enumerate(rows_of_order(5), start=10)))
    first, second = as_sent(to_requests(plan, simple_layout(), grid_rows=100))
    assert first["updateCells"]["start"] == {"sheetId": 7, "rowIndex": 11, "columnIndex": 0}
    assert second["updateCells"]["start"] == {"sheetId": 7, "rowIndex": 11, "columnIndex": 3}
    assert [len(row["values"]) for row in second["updateCells"]["rows"]] == [3] * 5


def test_values_are_written_typed() -> None:
    """As text and numbers with null for what is empty: nothing that Google would read as if it were typed."""
    (made,) = rows_of(order("1", lines=["007"], order_name="=1+1", total=None))
    first, second = as_sent(to_requests(Plan(updates={0: made.rows[0]}), simple_layout(), grid_rows=9))
    assert first["updateCells"]["rows"][0]["values"][0] == {"userEnteredValue": {"stringValue": "=1+1"}}
    assert second["updateCells"]["rows"][0]["values"] == [
        {},
        {"userEnteredValue": {"stringValue": "007"}},
        {"userEnteredValue": {"numberValue": 1}},
    ]


def test_new_row_at_the_edge_of_the_grid_gets_a_spare_one_below() -> None:
    """So that it is inserted between rows, and never written over what a person adds there meanwhile."""
    inserted = Plan(inserts={4: list(rows_of_order(1))})
    assert "appendDimension" in to_requests(inserted, simple_layout(), grid_rows=5)[0]
    assert not any("appendDimension" in each for each in to_requests(inserted, simple_layout(), grid_rows=6))


def test_last_rows_of_a_tab_leave_a_spare_one() -> None:
    """Google refuses to delete all rows below a frozen header."""
    emptied = Plan(deletes={0, 1})
    assert "appendDimension" in to_requests(emptied, simple_layout(), grid_rows=3)[0]
    assert not any("appendDimension" in each for each in to_requests(emptied, simple_layout(), grid_rows=4))


def test_new_rows_below_the_header_do_not_look_like_it() -> None:
    """They inherit from the row below; any other from the row above."""
    plan = Plan(inserts={0: list(rows_of_order(1)), 3: list(rows_of_order(1))})
    inserted = [each["insertDimension"] for each in to_requests(plan, simple_layout(), grid_rows=9) if _inserts(each)]
    assert [(each["range"]["startIndex"], each["inheritFromBefore"]) for each in inserted] == [(4, True), (1, False)]


def _inserts(request: dict[str, object]) -> bool:
    return "insertDimension" in request


@given(scene=scenes())
@checked_briefly
def test_written_rows_look_as_they_should(scene: Scene) -> None:
    """Struck through exactly where the order was removed; new ones with the number formats of their columns."""
    plan, written = scene.plan(), scene.written()
    rows = {system_text(row): row for row in plan.updates.values()}
    new = {system_text(row): row for each in plan.inserts.values() for row in each}
    for row in written.below_header:
        known = str(row.cells[scene.layout.system].shown)
        if scene.layout.strikes and known in rows | new:
            managed = [*scene.layout.positions, scene.layout.system]
            assert {row.cells[place].struck for place in managed} == {(rows | new)[known].struck}
        if row.origin is None and known in new:
            for place, wanted in zip(scene.layout.positions, scene.layout.columns, strict=True):
                assert row.cells[place].number_format == number_format(wanted)


def test_marks_of_neighbours_are_set_together() -> None:
    """One request a segment and stretch of rows that are alike."""
    rows = [*rows_of_order(3, removed=True), *rows_of_order(2, order_id="2")]
    requests = to_requests(Plan(updates=dict(enumerate(rows))), simple_layout(strikes=True), grid_rows=9)
    areas = [each["repeatCell"]["range"] for each in requests if "repeatCell" in each]
    assert [(area["startRowIndex"], area["endRowIndex"]) for area in areas] == [(1, 4), (1, 4), (4, 6), (4, 6)]


@given(scene=scenes())
@checked_briefly
def test_every_row_that_was_written_is_looked_at(scene: Scene) -> None:
    """With its neighbours, so that a person who moved rows meanwhile is noticed."""
    plan, index = scene.plan(), scene.index()
    apply(plan, index)
    written = scene.written().below_header
    looked_at = set(touched(plan))
    for place, row in enumerate(written):
        position = row.origin
        if position is None and row.cells[scene.layout.system].shown:
            assert {place, place + 1} | ({place - 1} if place else set()) <= looked_at
        elif position is not None and position in plan.updates.keys() | plan.clears:
            assert place in looked_at
    for first, end in ranges(touched(plan), length=len(index)):
        shown = [content_of(row.cells[scene.layout.system].shown) for row in written[first:end]]
        assert index.agrees(first, shown + [0] * (end - first - len(shown)))


def test_rows_around_a_deleted_one_are_looked_at() -> None:
    """Those that are neighbours now."""
    assert {4, 5} <= set(touched(Plan(deletes={5})))
    assert {4, 5, 18, 19} <= set(touched(Plan(deletes={5, 20})))


def test_row_that_came_to_another_place_is_noticed() -> None:
    """Somebody inserted a row above while an order grew: the system column is not what the index says."""
    stands, longer = rows_of(order("1", lines=["a", "b"]), order("1", lines=["a", "b", "c"], version=2))
    before = [system_text(row) for row in stands.rows]
    index = TabIndex()
    index.read(before, [row.key for row in stands.rows])
    plan = make_plan(index, [longer])
    apply(plan, index)
    (added,) = plan.inserts[2]
    after = ["", before[0], system_text(added), before[1]]
    ((first, end),) = ranges(touched(plan), length=len(index))
    assert not index.agrees(first, [content_of(text) for text in after[first:end]])


@given(places=st.lists(st.integers(0, 3_000), unique=True, max_size=400).map(sorted), length=st.integers(0, 3_000))
@checked
def test_ranges_cover_the_places(places: list[int], length: int) -> None:
    """Few, in order, apart from each other, within the tab."""
    found = ranges(places, length=length)
    assert len(found) <= MAX_RANGES
    assert all(any(first <= place < end for first, end in found) for place in places if place < length)
    assert all(0 <= first < end <= length for first, end in found)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))
