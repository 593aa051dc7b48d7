"""A person works on her spreadsheet at the desk, by keyboard and by menu, and sees what others write."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import violations
from tests.desk import ANN, Desk

OTTO = "otto@shop.example"
ROWS: list[list[Any]] = [["Order", "Total"], ["1003", 30], ["1001", 10], ["1002", 20]]


@dataclass(frozen=True)
class Spreadsheet:
    """One that is open at the desk: the page, and what the Sheets service holds."""

    page: Page
    desk: Desk
    id: str

    def open(self) -> None:
        self.page.goto(f"{self.desk.http.base_url}/?spreadsheet={self.id}")

    def change(self, *requests: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.desk.call("POST", f"spreadsheets/{self.id}:batchUpdate", requests=requests)
        replies: list[dict[str, Any]] = answer.raise_for_status().json()["replies"]
        return replies

    def values(self, cells: str) -> list[list[str]]:
        answer = self.desk.call("GET", f"spreadsheets/{self.id}/values/{cells}").raise_for_status()
        found: list[list[str]] = answer.json().get("values", [])
        return found

    def fill(self, cells: str, rows: list[list[Any]]) -> None:
        path = f"spreadsheets/{self.id}/values/{cells}?valueInputOption=RAW"
        self.desk.call("PUT", path, values=rows).raise_for_status()


@dataclass(frozen=True)
class Tab:
    """The tab that is shown."""

    spreadsheet: Spreadsheet
    title: str
    sheet_id: int

    @property
    def page(self) -> Page:
        return self.spreadsheet.page

    def values(self, cells: str = "A1:Z50") -> list[list[str]]:
        return self.spreadsheet.values(f"{self.title}!{cells}")

    def fill(self, cells: str, rows: list[list[Any]]) -> None:
        self.spreadsheet.fill(f"{self.title}!{cells}", rows)

    def go(self, cell: str) -> None:
        box = self.page.get_by_role("textbox", name="Cell", exact=True)
        box.fill(cell)
        box.press("Enter")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def cell(self, column: str, row: int) -> Locator:
        place = f"[aria-rowindex='{row + 1}'] > [aria-colindex='{ord(column) - ord('A') + 2}']"
        return self.page.get_by_role("grid", name=self.title).locator(place)

    def choose(self, menu: str, item: str) -> None:
        self.page.get_by_role("button", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()


@pytest.fixture(scope="module")
def spreadsheet(window: Page, desk: Desk) -> Spreadsheet:
    desk.put_addon({"appsscript.json": "{}", "Menu.js": "function onOpen() {}"})
    spreadsheet = Spreadsheet(window, desk, desk.new_spreadsheet())
    spreadsheet.open()
    return spreadsheet


@pytest.fixture(scope="module")
def titles() -> Iterator[str]:
    return (f"Tab{number}" for number in count(1))


@pytest.fixture
def tab(spreadsheet: Spreadsheet, titles: Iterator[str]) -> Tab:
    """A test's own, in the page that all share."""
    title = next(titles)
    (reply,) = spreadsheet.change({"addSheet": {"properties": {"title": title}}})
    tab = Tab(spreadsheet, title, reply["addSheet"]["properties"]["sheetId"])
    tab.fill("A1", ROWS)
    tab.page.get_by_role("tab", name=title, exact=True).click()
    expect(tab.cell("A", 2)).to_have_text("1003")
    return tab


def test_typing_replaces_a_cell(tab: Tab) -> None:
    """As in Sheets: type, Enter; the text is understood as typed."""
    tab.go("B2")
    tab.press("5", "Enter")
    expect(tab.cell("B", 2)).to_have_text("5")
    assert tab.values("B2") == [["5"]]
    expect(tab.page.get_by_role("textbox", name="Cell", exact=True)).to_have_value("B3")


