"""What the comparison says of a tab, from its cells."""

from typing import TypeAlias

import pytest

from tests.bench.verdict import judge, note

Grid: TypeAlias = list[list[str | float]]
HEADERS = ["Order", "Total", "Phone"]
HEAD: list[str | float] = [*HEADERS]
SHOP: Grid = [["#1", 10.5, "+491"], ["#2", 20.0, "+492"]]


def test_tab_as_the_shop_has_no_fault() -> None:
    """The rows may stand in any order."""
    verdict = judge([HEAD, SHOP[1], SHOP[0]], headers=HEADERS, rows=SHOP)
    assert (verdict.doubled, verdict.missing, verdict.wrong, verdict.altered.total()) == (0, 0, 0, 0)


def test_second_row_of_an_order_is_counted() -> None:
    """Two rows of one order are one too many."""
    verdict = judge([HEAD, SHOP[0], SHOP[1], SHOP[0]], headers=HEADERS, rows=SHOP)
    assert (verdict.doubled, verdict.missing) == (1, 0)


def test_order_without_a_row_is_missing() -> None:
    """An empty tab misses all."""
    assert judge([], headers=HEADERS, rows=SHOP).missing == 2


def test_cells_are_found_by_their_header() -> None:
    """A column that was moved is still the same; one that was overwritten by another's cells is wrong."""
    moved: Grid = [["Order", "Phone", "Total"], ["#1", "+491", 10.5], ["#2", "+492", 20.0]]
    shifted: Grid = [["Order", "Mine", "Total", "Phone"], ["#1", 10.5, "+491", ""], ["#2", "", 20.0, "+492"]]
    assert judge(moved, headers=HEADERS, rows=SHOP).wrong == 0
    assert judge(shifted, headers=HEADERS, rows=SHOP).wrong == 1


def test_columns_set_aside_make_no_order_wrong() -> None:
    """What a tool alters everywhere is counted as altered cells only."""
    grid: Grid = [HEAD, ["#1", 10.5, 491], ["#2", 20.0, 492]]
    verdict = judge(grid, headers=HEADERS, rows=SHOP, aside=["Phone"])
    assert (verdict.altered, verdict.wrong) == ({"Phone": 2}, 0)


def test_note_beside_another_order_is_lost() -> None:
    """A note belongs to the row of its order."""
    head: list[str | float] = [*HEADERS, "Notes"]
    grid: Grid = [head, [*SHOP[0], note("Notes", "#1")], [*SHOP[1], note("Notes", "#1")]]
    assert judge(grid, headers=HEADERS, rows=SHOP, notes=["Notes"]).lost == {"Notes": 1}


@pytest.mark.parametrize(
    ("found", "wanted", "agrees"),
    [
        (5_210_000_000_001, "5210000000001", True),
        (1_067, "01067", False),
        (46_023.5, "2026-01-01 12:00:00", True),
        (0.1 + 0.2, 0.3, True),
        ("20", 20.0, False),
        (True, 1.0, False),
    ],
)
def test_values_that_say_the_same_agree(found: object, wanted: str | float, agrees: bool) -> None:
    """Digits kept are kept, whatever their type; times may be dates; a number that became a text is altered."""
    head, row = ["Order", "Value"], ["#1", found]
    verdict = judge([head, row], headers=head, rows=[["#1", wanted]])
    assert (verdict.wrong == 0) == agrees
