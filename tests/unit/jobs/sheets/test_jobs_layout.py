"""Where the managed columns stand, whatever people did to the tab's columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.automations.model import Column, OnRemoved
from backend.errors import ColumnGone, Protected
from backend.platforms.field import ColumnType
from jobs.sheets.layout import (
    SYSTEM_HEADER,
    Layout,
    Wanted,
    append_columns,
    blank_layout,
    ensure_writable,
    found_columns,
    freeze_header,
    lay_out,
    new_tab,
)
from jobs.sheets.workbook import SYSTEM, Protection
from tests.unit.jobs.properties import checked
from tests.unit.jobs.sheets.column_strip import ColumnStrip, StripColumn

NAME = Column(key="order_name", header="Order", type=ColumnType.TEXT)
EMAIL = Column(key="email", header="Email", type=ColumnType.TEXT)
TOTAL = Column(key="total", header="Total", type=ColumnType.MONEY)
PLACED = Column(key="placed_at", header="Placed", type=ColumnType.DATETIME)
COLUMNS = [NAME, EMAIL, TOTAL, PLACED]


def wanted(columns: Sequence[Column], *, laid_out: Sequence[Column] = ()) -> Wanted:
    return Wanted("aut_1", columns, key=columns.index(NAME), laid_out={column.key: column for column in laid_out})


def fresh(columns: Sequence[Column]) -> ColumnStrip:
    """The columns of a tab that the automation has made."""
    strip = ColumnStrip()
    strip.carry_out(new_tab(7, "Orders", wanted(columns))[1])
    return strip


def laid_out(strip: ColumnStrip, asked: Wanted) -> Layout:
    """Carry out what is missing, and see that nothing is missing then."""
    tab = strip.tab()
    layout, requests = lay_out(tab, asked, found_columns(tab, asked, strip.headers))
    strip.carry_out(requests)
    settled = replace(asked, laid_out={column.key: column for column in asked.columns})
    again = strip.tab()
    assert lay_out(again, settled, found_columns(again, settled, strip.headers)) == (layout, [])
    return layout


def person(name: str) -> StripColumn:
    return StripColumn(owner=name, header=name)


@dataclass(frozen=True)
class Reworked:
    """A tab that people rearranged, and what the automation now asks of it."""

    strip: ColumnStrip
    asked: Wanted


@st.composite
def reworked(draw: st.DrawFn) -> Reworked:
    earlier = [NAME, *draw(st.lists(st.sampled_from(COLUMNS[1:]), unique=True))]
    columns = fresh(earlier).columns + [person(f"mine {n}") for n in range(draw(st.integers(0, 3)))]
    if draw(st.booleans()):
        columns = draw(st.permutations(columns))
    later = draw(st.permutations([NAME, *draw(st.lists(st.sampled_from(COLUMNS[1:]), unique=True))]))
    return Reworked(ColumnStrip(columns), wanted(later, laid_out=earlier))


@given(scene=reworked())
@checked
def test_managed_columns_are_where_the_layout_says(scene: Reworked) -> None:
    """Each with its header and its mark, and the system column hidden."""
    layout = laid_out(scene.strip, scene.asked)
    for column, place in zip(scene.asked.columns, layout.positions, strict=True):
        assert scene.strip.columns[place].marks == {f"aut_1:{column.key}"}
        assert scene.strip.columns[place].header == column.header
    system = scene.strip.columns[layout.system]
    assert (system.header, system.marks, system.hidden) == (SYSTEM_HEADER, {f"aut_1:{SYSTEM}"}, True)
    marked = [column for column in scene.strip.columns if column.marks]
    assert len(marked) == len(scene.asked.columns) + 1
    assert layout.columns[layout.key] == NAME


@given(scene=reworked())
@checked
def test_columns_keep_their_order_and_people_theirs(scene: Reworked) -> None:
    """New ones are put between; none is moved, taken or deleted."""
    before = list(scene.strip.columns)
    looks = [(column.owner, column.header, column.number_format) for column in before if column.owner]
    laid_out(scene.strip, scene.asked)
    assert [column for column in scene.strip.columns if any(column is known for known in before)] == before
    assert looks == [
        (column.owner, column.header, column.number_format) for column in scene.strip.columns if column.owner
    ]


@given(scene=reworked())
@checked
def test_segments_are_the_managed_columns_and_no_other(scene: Reworked) -> None:
    """What lies between two of them is a person's."""
    layout = laid_out(scene.strip, scene.asked)
    places = {first + offset: column for first, run in layout.segments() for offset, column in enumerate(run)}
    assert places == {place: i for i, place in enumerate(layout.positions)} | {layout.system: -1}
    ends = [(first, first + len(run)) for first, run in layout.segments()]
    assert all(earlier[1] < later[0] for earlier, later in pairwise(ends))