def test_formula_shows_its_result_and_is_edited_as_written(tab: Tab) -> None:
    """The formula bar has what was written."""
    tab.go("C2")
    tab.page.keyboard.type("=B2*2")
    tab.press("Enter", "ArrowUp")
    expect(tab.cell("C", 2)).to_have_text("60")
    expect(tab.page.get_by_role("textbox", name="Formula")).to_have_value("=B2*2")


def test_escape_leaves_a_cell_as_it_was(tab: Tab) -> None:
    """What was typed is gone."""
    tab.go("A2")
    tab.press("F2", "9", "Escape")
    expect(tab.page.get_by_role("textbox", name="Edit A2")).to_have_count(0)
    assert tab.values("A2") == [["1003"]]


def test_delete_empties_what_is_selected(tab: Tab) -> None:
    """Shift extends the selection."""
    tab.go("A2")
    tab.press("Shift+ArrowRight", "Shift+ArrowDown", "Delete")
    expect(tab.cell("A", 2)).to_have_text("")
    assert tab.values() == [["Order", "Total"], [], [], ["1002", "20"]]


def test_sheet_is_sorted_below_its_frozen_rows(tab: Tab) -> None:
    """All of a row goes along; the header stays."""
    tab.choose("View", "Freeze first row")
    tab.go("A3")
    tab.choose("Data", "Sort sheet A to Z")
    expect(tab.cell("A", 2)).to_have_text("1001")
    assert tab.values() == [["Order", "Total"], ["1001", "10"], ["1002", "20"], ["1003", "30"]]


def test_rows_that_arrive_leave_what_is_typed(tab: Tab) -> None:
    """Who types where to go is not held up by a run that writes meanwhile."""
    box = tab.page.get_by_role("textbox", name="Cell", exact=True)
    box.fill("A3")
    tab.fill("B2", [[31]])
    expect(tab.cell("B", 2)).to_have_text("31")
    expect(box).to_have_value("A3")
    box.press("Enter")
    expect(tab.cell("A", 3)).to_have_attribute("aria-selected", "true")


def test_part_of_a_row_can_be_sorted_away(tab: Tab) -> None:
    """Who sorts a selection tears rows, here as there."""
    tab.go("A2")
    tab.press("Shift+ArrowDown", "Shift+ArrowDown")
    tab.choose("Data", "Sort range A to Z")
    expect(tab.cell("A", 2)).to_have_text("1001")
    assert tab.values() == [["Order", "Total"], ["1001", "30"], ["1002", "10"], ["1003", "20"]]


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
def test_rows_and_columns_are_moved_inserted_and_deleted(tab: Tab, menu: str, item: str, row: list[str]) -> None:
    """From the menus, for the column and the row of the active cell."""
    tab.go("A1")
    tab.choose(menu, item)
    expect(tab.cell("A", 1)).to_have_text(row[0] if row else "")
    assert tab.values()[0] == row


def test_context_menu_opens_by_keyboard(tab: Tab) -> None:
    """With the same choices, at the cell."""
    tab.go("B2")
    tab.press("Shift+F10")
    tab.page.get_by_role("menu", name="Cells").get_by_role("menuitem", name="Delete values").press("Enter")
    expect(tab.cell("B", 2)).to_have_text("")
    expect(tab.page.get_by_role("grid")).to_be_focused()


def test_hidden_column_leaves_a_mark_that_brings_it_back(tab: Tab) -> None:
    """As the system column of a managed tab does."""
    tab.go("A1")
    tab.choose("View", "Hide column")
    expect(tab.page.get_by_role("columnheader", name="A", exact=True)).to_have_count(0)
    tab.page.get_by_role("button", name="Show column A").click()
    expect(tab.page.get_by_role("columnheader", name="A", exact=True)).to_be_visible()


def test_what_others_write_shows_by_itself(tab: Tab) -> None:
    """And flashes."""
    tab.fill("A5", [["1004", 40]])
    expect(tab.cell("A", 5)).to_have_text("1004")
    expect(tab.cell("A", 5)).to_contain_class("changed")


