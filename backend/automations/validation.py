"""What is wrong with a configuration, seen with its platform's catalogue: each wrong field by path, and why."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from backend.automations.model import SUMS, Column, Configuration, Filter, RowMode
from backend.automations.operand import OPERATORS, operand
from backend.platforms.field import Catalogue, ColumnType, Field, Level

_WIDER: Mapping[ColumnType, frozenset[ColumnType]] = {
    ColumnType.INTEGER: frozenset({ColumnType.NUMBER}),
    ColumnType.MONEY: frozenset({ColumnType.NUMBER}),
    ColumnType.DATETIME: frozenset({ColumnType.DATE}),
}


def column_types(field: Field) -> list[ColumnType]:
    """The types a column of this field may have, its own first."""
    allowed = {field.type, ColumnType.TEXT} | _WIDER.get(field.type, frozenset())
    return sorted(allowed, key=lambda each: (each is not field.type, each))


def problems(configuration: Configuration, catalogue: Catalogue) -> dict[str, str]:
    """Empty when the configuration can be carried out."""
    found = dict(_columns(configuration, catalogue)) | dict(_filters(configuration, catalogue))
    if configuration.resource in SUMS:
        found |= dict(_sums(configuration))
    if configuration.schedule and (problem := configuration.schedule.problem()):
        found["schedule.cron"] = problem
    return found


def _sums(configuration: Configuration) -> Iterator[tuple[str, str]]:
    if configuration.row_mode is RowMode.LINE:
        yield "row_mode", "each row adds up orders, whose lines have no rows here; use row_mode order"
    if configuration.on_change:
        yield (
            "on_change",
            "each row adds up orders and cannot follow single changes; choose a schedule instead",
        )


def _columns(configuration: Configuration, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    keys: dict[str, int] = {}
    headers: dict[str, int] = {}
    for position, column in enumerate(configuration.columns):
        path = f"columns.{position}"
        first = keys.setdefault(column.key, position)
        if first != position:
            yield f"{path}.key", f"column {first + 1} already shows {column.key}"
        else:
            yield from _column(path, column, row_mode=configuration.row_mode, catalogue=catalogue)
        first = headers.setdefault(column.header.casefold(), position)
        if first != position:
            yield f"{path}.header", f"column {first + 1} already has the header {column.header}"
    if not any(key in catalogue and catalogue[key].identifies for key in keys):
        choices = " or ".join(f"{field.key} ({field.label})" for field in catalogue.values() if field.identifies)
        yield "columns", f"one column must let a person tell the orders apart: add {choices}"


def _column(path: str, column: Column, *, row_mode: RowMode, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    field = catalogue.get(column.key)
    if field is None:
        yield f"{path}.key", _unknown(column.key, catalogue)
        return
    if field.level is Level.LINE and row_mode is RowMode.ORDER:
        yield f"{path}.key", f"{field.key} belongs to a line, and this tab has one row an order; use row_mode line"
    if column.type not in column_types(field):
        yield f"{path}.type", f"{field.key} is {field.type}; it can be shown as {', '.join(column_types(field))}"


def _filters(configuration: Configuration, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for position, condition in enumerate(configuration.filters):
        yield from _filter(f"filters.{position}", condition, catalogue=catalogue)


def _filter(path: str, condition: Filter, *, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    field = catalogue.get(condition.field)
    if field is None:
        yield f"{path}.field", _unknown(condition.field, catalogue)
        return
    if field.level is Level.LINE:
        yield f"{path}.field", f"{field.key} belongs to a line, and filters choose whole orders"
        return
    allowed = OPERATORS[field.type]
    if condition.op not in allowed:
        yield f"{path}.op", f"{field.key} is {field.type}; it can be compared by {', '.join(sorted(allowed))}"
        return
    try:
        operand(condition, field.type)
    except ValueError as error:
        yield f"{path}.value", str(error)


def _unknown(key: str, catalogue: Catalogue) -> str:
    close = get_close_matches(key, catalogue, n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else f"; there are {', '.join(catalogue)}"
    return f"there is no field {key[:100]}{hint}"
