"""What the demo shows of a tab and of a run."""

import re
from decimal import Decimal
from typing import Any

import pytest

from infra.local.demo.merchant import COLUMNS
from infra.local.demo.readback import Readback, as_shown
from infra.local.demo.screen import Screen

HEADERS = [header for _, header, _ in COLUMNS]
ROW: list[Any] = [
    *["#500000", 40_513.351_388_9, "Customer 17850", "United Arab Emirates", "PAID", "85123A"],
    *["A PRODUCT WITH A VERY LONG NAME INDEED, SO LONG", 6, 2.5, 1_234_567.891, "5000000001"],
]


def run(**busy_s: float) -> dict[str, Any]:
    counts = {"orders": 1, "added": 0, "updated": 0, "unchanged": 1, "removed": 0}
    usage = {"reads": 2, "writes": 0, "batches": 1, "peak_mb": 99.6, "busy_s": busy_s}
    return {"status": "running", "expected_orders": 1, "counts": counts, "usage": usage}


@pytest.fixture
def found() -> Readback:
    return Readback(HEADERS, [ROW], rows=1, orders={"#500000"}, total=Decimal("1234567.891"))


def test_dates_and_money_are_shown_as_a_person_sees_them() -> None:
    """Serial numbers become instants, amounts get their cents, and what is empty stays so."""
    shown, empty = as_shown([ROW, [""] * len(ROW)], HEADERS)
    assert (shown[1], shown[8], shown[9], shown[7]) == ("2010-12-01 08:26", "2.50", "1,234,567.89", "6")
    assert empty == [""] * len(ROW)


def test_table_is_no_wider_than_a_screen(found: Readback, capsys: pytest.CaptureFixture[str]) -> None:
    """A row is one line, however long its values are; columns without a place are named below."""
    Screen().show_tab(found)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line for line in lines if line.startswith("#500000")] == [lines[3]]
    assert "the tab also has: Customer, Status, Line id." in lines[4]


def test_last_line_is_for_programs(found: Readback, capsys: pytest.CaptureFixture[str]) -> None:
    """And the line before says where the time went, the longest first."""
    Screen().show_result(found, run(read=1.25, source=3.0), seconds=4.56)
    *_, spent, last = capsys.readouterr().out.splitlines()
    assert spent == "Where the time went: source 3.0 s, read 1.2 s"
    assert last == (
        "demo: orders=1 rows=1 added=0 updated=0 unchanged=1 removed=0 reads=2 writes=0 batches=1 peak_mb=100 "
        "seconds=4.6"
    )


def test_waiting_for_quota_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Who looks at a bar that stands still learns why."""
    Screen().watch([run(wait=0.2), run(wait=41.7)])
    assert re.search(r"running \(42 s waiting for Google's quota\)", capsys.readouterr().out)
