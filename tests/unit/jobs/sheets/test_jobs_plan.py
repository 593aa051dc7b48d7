"""A batch comes to a tab that people have been at: what stands there afterwards."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from backend.platforms.source import Order
from jobs.export.batch import batches
from jobs.export.rows import OrderRows, Row
from jobs.sheets.index import TabIndex
from jobs.sheets.plan import apply, make_plan
from jobs.sheets.system_cell import content_of, parse
from tests.unit.jobs.properties import checked, checked_briefly
from tests.unit.jobs.sheets.expectation import expected
from tests.unit.jobs.sheets.grid import Grid, GridRow
from tests.unit.jobs.sheets.scene import Scene, scenes
from tests.unit.jobs.shop import managed_values, order, rows_of, system_text


def ours(grid: Grid, scene: Scene, order_id: str) -> list[GridRow]:
    """The rows of one order, top to bottom."""
    cells = ((row, parse(row.cells[scene.layout.system].shown)) for row in grid.below_header)
    return [row for row, cell in cells if cell and cell.order_id == order_id]


def line_of(row: GridRow, scene: Scene) -> str:
    cell = parse(row.cells[scene.layout.system].shown)
    assert cell is not None
    return cell.line_id


def by_origin(grid: Grid) -> dict[int, GridRow]:
    return {row.origin: row for row in grid.below_header if row.origin is not None}


def standing(rows: Sequence[Row]) -> TabIndex:
    """The index of a tab that holds these rows."""
    index = TabIndex()
    index.read([system_text(row) for row in rows], [row.key for row in rows])
    return index


@given(scene=scenes())
@checked_briefly
def test_orders_of_a_batch_stand_exactly_once(scene: Scene) -> None:
    """Each line in one row, with its managed cells and a system cell that says so; no row of a line that is gone."""
    grid = scene.written()
    for order_id, rows in expected(scene).rows.items():
        found = ours(grid, scene, order_id)
        assert Counter(line_of(row, scene) for row in found) == Counter(row.line_id for row in rows)
        wanted = {row.line_id: row for row in rows}
        for row in found:
            line = wanted[line_of(row, scene)]
            assert row.values(scene.layout.positions) == managed_values(line)
            assert content_of(row.cells[scene.layout.system].shown) == line.content


@given(scene=scenes())
@checked_briefly
def test_cells_of_people_move_with_their_rows_and_never_change(scene: Scene) -> None:
    """What they wrote in their own columns is lost with rows that are gone only, and new rows have nothing there."""
    before, after = by_origin(scene.grid), by_origin(scene.written())
    assert list(after) == [origin for origin in before if origin not in expected(scene).deleted]
    for origin, row in after.items():
        for column in scene.people:
            assert row.cells[column] == before[origin].cells[column]
    assert not any(any(row.values(scene.people)) for row in scene.written().below_header if row.origin is None)


@given(scene=scenes())
@checked_briefly
def test_rows_that_a_batch_is_not_about_stay_as_they_are(scene: Scene) -> None:
    """Rows of people, of other orders, and of orders that are left alone: an older version, one that is not here."""
    told = expected(scene)
    before, after = by_origin(scene.grid), by_origin(scene.written())
    for origin in after.keys() - told.written - told.cleared:
        assert after[origin] == before[origin]


@given(scene=scenes())
@checked_briefly
def test_surplus_copies_are_emptied(scene: Scene) -> None:
    """A person who copied a row keeps theirs; ours would be shown twice."""
    after = by_origin(scene.written())
    for origin in expected(scene).cleared:
        assert not any(after[origin].values([*scene.layout.positions, scene.layout.system]))


@given(scene=scenes())
@checked_briefly
def test_new_rows_stand_next_to_their_order(scene: Scene) -> None:
    """A new line stands right below the line before it; the first one right above a line of its order."""
    grid = scene.written()
    places = {id(row): place for place, row in enumerate(grid.below_header)}
    for order_id, rows in expected(scene).rows.items():
        found = {line_of(row, scene): row for row in ours(grid, scene, order_id)}
        at = [places[id(found[row.line_id])] for row in rows]
        new = [found[row.line_id].origin is None for row in rows]
        for i in range(len(rows)):
            if new[i] and i:
                assert at[i] == at[i - 1] + 1
            elif new[i] and not all(new):
                assert at[i] + 1 in at


@given(scene=scenes())
@checked_briefly
def test_batch_that_stands_has_an_empty_plan(scene: Scene) -> None:
    """Applied a second time it changes nothing, and nothing is sent."""
    assert make_plan(scene.index(scene.written()), scene.batch).empty


@given(scene=scenes())
@checked_briefly
def test_index_follows_the_tab(scene: Scene) -> None:
    """After the plan has been applied to both, the index is the one that would be read."""
    known, read = scene.index(), scene.index(scene.written())
    apply(make_plan(known, scene.batch), known)
    trailing = len(known) - len(read)
    assert trailing >= 0
    assert [known[place] for place in range(len(read))] == [read[place] for place in range(len(read))]
    assert not any(known[len(read) + place].order for place in range(trailing))
    assert known.checksum == read.checksum
    assert known.end == read.end
    for each in scene.batch:
        assert known.positions(each.order_hash) == read.positions(each.order_hash)
    lost = {key: [place for place in places if not known[place].order] for key, places in known.orphans.items()}
    assert {key: places for key, places in lost.items() if places} == read.orphans


@given(scene=scenes())
@checked_briefly
def test_counts_say_what_happens(scene: Scene) -> None:
    """What is told as added and removed is what the tab gains and loses."""
    plan, told = scene.plan(), expected(scene)
    before, after = scene.grid.below_header, scene.written().below_header
    assert plan.added == sum(row.origin is None and any(row.values([scene.layout.system])) for row in after)
    assert plan.removed == len(told.deleted) + len(told.cleared)
    wanted = sum(len(rows) for rows in told.rows.values())
    assert plan.added + len(plan.updates) + plan.unchanged == wanted
    assert len(before) >= len(by_origin(scene.grid))


def written_in_batches(index: TabIndex, orders: Sequence[OrderRows], *, max_rows: int) -> None:
    for batch in batches(((each, {}) for each in orders), max_rows=max_rows):
        apply(make_plan(index, batch.orders), index)


@given(lines=st.lists(st.integers(0, 99), unique=True, max_size=30), max_rows=st.integers(1, 7), data=st.data())
@checked
def test_order_that_is_split_over_batches_stands_in_its_order(
    lines: list[int], max_rows: int, data: st.DataObject
) -> None:
    """Whatever of it stood before, and however often it comes."""
    known = data.draw(st.sets(st.sampled_from(lines))) if lines else set()
    earlier, whole = rows_of(
        order("1", lines=[str(line) for line in lines if line in known]),
        order("1", lines=[str(line) for line in lines], version=2, quantity=2),
    )
    others = rows_of(order("2", lines=["x"]))
    index = standing([*others[0].rows, *earlier.rows])
    for _ in range(2):
        written_in_batches(index, [whole], max_rows=max_rows)
        below = [index[position].line for position in range(1, len(index))]
        assert below == [row.line_hash for row in whole.rows]
    assert index.positions(others[0].order_hash) == [0]


def test_order_that_comes_twice_in_a_run_stands_once() -> None:
    """Sources may repeat an order that changed meanwhile; the later one is what stands."""
    first, again = rows_of(order("1", lines=["a"]), order("1", lines=["a", "b"], version=2, quantity=2))
    index = TabIndex()
    written_in_batches(index, [first, again], max_rows=100)
    assert [index[position].content for position in range(len(index))] == [row.content for row in again.rows]


def test_older_version_changes_nothing() -> None:
    """Not even where it has lines that the newer one has no more."""
    newer, older = rows_of(order("1", lines=["b"], version=2), order("1", lines=["a", "b", "c"], quantity=5))
    plan = make_plan(standing(newer.rows), [older])
    assert plan.empty
    assert plan.older == 3


def test_same_version_with_other_content_is_written() -> None:
    """The platform's clock is coarse, and not every change moves it."""
    stands, changed = rows_of(order("1", lines=["a"]), order("1", lines=["a"], quantity=2))
    assert list(make_plan(standing(stands.rows), [changed]).updates) == [0]