def test_formats_are_shown(tab: Tab) -> None:
    """Bold, strike-through, colours, number formats."""
    style = {
        "numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"},
        "backgroundColor": {"red": 1},
        "textFormat": {"bold": True, "strikethrough": True},
    }
    area = {"sheetId": tab.sheet_id, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    cell = {"range": area, "cell": {"userEnteredFormat": style}, "fields": "userEnteredFormat"}
    tab.spreadsheet.change({"repeatCell": cell})
    shown = tab.cell("B", 2)
    expect(shown).to_have_text("30.00")
    expect(shown).to_have_css("font-weight", "700")
    expect(shown).to_have_css("text-decoration-line", "line-through")
    expect(shown).to_have_css("background-color", "rgb(255, 0, 0)")


def test_tabs_are_added_renamed_and_deleted(tab: Tab) -> None:
    """From the foot of the page."""
    shown = tab.page.get_by_role("tab", selected=True)
    tab.page.get_by_role("button", name="Add a sheet").click()
    expect(shown).not_to_have_text(tab.title)
    shown.dblclick()
    name = tab.page.get_by_role("textbox", name="Name of")
    name.fill("Notes")
    name.press("Enter")
    expect(shown).to_have_text("Notes")
    shown.click(button="right")
    tab.page.get_by_role("menuitem", name="Delete").click()
    expect(tab.page.get_by_role("tab", name="Notes")).to_have_count(0)


def test_address_leads_to_a_tab(tab: Tab) -> None:
    """Who reloads the page, or passes its address on, is where she was."""
    tab.page.reload()
    expect(tab.cell("A", 2)).to_have_text("1003")


def test_twenty_thousand_rows_are_drawn_as_seen(tab: Tab) -> None:
    """The end is there at once, and the page holds only what is in sight."""
    rows = 20_000
    size = {"sheetId": tab.sheet_id, "gridProperties": {"rowCount": rows, "columnCount": 12}}
    fields = "gridProperties(rowCount,columnCount)"
    tab.spreadsheet.change({"updateSheetProperties": {"properties": size, "fields": fields}})
    tab.fill("A1", [[f"row {n}"] for n in range(1, rows + 1)])
    expect(tab.cell("A", 2)).to_have_text("row 2")
    tab.go(f"A{rows}")
    expect(tab.cell("A", rows)).to_have_text(f"row {rows}")
    tab.press("PageUp", "Control+ArrowUp")
    expect(tab.cell("A", 1)).to_have_text("row 1")
    assert tab.page.get_by_role("row").count() < 100


def test_everybody_can_use_it(tab: Tab) -> None:
    """Axe-core finds nothing wrong with the page, nor with an open menu."""
    tab.go("B2")
    tab.press("Shift+F10")
    expect(tab.page.get_by_role("menu", name="Cells")).to_be_visible()
    assert violations(tab.page) == []
    tab.press("Escape")


def test_protected_cells_refuse_in_words(page: Page, desk: Desk) -> None:
    """The sentence is Google's; the cell stays."""
    made = desk.sheets.post("/control/spreadsheets", json={"owner": OTTO, "editors": [ANN]}).json()
    theirs = Tab(Spreadsheet(page, desk, made["spreadsheetId"]), "Sheet1", 0)
    protect = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "editors": {"users": [OTTO]}}}}
    path = f"spreadsheets/{made['spreadsheetId']}:batchUpdate"
    desk.call("POST", path, person=OTTO, requests=[protect]).raise_for_status()
    theirs.spreadsheet.open()
    theirs.go("A1")
    theirs.press("x", "Enter")
    expect(page.get_by_role("alert").get_by_text("You are trying to edit a protected cell or object.")).to_be_visible()
    assert theirs.values() == []


def test_spreadsheet_of_somebody_else_is_refused_in_words(page: Page, desk: Desk) -> None:
    """Not shown as an empty one."""
    Spreadsheet(page, desk, desk.new_spreadsheet(owner=OTTO)).open()
    expect(page.get_by_text("The caller does not have permission").first).to_be_visible()
