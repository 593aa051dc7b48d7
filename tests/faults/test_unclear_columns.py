"""Columns that people move under a write whose answer nobody reads."""

import httpx
import pytest

from backend.automations.model import OnRemoved
from backend.errors import RunInterrupted
from tests.contract.sheets.book import Json
from tests.contract.tab.edits import insert_column, move_column, write
from tests.faults.worlds.promise import assert_in_step
from tests.faults.worlds.scene import Scene, Sizes
from tests.faults.worlds.shop import Shop, Terms
from tests.faults.worlds.worker import Death


@pytest.fixture
def scene(sheets: httpx.Client) -> Scene:
    """Six orders in their tab: Order, the system column, Email, Total. Two of them have changed since."""
    shop = Shop(Terms(by_line=False, on_removed=OnRemoved.DELETE))
    for _ in range(6):
        shop.add(1)
    made = Scene(sheets, shop, sizes=Sizes(orders_a_batch=1))
    made.attempt()
    shop.change(1)
    shop.change(4)
    return made


def assert_mended(scene: Scene) -> None:
    assert scene.pending_faults() == []
    seen = scene.picture()
    assert seen
    assert_in_step(seen, shop=scene.shop)


@pytest.mark.parametrize("edit", [move_column(3, to=2), insert_column(2), insert_column(0)])
@pytest.mark.parametrize("kind", ["drop_after", "503_after"])
def test_columns_moved_under_a_write_without_an_answer(scene: Scene, kind: str, edit: Json) -> None:
    """The key and the system cell may agree all the same: every managed cell is compared with the shop."""
    scene.fault("edit_before", edit)
    scene.fault(kind)
    scene.attempt()
    assert_mended(scene)


def test_columns_moved_before_a_late_write_arrives(scene: Scene) -> None:
    """The tab was read again, and written to; then its columns move, and the write before lands where they were."""
    scene.fault("503_before", skip=1)
    scene.fault("edit_after", move_column(3, to=2), write(5, 2, "v7@example.com"), skip=2)
    scene.attempt()
    assert_mended(scene)


def test_doubt_outlives_the_worker_that_has_it(scene: Scene) -> None:
    """The next attempt compares what the one before, which was stopped, had reason to."""
    scene.fault("edit_before", move_column(3, to=2))
    scene.fault("drop_after")
    with pytest.raises(RunInterrupted):
        scene.attempt(death=Death(call=5, after=True, gentle=True))
    assert scene.writes == 1
    scene.attempt()
    assert_mended(scene)
