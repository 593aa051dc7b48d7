"""A tab whose rows are known by a date, as those of daily sales are."""

from collections.abc import Callable

import pytest

from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import delete_rows, sort, write
from tests.contract.tab.moment import Moment
from tests.contract.tab.orders import order, some

A_BATCH = 3
EARLIER = some(6)
CHANGED = [order(number, version=2, email=f"new{number}@example.com") for number in range(1, 7)]


@pytest.fixture
def dated(new_desk: Callable[..., Desk]) -> Desk:
    """The tab with six days in it."""
    desk = new_desk(columns=["day", "email", "total"])
    desk.bring(EARLIER)
    return desk


def test_dates_are_known_again(dated: Desk) -> None:
    """Nothing is torn, and what stands is not written again."""
    assert dated.torn() == set()
    assert dated.bring(EARLIER).writes == 0
    dated.assert_holds(EARLIER)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([sort(range(1, 7), range(4), by=0)], id="sorted by the day"),
        pytest.param([sort(range(1, 7), range(1), by=0)], id="torn by a sort of one column"),
        pytest.param([write(2, 0, 45000)], id="day overwritten"),
        pytest.param([write(1, 1, None, None)], id="system cells lost"),
        pytest.param([delete_rows(2)], id="row deleted"),
    ],
)
def test_each_day_stands_once_whatever_people_do(dated: Desk, moment: Moment, edits: list[Json]) -> None:
    """At each moment of a run."""
    moment.edit(dated, *edits)
    dated.bring(CHANGED, a_batch=A_BATCH)
    dated.bring(CHANGED)
    dated.assert_holds(CHANGED)
    assert dated.bring(CHANGED).writes == 0
