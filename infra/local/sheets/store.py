"""Spreadsheets on disk: one SQLite file; the rows as blocks, everything else as one JSON document a spreadsheet.

A write stores only the blocks it made and the document, in one transaction. The write-ahead log is not synced for
every write: what was acknowledged survives the death of the process, not that of the machine.
"""

import json
import sqlite3
import threading
from itertools import count
from pathlib import Path
from typing import Any

from infra.local.sheets.errors import Json
from infra.local.sheets.grid import Block, Grid
from infra.local.sheets.rows import EMPTY, NOTHING, Format, Formula, Row
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.spreadsheet import Sharing, Spreadsheet

SCHEMA = """
CREATE TABLE IF NOT EXISTS spreadsheets (id TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS blocks (
    spreadsheet_id TEXT NOT NULL, number INTEGER NOT NULL, rows TEXT NOT NULL, PRIMARY KEY (spreadsheet_id, number)
) WITHOUT ROWID;
"""
SHEET_FIELDS = (
    "properties",
    "merges",
    "basic_filter",
    "filter_views",
    "protected_ranges",
    "conditional_formats",
    "row_groups",
    "column_groups",
)


class Store:
    """Without a folder it keeps nothing, and a spreadsheet lives as long as the process."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / "sheets.sqlite3", check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(SCHEMA)

    def load(self) -> list[Spreadsheet]:
        """All spreadsheets, their rows still on disk until they are first read."""
        if self._connection is None:
            return []
        with self._lock:
            documents = self._connection.execute("SELECT document FROM spreadsheets").fetchall()
        return [self._read(json.loads(document)) for (document,) in documents]

    def save(self, spreadsheet: Spreadsheet, *, before: Spreadsheet | None) -> None:
        """Without `before`, whatever was kept under this id goes."""
        if self._connection is None:
            return
        blocks = {block.number: block for sheet in spreadsheet.sheets for block in sheet.grid.blocks}
        held = {block.number for sheet in before.sheets for block in sheet.grid.blocks} if before else set()
        new = [(spreadsheet.spreadsheet_id, n, encode_rows(blocks[n].rows)) for n in blocks.keys() - held]
        gone = [(spreadsheet.spreadsheet_id, number) for number in held - blocks.keys()]
        document = json.dumps(written(spreadsheet))
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            if before is None:
                self._connection.execute("DELETE FROM blocks WHERE spreadsheet_id = ?", (spreadsheet.spreadsheet_id,))
            self._connection.executemany("INSERT INTO blocks VALUES (?, ?, ?)", new)
            self._connection.executemany("DELETE FROM blocks WHERE spreadsheet_id = ? AND number = ?", gone)
            self._connection.execute(
                "INSERT OR REPLACE INTO spreadsheets VALUES (?, ?)", (spreadsheet.spreadsheet_id, document)
            )

    def close(self) -> None:
        if self._connection is not None:
            with self._lock:
                self._connection.close()
            self._connection = None

    def _load_rows(self, spreadsheet_id: str, number: int) -> list[Row]:
        if self._connection is None:
            raise LookupError(spreadsheet_id)
        with self._lock:
            (text,) = self._connection.execute(
                "SELECT rows FROM blocks WHERE spreadsheet_id = ? AND number = ?", (spreadsheet_id, number)
            ).fetchone()
        return decode_rows(text)

    def _read(self, document: Json) -> Spreadsheet:
        spreadsheet_id: str = document["id"]
        highest = max((number for sheet in document["sheets"] for number, _ in sheet["blocks"]), default=0)
        spreadsheet = Spreadsheet(
            spreadsheet_id,
            document["properties"],
            sharing=Sharing(document["owner"], tuple(document["editors"]), tuple(document["readers"])),
            named_ranges=document["named_ranges"],
            developer_metadata=document["developer_metadata"],
            block_numbers=count(highest + 1),
        )
        for stored in document["sheets"]:
            blocks = [
                Block(number, None, length=length, load=lambda number: self._load_rows(spreadsheet_id, number))
                for number, length in stored["blocks"]
            ]
            grid = Grid(
                stored["row_count"],
                stored["column_count"],
                blocks,
                numbers=spreadsheet.block_numbers,
                has_formulas=stored["has_formulas"],
            )
            columns = {int(column): properties for column, properties in stored["columns"].items()}
            fields = {name: stored[name] for name in SHEET_FIELDS}
            spreadsheet.sheets.append(Sheet(grid=grid, columns=columns, **fields))
        return spreadsheet


def written(spreadsheet: Spreadsheet) -> Json:
    return {
        "id": spreadsheet.spreadsheet_id,
        "properties": spreadsheet.properties,
        "owner": spreadsheet.sharing.owner,
        "editors": spreadsheet.sharing.editors,
        "readers": spreadsheet.sharing.readers,
        "named_ranges": spreadsheet.named_ranges,
        "developer_metadata": spreadsheet.developer_metadata,
        "sheets": [
            {
                **{name: getattr(sheet, name) for name in SHEET_FIELDS},
                "columns": sheet.columns,
                "row_count": sheet.grid.row_count,
                "column_count": sheet.grid.column_count,
                "has_formulas": sheet.grid.has_formulas,
                "blocks": [(block.number, block.length) for block in sheet.grid.blocks],
            }
            for sheet in spreadsheet.sheets
        ],
    }


def encode_rows(rows: list[Row]) -> str:
    """Rows as JSON; formats are written once a block and named by their place in a list, formulas are apart."""
    formats: dict[int, tuple[int, Format]] = {}
    tuples: dict[int, tuple[int, tuple[Format | None, ...]]] = {}
    encoded: list[Any] = []
    for row in rows:
        if row is EMPTY:
            encoded.append(0)
            continue
        for format_ in row.formats if id(row.formats) not in tuples else ():
            if format_ is not None:
                formats.setdefault(id(format_), (len(formats), format_))
        tuple_index = tuples.setdefault(id(row.formats), (len(tuples), row.formats))[0]
        bare = not row.extras and not row.properties
        encoded.append([row.values, tuple_index] if bare else [row.values, tuple_index, row.extras, row.properties])
    listed = [[None if f is None else formats[id(f)][0] for f in row_formats] for _, row_formats in tuples.values()]
    block = {
        "formats": [format_ for _, format_ in formats.values()],
        "tuples": listed,
        "rows": encoded,
        "formulas": [
            (index, column, value.text)
            for index, row in enumerate(rows)
            for column, value in enumerate(row.values)
            if isinstance(value, Formula)
        ],
    }
    return json.dumps(block, default=lambda _: None, separators=(",", ":"))


def decode_rows(text: str) -> list[Row]:
    block = json.loads(text)
    formats: list[Format] = block["formats"]
    tuples = [tuple(None if index is None else formats[index] for index in listed) for listed in block["tuples"]]
    rows = []
    for encoded in block["rows"]:
        if encoded == 0:
            rows.append(EMPTY)
            continue
        values, tuple_index, *rest = encoded
        extras = {int(column): extra for column, extra in rest[0].items()} if rest else NOTHING
        rows.append(Row(tuple(values), tuples[tuple_index], extras, rest[1] if rest else NOTHING))
    for index, column, formula in block["formulas"]:
        rows[index] = rows[index].with_values(column, [Formula(formula)])
    return rows
