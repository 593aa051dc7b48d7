"""Which rows of a tab are struck through."""

from typing import Any

from jobs.sheets.system_cell import parse
from tests.contract.tab.desk import Desk

_CELLS = "data(rowData(values(userEnteredValue(stringValue),userEnteredFormat(textFormat(strikethrough)))))"


def struck(desk: Desk) -> list[bool]:
    """For each row of Tabkeeper's, whether its managed cells are struck through: all of them, or none."""
    head, *rows = (row.get("values", []) for row in desk.sheet(_CELLS)["data"][0]["rowData"])
    headers = [cell.get("userEnteredValue", {}).get("stringValue") for cell in head]
    managed = [headers.index(column.header) for column in desk.automation.configuration.columns]
    system = headers.index("Tabkeeper")
    told: list[bool] = []
    for cells in rows:
        if len(cells) > system and parse(cells[system].get("userEnteredValue", {}).get("stringValue")):
            (through,) = {_is_struck(cells[place]) for place in [system, *managed]}
            told.append(through)
    return told


def struck_elsewhere(desk: Desk) -> int:
    """How many cells are struck through that are none of a managed row's."""
    rows = [row.get("values", []) for row in desk.sheet(_CELLS)["data"][0]["rowData"]]
    managed = sum(struck(desk)) * (len(desk.automation.configuration.columns) + 1)
    return sum(_is_struck(cell) for cells in rows for cell in cells) - managed


def _is_struck(cell: dict[str, Any]) -> bool:
    return bool(cell.get("userEnteredFormat", {}).get("textFormat", {}).get("strikethrough", False))
