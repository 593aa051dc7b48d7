"""The tab as a person would read it: what the demo says of it comes from here, not from the run's own counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

CHUNK_ROWS = 50_000
SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number counts wall-clock days
TIMEOUT_S = 120.0
DATES = frozenset({"Date"})
MONEY = frozenset({"Unit price", "Line total"})


@dataclass(slots=True)
class Readback:
    headers: list[str]
    first_rows: list[list[Any]]
    rows: int = 0
    orders: set[str] = field(default_factory=set, repr=False)
    total: Decimal = Decimal(0)


def read_tab(sheets_url: str, spreadsheet_id: str, sheet_id: int, *, headers: Mapping[str, str]) -> Readback:
    """Count the rows and the distinct orders below the header, and add up the line totals."""
    with httpx.Client(timeout=TIMEOUT_S, headers=headers) as http:
        url = f"{sheets_url}/v4/spreadsheets/{spreadsheet_id}"
        title, grid_rows, grid_columns = _tab(http, url, sheet_id)
        shown = _values(http, url, [f"{title}!1:9"], major="ROWS")[0]
        names: list[str] = shown[0] if shown else []
        kept = [i for i, name in enumerate(names) if name != "Tabkeeper"]
        wide = [[*row, *[""] * (grid_columns - len(row))] for row in shown[1:]]
        found = Readback([names[i] for i in kept], [[row[i] for i in kept] for row in wide])
        order, total = _letters(names.index("Order")), _letters(names.index("Line total"))
        for first in range(2, grid_rows + 1, CHUNK_ROWS):
            end = min(first + CHUNK_ROWS - 1, grid_rows)
            ranges = [f"{title}!{order}{first}:{order}{end}", f"{title}!{total}{first}:{total}{end}"]
            orders, totals = ((columns or [[]])[0] for columns in _values(http, url, ranges, major="COLUMNS"))
            found.rows += sum(1 for name in orders if name)
            found.orders.update(orders)
            found.total += sum((Decimal(repr(value)) for value in totals if value), Decimal(0))
        found.orders.discard("")
    return found


def as_shown(rows: list[list[Any]], headers: list[str]) -> Iterator[list[str]]:
    """Dates and money as their number formats show them."""
    for row in rows:
        yield [_shown(value, header) for value, header in zip(row, headers, strict=True)]


def _shown(value: Any, header: str) -> str:
    if value == "" or header not in DATES | MONEY:
        return str(value)
    if header in DATES:
        return f"{SERIAL_EPOCH + timedelta(seconds=round(value * 86_400)):%Y-%m-%d %H:%M}"
    return f"{value:,.2f}"


def _tab(http: httpx.Client, url: str, sheet_id: int) -> tuple[str, int, int]:
    answer = http.get(url, params={"fields": "sheets.properties(sheetId,title,gridProperties)"}).raise_for_status()
    properties = next(
        sheet["properties"] for sheet in answer.json()["sheets"] if sheet["properties"].get("sheetId", 0) == sheet_id
    )
    grid = properties["gridProperties"]
    quoted = "'" + properties["title"].replace("'", "''") + "'"
    return quoted, grid["rowCount"], grid["columnCount"]


def _values(http: httpx.Client, url: str, ranges: list[str], *, major: str) -> list[list[list[Any]]]:
    parameters = {"ranges": ranges, "majorDimension": major, "valueRenderOption": "UNFORMATTED_VALUE"}
    answer = http.get(f"{url}/values:batchGet", params=parameters).raise_for_status()
    return [found.get("values", []) for found in answer.json()["valueRanges"]]


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
