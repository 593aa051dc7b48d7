"""The compact index, held against a plain list of entries."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.sheets.index import FOREIGN, MAX_LISTED, Entry, TabIndex
from jobs.sheets.system_cell import SystemCell, content_hash, hash64, key_hash
from tests.unit.jobs.properties import checked

ENTRIES = st.just(FOREIGN) | st.builds(
    Entry,
    order=st.sampled_from([1, 2, 1025, 2**64 - 1]),  # 1 and 1025 begin at the same place of the hash table
    line=st.integers(1, 4),
    version=st.integers(0, 9),
    content=st.integers(0, 9),
)


@dataclass(frozen=True)
class Step:
    kind: str
    place: float
    """From 0 for the first position to 1 for behind the last."""
    entries: list[Entry]


STEPS = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from(["append", "replace", "insert", "insert", "delete"]),
        place=st.floats(0, 1),
        entries=st.lists(ENTRIES, min_size=1, max_size=3),
    ),
    max_size=20,
)


def carried_out(steps: list[Step]) -> tuple[TabIndex, list[Entry]]:
    index, model = TabIndex(), [FOREIGN, Entry(1, 1, 1, 1)]
    for entry in model:
        index.append(entry)
    for step in steps:
        position = round(step.place * len(model))
        match step.kind:
            case "append":
                index.append(step.entries[0])
                model.append(step.entries[0])
            case "insert":
                index.insert(position, step.entries)
                model[position:position] = step.entries
            case "replace" if position < len(model):
                index.replace(position, step.entries[0])
                model[position] = step.entries[0]
            case "delete" if position < len(model):
                index.delete(position)
                del model[position]
        index.positions(1)  # so that links are made between changes, too
    return index, model


def listed(index: TabIndex) -> list[Entry]:
    return [index[position] for position in range(len(index))]


@given(steps=STEPS)
@checked
def test_index_holds_what_a_list_would(steps: list[Step]) -> None:
    """Appended, inserted, replaced and deleted anywhere."""
    index, model = carried_out(steps)
    assert listed(index) == model
    assert len(index) == len(model)
    assert index.rows == sum(bool(entry.order) for entry in model)


@given(steps=STEPS)
@checked
def test_rows_of_an_order_are_found(steps: list[Step]) -> None:
    """All of them, top to bottom, and none of another order."""
    index, model = carried_out(steps)
    for order in (1, 2, 3, 1025, 2**64 - 1):
        assert index.positions(order) == [place for place, entry in enumerate(model) if entry.order == order]


@given(steps=STEPS)
@checked
def test_end_is_below_the_last_row_of_ours(steps: list[Step]) -> None:
    """What people wrote further down stays below."""
    index, model = carried_out(steps)
    assert index.end == max((place + 1 for place, entry in enumerate(model) if entry.order), default=0)


@given(steps=STEPS, data=st.data())
@checked
def test_checksum_does_not_depend_on_the_way(steps: list[Step], data: st.DataObject) -> None:
    """The same rows in any order, however they came there, have the same; foreign rows do not count."""
    index, model = carried_out(steps)
    fresh = TabIndex()
    for entry in data.draw(st.permutations([entry for entry in model if entry.order])):
        fresh.append(entry)
    assert fresh.checksum == index.checksum


@given(steps=STEPS, place=st.floats(0, 1, exclude_max=True))
@checked
def test_checksum_shows_a_row_that_is_missing_or_there_twice(steps: list[Step], place: float) -> None:
    """That is what it is for."""
    index, model = carried_out([*steps, Step("append", 1, [Entry(2, 2)])])
    before = index.checksum
    entry = [each for each in model if each.order][int(place * sum(1 for each in model if each.order))]
    index.append(entry)
    assert index.checksum != before
    index.delete(model.index(entry))
    assert index.checksum == before
    index.delete(listed(index).index(entry))
    assert index.checksum != before


def test_many_orders_are_found() -> None:
    """The hash table grows with the tab, while it is read and when it is linked anew."""
    index = TabIndex()
    for row in range(2_000):
        index.append(Entry(order=1 + row // 2, line=row))
    assert [index.positions(order) for order in (1, 700, 1000, 1001)] == [[0, 1], [1398, 1399], [1998, 1999], []]
    index.insert(0, [Entry(order=2**40 + row, line=row) for row in range(1_000)])
    assert [index.positions(order) for order in (1, 2**40 + 999)] == [[1000, 1001], [999]]


@given(steps=STEPS, first=st.integers(0, 5), length=st.integers(0, 9))
@checked
def test_index_agrees_with_what_it_holds_only(steps: list[Step], first: int, length: int) -> None:
    """The same content hashes at the same positions; one that differs is noticed."""
    index, model = carried_out(steps)
    known = model[first : first + length]
    contents = [entry.content for entry in known]
    assert index.agrees(first, contents)
    assert not index.agrees(len(model) - 1, [model[-1].content, 0]) if model else not index.agrees(0, [0])
    for i, entry in enumerate(known):
        others = [*contents[:i], 10, *contents[i + 1 :]]
        assert index.agrees(first, others) == entry.doubtful


@given(steps=STEPS, orders=st.lists(st.sampled_from([1, 2, 3, 1025]), max_size=4))
@checked
def test_rows_of_others_are_all_but_those_of_these_orders(steps: list[Step], orders: list[int]) -> None:
    """Top to bottom, and none of a person's."""
    index, model = carried_out(steps)
    others = [place for place, entry in enumerate(model) if entry.order and entry.order not in orders]
    assert index.rows_of_others(orders) == others


