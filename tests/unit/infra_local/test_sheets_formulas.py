"""Formulas: how their references move, and the small set that is computed."""

import pytest

from infra.local.sheets.evaluation import Evaluator
from infra.local.sheets.formulas import retitled_formula, shifted_formula, translated_formula
from infra.local.sheets.number_formats import shown
from infra.local.sheets.rows import Formula, Row, Value
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.shifts import Shift, Splice
from infra.local.sheets.spreadsheet import Spreadsheet

INSERTED = Splice(0, "ROWS", 1, inserted=2)
DELETED = Splice(0, "ROWS", 1, removed=1)


@pytest.mark.parametrize(
    ("text", "shift", "expected"),
    [
        ("=A1+A2", INSERTED, "=A1+A4"),
        ("=SUM($A$1:$A$3)", INSERTED, "=SUM($A$1:$A$5)"),
        ("=A2*2", DELETED, "=#REF!*2"),
        ("=SUM(A1:A3)", DELETED, "=SUM(A1:A2)"),
        ("=SUM(A:A)", INSERTED, "=SUM(A:A)"),
        ('="A2"&A2', INSERTED, '="A2"&A4'),
        ("=LOG10(A2)", INSERTED, "=LOG10(A4)"),
        ("=Other!A2+Sheet1!A2", INSERTED, "=Other!A2+Sheet1!A4"),
    ],
)
def test_references_follow_their_cells(text: str, shift: Shift, expected: str) -> None:
    """Relative or fixed, on this tab or named; text and function names that look like cells stay."""
    assert shifted_formula(text, shift, title="Sheet1", home="Sheet1") == expected


def test_references_from_other_tabs_follow_too() -> None:
    """A formula elsewhere follows only where it names the tab that changed."""
    assert shifted_formula("=A2+'Sheet1'!A2", INSERTED, title="Sheet1", home="Else") == "=A2+'Sheet1'!A4"


def test_copies_move_what_is_relative() -> None:
    """Fixed parts stay; what would leave the grid is lost."""
    assert translated_formula("=A1+$A1+A$1+$A$1", rows=2, columns=1) == "=B3+$A3+B$1+$A$1"
    assert translated_formula("=A1", rows=-1, columns=0) == "=#REF!"


def test_a_renamed_tab_is_renamed_in_formulas() -> None:
    """Under quotes where the new title needs them."""
    assert retitled_formula("=Old!A1+'old'!B2", old="Old", new="New one") == "='New one'!A1+'New one'!B2"


def sheet_of(*rows: tuple[Value, ...]) -> tuple[Spreadsheet, Sheet]:
    spreadsheet = Spreadsheet("id", {})
    sheet = Sheet({"sheetId": 0, "title": "Sheet1"}, spreadsheet.new_grid(10, 5))
    sheet.grid.replace(0, [Row(row) for row in rows])
    spreadsheet.sheets.append(sheet)
    return spreadsheet, sheet


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("= 1 / 1024", 0.0009765625),
        ("=1+2*3", 7),
        ("=-(2+3)^2", 25),
        ("=50%*4", 2),
        ('="a"&1&TRUE', "a1TRUE"),
        ("=A1*2", 20),
        ("=SUM(A1:B2)", 33),
        ("=SUM(A:A, 5)", 35),
        ("=AVERAGE(A1:A2)", 15),
        ("=A1>B1", True),
        ("=C5", 0),
        ("=C1", 20),
    ],
)
def test_simple_formulas_are_computed(text: str, value: Value) -> None:
    """Arithmetic, comparison, text, references, and sums that pass over text."""
    spreadsheet, sheet = sheet_of((10, 3, Formula("=A1*2")), (20, "text"))
    assert Evaluator(spreadsheet).result(Formula(text), sheet) == value


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("=VLOOKUP(A1,A:B,2)", "#NAME?"),
        ("=1/0", "#DIV/0!"),
        ("=#REF!+1", "#REF!"),
        ("=Gone!A1", "#REF!"),
        ("=B1+1", "#VALUE!"),
        ("=D1", "#REF!"),
        ("=1+", "#ERROR!"),
    ],
)
def test_what_cannot_be_computed_is_an_error(text: str, error: str) -> None:
    """Unknown functions, missing tabs, text in sums and circles are shown as errors, never as guesses."""
    spreadsheet, sheet = sheet_of((1, "text", None, Formula("=D1")))
    assert shown(Evaluator(spreadsheet).result(Formula(text), sheet), None) == error