def test_order_that_was_deleted_at_the_shop_keeps_its_rows() -> None:
    """Nothing is known of it any more, so there is nothing that could be written over them."""
    (stands,) = rows_of(order("1", lines=["a", "b"]))
    (deleted,) = rows_of(Order(id="1", version=9, values={}, removed=True))
    assert make_plan(standing(stands.rows), [deleted]).empty


def test_new_line_stays_above_a_new_order() -> None:
    """Also where the new order comes first: both go below the last row."""
    (stands,) = rows_of(order("1", lines=["a"]))
    new, longer = rows_of(order("2", lines=["x"]), order("1", lines=["a", "b"], version=2))
    plan = make_plan(standing(stands.rows), [new, longer])
    assert [row.line_id for row in plan.inserts[1]] == ["b", "x"]


def test_new_first_line_joins_the_rows_that_stay() -> None:
    """A sort scattered the order, and the row of a line that is gone stands far from the others."""
    stands, other = rows_of(order("1", lines=["gone", "b"]), order("2", lines=["x"]))
    (changed,) = rows_of(order("1", lines=["a", "b"], version=2))
    gone, stays = stands.rows
    plan = make_plan(standing([gone, *other.rows, stays]), [changed])
    assert plan.deletes == {0}
    assert list(plan.inserts) == [2]


def test_row_that_lost_its_system_cell_is_taken_by_one_order() -> None:
    """Two orders may have one name; the second is added."""
    index = TabIndex()
    index.read([None], ["#7"])
    first, second = rows_of(order("1", order_name="#7"), order("2", order_name="#7"))
    plan = make_plan(index, [first, second])
    assert [row.order_id for row in plan.updates.values()] == ["1"]
    assert [row.order_id for rows in plan.inserts.values() for row in rows] == ["2"]
    apply(make_plan(index, [first]), index)
    assert list(make_plan(index, [second]).inserts) == [1]