def test_new_tab_has_exactly_the_managed_columns() -> None:
    """The system column beside the key, so that whoever takes the visible range along takes it too."""
    strip = fresh([NAME, EMAIL, TOTAL])
    assert strip.headers == ["Order", SYSTEM_HEADER, "Email", "Total"]
    assert [column.hidden for column in strip.columns] == [False, True, False, False]
    assert strip.frozen_rows == 1


def test_empty_tab_of_a_merchant_is_laid_out_alike() -> None:
    """After the columns that it lacks."""
    strip = ColumnStrip([StripColumn()])
    layout, requests = blank_layout(7, wanted([EMAIL, NAME]))
    strip.carry_out([append_columns(7, 2), *requests, freeze_header(7)])
    assert strip.headers == ["Email", "Order", SYSTEM_HEADER]
    assert (layout.positions, layout.system, strip.frozen_rows) == ([0, 1], 2, 1)
    assert laid_out(strip, wanted([EMAIL, NAME], laid_out=[EMAIL, NAME])) == layout


def test_added_column_comes_after_the_one_before_it() -> None:
    """With its number format, also for the rows that stand."""
    strip = fresh([NAME, EMAIL])
    laid_out(strip, wanted([NAME, TOTAL, EMAIL], laid_out=[NAME, EMAIL]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "Total", "Email"]
    assert strip.columns[2].number_format == {"type": "NUMBER", "pattern": "#,##0.00"}


def test_column_that_leaves_the_automation_becomes_the_persons() -> None:
    """Its cells stay; it is found no more."""
    strip = fresh([NAME, EMAIL])
    laid_out(strip, wanted([NAME], laid_out=[NAME, EMAIL]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "Email"]
    assert strip.columns[2].marks == set()


def test_header_that_a_person_changed_stays() -> None:
    """The column is known by its mark."""
    strip = fresh([NAME, EMAIL])
    strip.columns[2].header = "Post"
    laid_out(strip, wanted([NAME, EMAIL], laid_out=[NAME, EMAIL]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "Post"]


def test_header_that_the_automation_changed_is_written() -> None:
    """Also where a person had changed it before."""
    strip = fresh([NAME, EMAIL])
    strip.columns[2].header = "Post"
    laid_out(strip, wanted([NAME, EMAIL.model_copy(update={"header": "E-mail"})], laid_out=[NAME, EMAIL]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "E-mail"]


def test_type_that_the_automation_changed_is_formatted() -> None:
    """A column that becomes text again shows no numbers' format."""
    strip = fresh([NAME, TOTAL])
    day = PLACED.model_copy(update={"key": "total", "type": ColumnType.DATE})
    laid_out(strip, wanted([NAME, day], laid_out=[NAME, TOTAL]))
    assert strip.columns[2].number_format == {"type": "DATE", "pattern": "yyyy-mm-dd"}
    text = day.model_copy(update={"type": ColumnType.TEXT})
    laid_out(strip, wanted([NAME, text], laid_out=[NAME, day]))
    assert strip.columns[2].number_format is None


@pytest.mark.parametrize("gone", [0, 2])
def test_deleted_column_is_not_made_again_in_silence(gone: int) -> None:
    """Its header says which, so that the merchant can act."""
    strip = fresh([NAME, EMAIL])
    header = strip.columns.pop(gone).header
    asked = wanted([NAME, EMAIL], laid_out=[NAME, EMAIL])
    with pytest.raises(ColumnGone, match=header):
        lay_out(strip.tab(), asked, found_columns(strip.tab(), asked, strip.headers))


def test_deleted_system_column_is_made_again() -> None:
    """Its rows are then known by their visible keys."""
    strip = fresh([NAME, EMAIL])
    del strip.columns[1]
    laid_out(strip, wanted([NAME, EMAIL], laid_out=[NAME, EMAIL]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "Email"]
    assert strip.columns[1].hidden


def test_column_that_lost_its_mark_is_found_by_its_header() -> None:
    """A copy of a tab and some imports lose the metadata; it is marked anew."""
    strip = fresh([NAME, EMAIL])
    strip.columns[2].marks.clear()
    laid_out(strip, wanted([NAME, EMAIL], laid_out=[NAME, EMAIL]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "Email"]
    assert strip.columns[2].marks == {"aut_1:email"}


def test_header_that_two_columns_have_finds_neither() -> None:
    """Writing into the wrong one would overwrite what a person wrote."""
    strip = ColumnStrip([*fresh([NAME, EMAIL]).columns, person("Email")])
    strip.columns[2].marks.clear()
    assert "email" not in found_columns(strip.tab(), wanted([NAME, EMAIL], laid_out=[NAME, EMAIL]), strip.headers)


def test_header_of_a_column_that_is_known_counts_for_none_other() -> None:
    """A person gave one managed column the header of another, which lost its mark."""
    strip = fresh([NAME, EMAIL])
    strip.columns[0].header = "Email"
    strip.columns[2].marks.clear()
    found = found_columns(strip.tab(), wanted([NAME, EMAIL], laid_out=[NAME, EMAIL]), strip.headers)
    assert found == {"order_name": 0, SYSTEM: 1, "email": 2}


def test_column_of_a_person_with_a_wanted_header_stays_theirs() -> None:
    """A column that the automation never had is made new."""
    strip = ColumnStrip([*fresh([NAME]).columns, person("Email")])
    laid_out(strip, wanted([NAME, EMAIL], laid_out=[NAME]))
    assert strip.headers == ["Order", SYSTEM_HEADER, "Email", "Email"]
    assert [column.owner for column in strip.columns] == ["", "", "", "Email"]


def test_column_of_another_automation_is_not_taken() -> None:
    """Marks name whose they are."""
    strip = fresh([NAME, EMAIL])
    assert strip.tab().columns_of("aut_1") == {"order_name": 0, SYSTEM: 1, "email": 2}
    assert strip.tab().columns_of("aut") == {}


def test_marks_of_removed_orders_are_asked_for_by_the_automation() -> None:
    """The layout tells the writer."""
    asked = replace(wanted([NAME]), on_removed=OnRemoved.MARK)
    assert new_tab(7, "Orders", asked)[0].strikes
    assert not new_tab(7, "Orders", wanted([NAME]))[0].strikes


@pytest.mark.parametrize(
    ("protection", "refused"),
    [
        (Protection(first_row=0, end_row=None, first_column=0, end_column=None), True),
        (Protection(first_row=0, end_row=None, first_column=2, end_column=3), True),
        (Protection(first_row=0, end_row=None, first_column=1, end_column=2), True),
        (Protection(first_row=5, end_row=6, first_column=0, end_column=9), True),
        (Protection(first_row=0, end_row=1, first_column=0, end_column=None), False),
        (Protection(first_row=0, end_row=None, first_column=3, end_column=None), False),
    ],
)
def test_protected_cells_of_ours_are_found_before_the_first_write(protection: Protection, refused: bool) -> None:
    """Not those of people, and not the header, which is seldom written."""
    strip = ColumnStrip([*fresh([NAME, EMAIL]).columns, person("mine")])
    tab = strip.tab(protections=[protection])
    if refused:
        with pytest.raises(Protected):
            ensure_writable(tab, [0, 1, 2])
    else:
        ensure_writable(tab, [0, 1, 2])
