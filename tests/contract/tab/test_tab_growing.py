"""Writes that add rows to a tab of some thousand: each looks at what it touched, the last one at everything."""

import pytest

from jobs.sheets.tab import WHOLE_COLUMN_ROWS
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import copy_row, insert_rows, write
from tests.contract.tab.orders import some

STANDING = some(20)
NEW = some(26)[20:]
GAP = 10
"""The row above which a person left many blank ones."""


@pytest.fixture
def growing(desk: Desk) -> Desk:
    desk.bring(STANDING)
    desk.edit(insert_rows(GAP, WHOLE_COLUMN_ROWS // 4))
    return desk


def test_last_write_is_the_audit(growing: Desk) -> None:
    """Nothing but opening the tab is read, and the answers to the writes before are short."""
    growing.wire.delete("/control/stats").raise_for_status()
    ran = growing.bring(NEW, a_batch=2)
    told = growing.wire.get("/control/stats").json()["bytes_out"]
    growing.assert_holds([*STANDING, *NEW])
    assert (ran.passes, ran.reads, ran.writes) == (1, 2, 3)
    growing.wire.delete("/control/stats").raise_for_status()
    growing.bring(some(28)[26:])
    assert told < 1.5 * growing.wire.get("/control/stats").json()["bytes_out"]


def test_rows_are_audited_where_the_last_batch_writes_nothing(growing: Desk) -> None:
    """No write has looked at all of them."""
    ran = growing.bring([*NEW, *STANDING], a_batch=2)
    assert (ran.passes, ran.reads, ran.writes) == (1, 3, 3)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([write(3, 1, None)], id="system cell emptied"),
        pytest.param([copy_row(3, to=GAP + 5, width=4)], id="row duplicated"),
    ],
)
def test_last_write_notices_what_was_edited_far_from_all_writes(growing: Desk, edits: list[Json]) -> None:
    """Somebody edits when the first of two writes has been verified; no other order of the run is written there."""
    growing.fault("edit_after", *edits)
    growing.bring([*NEW[:2], *STANDING, *NEW[2:4]], a_batch=2)
    growing.assert_holds([*STANDING, *NEW[:4]])