def system_text(order_id: str, line_id: str = "", *, key: str, content: int = 9) -> str:
    return SystemCell(order_id, line_id, version=5, content=content, key=key_hash(key)).text()


def test_rows_are_read_as_they_stand() -> None:
    """Ours with what they hold; a person's row and an empty one as foreign."""
    index = TabIndex()
    index.read([system_text("1", "a", key="#1"), "", None, "mine"], ["#1", "", None, ""])
    ours = Entry(hash64("1"), hash64("a"), version=5, content=9)
    assert listed(index) == [ours, FOREIGN, FOREIGN, FOREIGN]
    assert (index.orphans, index.torn) == ({}, set())


def test_chunks_are_read_one_below_the_other() -> None:
    """A large tab comes in several answers."""
    index = TabIndex()
    index.read([system_text("1", key="#1")], ["#1"])
    index.read([None, system_text("1", "b", key="#1")], ["#7", "#1"])
    assert index.positions(hash64("1")) == [0, 2]
    assert index.orphans == {"#7": [1]}


@pytest.mark.parametrize("struck", [False, True])
def test_torn_row_is_known_as_its_order_but_not_its_content(*, struck: bool) -> None:
    """A sort of some columns put another order's key beside the system cell: the row is to be rewritten."""
    index = TabIndex()
    index.read([system_text("1", "a", key="#1", content=content_hash("it", struck=struck))], ["#2"])
    assert (index[0].order, index[0].line, index[0].doubtful) == (hash64("1"), hash64("a"), True)
    assert index[0].struck == index.any_struck == struck
    assert index.torn == {"1"}
    assert index.agrees(0, [1234])


def test_key_that_was_emptied_tears_its_row() -> None:
    """An empty cell is no key."""
    index = TabIndex()
    index.read([system_text("1", key="#1")], [None])
    assert index.torn == {"1"}


def test_numbers_in_the_key_column_are_read_as_text() -> None:
    """A person who types a key makes it a number."""
    index = TabIndex()
    index.read([None, system_text("7", key="1001")], [1001, 1001])
    assert index.orphans == {"1001": [0]}
    assert index.torn == set()


def test_date_in_the_key_column_is_its_serial_number() -> None:
    """Whichever way Sheets writes it."""
    index = TabIndex()
    index.read([system_text("7", key="46053"), system_text("8", key="46054"), None], [46053, 46054.0, 46055.0])
    assert index.torn == set()
    assert index.orphans == {"46055": [2]}


def test_row_without_its_system_cell_is_an_orphan_by_its_key() -> None:
    """And stays one where it moves."""
    index = TabIndex()
    index.read([None, "typed over", None], ["#1", "#1", "#2"])
    assert index.orphans == {"#1": [0, 1], "#2": [2]}
    index.insert(1, [Entry(5), Entry(6)])
    assert index.orphans == {"#1": [0, 3], "#2": [4]}
    index.delete(2)
    assert index.orphans == {"#1": [0, 2], "#2": [3]}


@pytest.mark.parametrize(("orders", "overflow"), [(MAX_LISTED, False), (MAX_LISTED + 1, True)])
def test_list_of_torn_orders_is_bounded(orders: int, overflow: bool) -> None:
    """Above it the whole source is gone through; an order that is torn twice counts once."""
    index = TabIndex()
    texts = [system_text(str(number), key="#1") for number in range(orders)]
    index.read([*texts, texts[0]], ["#2"] * (orders + 1))
    assert len(index.torn) == MAX_LISTED
    assert index.torn_overflow is overflow


@given(texts=st.lists(st.none() | st.text() | st.integers() | st.text(alphabet="v1|-09af"), max_size=5))
@checked
def test_nothing_in_the_system_column_stops_a_run(texts: list[object]) -> None:
    """People type and paste there what they like."""
    index = TabIndex()
    index.read(texts, ["#1"] * len(texts))
    assert len(index) == len(texts)
