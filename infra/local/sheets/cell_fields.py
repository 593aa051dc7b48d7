"""The CellData message: one reader a field."""

from collections.abc import Callable
from typing import Any

from infra.local.sheets.errors import Json
from infra.local.sheets.evaluation import CellError, Evaluator, Result
from infra.local.sheets.masks import Mask, below
from infra.local.sheets.number_formats import shown
from infra.local.sheets.rows import Format, Formula, Row
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.spreadsheet import Spreadsheet

EXTRAS = ("hyperlink", "note", "textFormatRuns", "dataValidation")


def extended_value(value: Result) -> Json | None:
    """An ExtendedValue, None for nothing."""
    if value is None:
        return None
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, CellError):
        return {"errorValue": {"type": value.kind, "message": value.message}}
    return {"numberValue": value}


class CellReader:
    """Reads the fields that a mask means, of the cells of one tab."""

    def __init__(self, spreadsheet: Spreadsheet, sheet: Sheet, evaluator: Evaluator, *, mask: Mask | None) -> None:
        self._default: Json = spreadsheet.properties.get("defaultFormat", {})
        self._sheet = sheet
        self._evaluator = evaluator
        self._effective: dict[int, tuple[Format, Json]] = {}
        fields: dict[str, Callable[[Row, int], Any]] = {
            "userEnteredValue": self._user_entered_value,
            "effectiveValue": lambda row, column: extended_value(self._result(row, column)),
            "formattedValue": self._formatted_value,
            "userEnteredFormat": lambda row, column: row.format(column) or None,
            "effectiveFormat": self._effective_format,
        }
        self._fields = [
            (name, read) for name, read in fields.items() if mask is not None and below(mask, name) is not None
        ]
        self._extras = [name for name in EXTRAS if mask is not None and below(mask, name) is not None]

    def read(self, row: Row, column: int) -> Json:
        message = {}
        for name, read in self._fields:
            value = read(row, column)
            if value is not None:
                message[name] = value
        extras = row.extras.get(column)
        if extras:
            message.update({name: extras[name] for name in self._extras if name in extras})
        return message

    def _result(self, row: Row, column: int) -> Result:
        return self._evaluator.result(row.value(column), self._sheet)

    @staticmethod
    def _user_entered_value(row: Row, column: int) -> Json | None:
        value = row.value(column)
        return {"formulaValue": value.text} if isinstance(value, Formula) else extended_value(value)

    def _formatted_value(self, row: Row, column: int) -> str | None:
        result = self._result(row, column)
        return None if result is None else shown(result, (row.format(column) or {}).get("numberFormat"))

    def _effective_format(self, row: Row, column: int) -> Json | None:
        format_ = row.format(column)
        if format_ is None:
            return self._default if row.value(column) is not None else None
        known = self._effective.get(id(format_))
        if known is None:
            known = self._effective[id(format_)] = (format_, overlaid_deep(self._default, format_))
        return known[1]


def overlaid_deep(under: Json, over: Json) -> Json:
    result = dict(under)
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(result.get(name), dict) and name == "textFormat"
        result[name] = overlaid_deep(result[name], value) if both else value
    return result
