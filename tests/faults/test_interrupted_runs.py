"""Runs that rest at their checkpoint while people change what they are about."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from backend.automations.model import OnRemoved
from backend.errors import RunInterrupted
from tests.contract.tab.edits import delete_column, insert_column, write
from tests.faults.worlds.promise import assert_in_step
from tests.faults.worlds.scene import Scene, Sizes
from tests.faults.worlds.shop import Shop, Terms
from tests.faults.worlds.worker import Death

SIZES = Sizes(orders_a_batch=1)
STOPPED = Death(call=3, after=True, gentle=True)
"""While the first batch is written, in a tab that stands."""


@pytest.fixture
def scene(sheets: httpx.Client) -> Scene:
    """Six orders in their tab, all of them changed since, and a run that was stopped after the first batch."""
    shop = Shop(Terms(by_line=False, on_removed=OnRemoved.DELETE))
    for _ in range(6):
        shop.add(1)
    made = Scene(sheets, shop, sizes=SIZES)
    made.attempt()
    for which in range(6):
        shop.change(which)
    with pytest.raises(RunInterrupted):
        made.attempt(death=STOPPED)
    assert made.writes == 1
    return made


def assert_mended(scene: Scene) -> None:
    scene.attempt()
    seen = scene.picture()
    assert seen
    assert_in_step(seen, shop=scene.shop)


@pytest.mark.parametrize(
    "changed",
    [lambda terms: replace(terms, by_line=True), lambda terms: replace(terms, paid_only=True)],
    ids=["one row a line", "filter"],
)
def test_changed_automation_begins_an_interrupted_run_anew(scene: Scene, changed: Callable[[Terms], Terms]) -> None:
    """Also what stood before its checkpoint is brought to what the merchant asks for now."""
    scene.ask(changed(scene.shop.terms))
    assert_mended(scene)


def test_automation_changed_back_is_carried_out_anew(scene: Scene) -> None:
    """What a run did for a wish that was taken back is undone, though no order has changed since."""
    asked = scene.shop.terms
    scene.attempt()
    scene.ask(replace(asked, paid_only=True))
    with pytest.raises(RunInterrupted):
        scene.attempt(death=STOPPED)
    scene.ask(asked)
    assert_mended(scene)


def test_column_added_again_while_a_run_rests_is_filled(scene: Scene) -> None:
    """In all rows, not only in those that the run had left to do."""
    seen = scene.picture()
    assert seen
    place = seen.places["email"]
    scene.edit(delete_column(place), insert_column(place), write(0, place, "Email"))
    assert_mended(scene)
