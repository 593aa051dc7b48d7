"""A person works on her spreadsheet at the desk, by keyboard and by menu, and sees what others write."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.desk import Desk

OTTO = "otto@shop.example"
MANIFEST = {"appsscript.json": "{}", "Menu.js": "function onOpen() {}"}


@dataclass(frozen=True)
class Book:
    """An open spreadsheet: the page, and what the Sheets service holds."""

    page: Page
    desk: Desk
    id: str

    def values(self, cells: str = "Sheet1!A1:Z50") -> list[list[str]]:
        answer = self.desk.call("GET", f"spreadsheets/{self.id}/values/{cells}").raise_for_status()
        found: list[list[str]] = answer.json().get("values", [])
        return found

    def fill(self, rows: list[list[Any]], *, at: str = "Sheet1!A1") -> None:
        path = f"spreadsheets/{self.id}/values/{at}?valueInputOption=RAW"
        self.desk.call("PUT", path, values=rows).raise_for_status()

    def change(self, *requests: dict[str, Any]) -> None:
        self.desk.call("POST", f"spreadsheets/{self.id}:batchUpdate", requests=requests).raise_for_status()

    def go(self, cell: str) -> None:
        box = self.page.get_by_role("textbox", name="Cell", exact=True)
        box.fill(cell)
        box.press("Enter")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def cell(self, name: str, row: int) -> Locator:
        """By its column's letter and its row's number."""
        column = ord(name) - ord("A") + 2
        return self.page.locator(f"[aria-rowindex='{row + 1}'] > [aria-colindex='{column}']")

    def choose(self, menu: str, item: str) -> None:
        self.page.get_by_role("button", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()

    def tell(self, sentence: str) -> None:
        expect(self.page.get_by_role("alert").get_by_text(sentence)).to_be_visible()


@pytest.fixture
def book(page: Page, desk: Desk) -> Book:
    desk.put_addon(MANIFEST)
    book = Book(page, desk, desk.new_spreadsheet())
    book.fill([["Order", "Total"], ["1003", 30], ["1001", 10], ["1002", 20]])
    page.goto(f"{desk.http.base_url}/?spreadsheet={book.id}")
    expect(book.cell("A", 2)).to_have_text("1003")
    return book


def test_typing_replaces_a_cell(book: Book) -> None:
    """As in Sheets: type, Enter; the text is understood as typed."""
    book.go("B2")
    book.press("5", "Enter")
    expect(book.cell("B", 2)).to_have_text("5")
    assert book.values("Sheet1!B2") == [["5"]]
    expect(book.page.get_by_role("textbox", name="Cell", exact=True)).to_have_value("B3")


def test_formula_shows_its_result_and_is_edited_as_written(book: Book) -> None:
    """The formula bar has what was written."""
    book.go("C2")
    book.page.keyboard.type("=B2*2")
    book.press("Enter", "ArrowUp")
    expect(book.cell("C", 2)).to_have_text("60")
    expect(book.page.get_by_role("textbox", name="Formula")).to_have_value("=B2*2")


def test_escape_leaves_a_cell_as_it_was(book: Book) -> None:
    """What was typed is gone."""
    book.go("A2")
    book.press("F2", "9", "Escape")
    expect(book.page.get_by_role("textbox", name="Edit A2")).to_have_count(0)
    assert book.values("Sheet1!A2") == [["1003"]]


def test_delete_empties_what_is_selected(book: Book) -> None:
    """Shift extends the selection."""
    book.go("A2")
    book.press("Shift+ArrowRight", "Shift+ArrowDown", "Delete")
    expect(book.cell("A", 2)).to_have_text("")
    assert book.values() == [["Order", "Total"], [], [], ["1002", "20"]]


def test_sheet_is_sorted_below_its_frozen_rows(book: Book) -> None:
    """All of a row goes along; the header stays."""
    book.choose("View", "Freeze first row")
    book.go("A3")
    book.choose("Data", "Sort sheet A to Z")
    expect(book.cell("A", 2)).to_have_text("1001")
    assert book.values() == [["Order", "Total"], ["1001", "10"], ["1002", "20"], ["1003", "30"]]


def test_rows_that_arrive_leave_what_is_typed(book: Book) -> None:
    """Who types where to go is not held up by a run that writes meanwhile."""
    box = book.page.get_by_role("textbox", name="Cell", exact=True)
    box.fill("A3")
    book.fill([[31]], at="Sheet1!B2")
    expect(book.cell("B", 2)).to_have_text("31")
    expect(box).to_have_value("A3")
    box.press("Enter")
    expect(book.cell("A", 3)).to_have_attribute("aria-selected", "true")


def test_part_of_a_row_can_be_sorted_away(book: Book) -> None:
    """Who sorts a selection tears rows, here as there."""
    book.go("A2")
    book.press("Shift+ArrowDown", "Shift+ArrowDown")
    book.choose("Data", "Sort range A to Z")
    expect(book.cell("A", 2)).to_have_text("1001")
    assert book.values() == [["Order", "Total"], ["1001", "30"], ["1002", "10"], ["1003", "20"]]


@pytest.mark.parametrize(
    ("menu", "item", "row"),
    [
        ("Edit", "Move column right", ["Total", "Order"]),
        ("Edit", "Delete column", ["Total"]),
        ("Insert", "Insert column left", ["", "Order", "Total"]),
        ("Insert", "Insert column right", ["Order", "", "Total"]),
        ("Insert", "Insert row above", []),
        ("Edit", "Delete row 1", ["1003", "30"]),
    ],
)
def test_rows_and_columns_are_moved_inserted_and_deleted(book: Book, menu: str, item: str, row: list[str]) -> None:
    """From the menus, for the column and the row of the active cell."""
    book.go("A1")
    book.choose(menu, item)
    expect(book.cell("A", 1)).to_have_text(row[0] if row else "")
    assert book.values()[0] == row


def test_context_menu_opens_by_keyboard(book: Book) -> None:
    """With the same choices, at the cell."""
    book.go("B2")
    book.press("Shift+F10")
    book.page.get_by_role("menu", name="Cells").get_by_role("menuitem", name="Delete values").press("Enter")
    expect(book.cell("B", 2)).to_have_text("")
    expect(book.page.get_by_role("grid")).to_be_focused()


def test_hidden_column_leaves_a_mark_that_brings_it_back(book: Book) -> None:
    """As the system column of a managed tab does."""
    book.go("A1")
    book.choose("View", "Hide column")
    expect(book.page.get_by_role("columnheader", name="A", exact=True)).to_have_count(0)
    book.page.get_by_role("button", name="Show column A").click()
    expect(book.page.get_by_role("columnheader", name="A", exact=True)).to_be_visible()


def test_what_others_write_shows_by_itself(book: Book) -> None:
    """And flashes."""
    book.fill([["1004", 40]], at="Sheet1!A5")
    expect(book.cell("A", 5)).to_have_text("1004")
    expect(book.cell("A", 5)).to_contain_class("changed")


def test_formats_are_shown(book: Book) -> None:
    """Bold, strike-through, colours, number formats."""
    style = {
        "numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"},
        "backgroundColor": {"red": 1},
        "textFormat": {"bold": True, "strikethrough": True},
    }
    cell = {"range": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}}
    book.change({"repeatCell": {**cell, "cell": {"userEnteredFormat": style}, "fields": "userEnteredFormat"}})
    shown = book.cell("B", 2)
    expect(shown).to_have_text("30.00")
    expect(shown).to_have_css("font-weight", "700")
    expect(shown).to_have_css("text-decoration-line", "line-through")
    expect(shown).to_have_css("background-color", "rgb(255, 0, 0)")


def test_protected_cells_refuse_in_words(book: Book) -> None:
    """The sentence is Google's; the cell stays."""
    spreadsheet = book.desk.sheets.post("/control/spreadsheets", json={"owner": OTTO, "editors": ["ann@shop.example"]})
    theirs = Book(book.page, book.desk, spreadsheet.json()["spreadsheetId"])
    protect = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "editors": {"users": [OTTO]}}}}
    path = f"spreadsheets/{theirs.id}:batchUpdate"
    book.desk.call("POST", path, person=OTTO, requests=[protect]).raise_for_status()
    book.page.goto(f"{book.desk.http.base_url}/?spreadsheet={theirs.id}")
    theirs.go("A1")
    theirs.press("x", "Enter")
    theirs.tell("You are trying to edit a protected cell or object.")
    assert theirs.values() == []


def test_tabs_are_added_renamed_and_deleted(book: Book) -> None:
    """From the foot of the page."""
    tabs = book.page.get_by_role("tab")
    book.page.get_by_role("button", name="Add a sheet").click()
    book.page.get_by_role("tab", name="Sheet2", selected=True).dblclick()
    name = book.page.get_by_role("textbox", name="Name of Sheet2")
    name.fill("Notes")
    name.press("Enter")
    expect(tabs).to_have_text(["Sheet1", "Notes"])
    book.page.get_by_role("tab", name="Notes").click(button="right")
    book.page.get_by_role("menuitem", name="Delete").click()
    expect(tabs).to_have_text(["Sheet1"])
    assert book.cell("A", 1).text_content() == "Order"


def test_spreadsheet_of_somebody_else_is_refused_in_words(page: Page, desk: Desk) -> None:
    """Not shown as an empty one."""
    desk.put_addon(MANIFEST)
    page.goto(f"{desk.http.base_url}/?spreadsheet={desk.new_spreadsheet(owner=OTTO)}")
    expect(page.get_by_text("The caller does not have permission").first).to_be_visible()


def test_twenty_thousand_rows_are_drawn_as_seen(book: Book) -> None:
    """The end is there at once, and the page holds only what is in sight."""
    rows = 20_000
    size = {"sheetId": 0, "gridProperties": {"rowCount": rows, "columnCount": 12}}
    book.change({"updateSheetProperties": {"properties": size, "fields": "gridProperties(rowCount,columnCount)"}})
    book.fill([[f"row {n}", *range(10)] for n in range(1, rows + 1)])
    expect(book.cell("A", 2)).to_have_text("row 2")
    book.go(f"A{rows}")
    expect(book.cell("A", rows)).to_have_text(f"row {rows}")
    book.press("PageUp", "Control+ArrowUp")
    expect(book.cell("A", 1)).to_have_text("row 1")
    assert book.page.get_by_role("row").count() < 100
