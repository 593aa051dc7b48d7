"""The value of a filter, read as the type of the field it is compared with."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from backend.automations.model import Filter, Operator
from backend.platforms.field import ColumnType, Value

MAX_CHOICES = 100

_EQUALITY = frozenset({Operator.EQUALS, Operator.NOT_EQUALS, Operator.ONE_OF})
_RANGE = frozenset({Operator.AT_LEAST, Operator.AT_MOST})
_PRESENCE = frozenset({Operator.IS_EMPTY, Operator.IS_NOT_EMPTY})
_TEXTUAL = _EQUALITY | _PRESENCE | {Operator.CONTAINS}
_ORDERED = _EQUALITY | _PRESENCE | _RANGE

OPERATORS: Mapping[ColumnType, frozenset[Operator]] = {
    ColumnType.TEXT: _TEXTUAL,
    ColumnType.URL: _TEXTUAL,
    ColumnType.INTEGER: _ORDERED,
    ColumnType.NUMBER: _ORDERED,
    ColumnType.MONEY: _ORDERED,
    ColumnType.DATE: _ORDERED,
    ColumnType.DATETIME: _ORDERED,
    ColumnType.BOOLEAN: _PRESENCE | {Operator.EQUALS, Operator.NOT_EQUALS},
}
"""What can be asked of a field of each type."""


def operand(condition: Filter, of_type: ColumnType) -> Value | tuple[Value, ...]:
    """What the field is compared with: a tuple for `in`, None for `empty` and `not_empty`.

    Raises ValueError with a sentence when the value does not fit the operator or the type.
    """
    given = condition.value
    if condition.op in _PRESENCE:
        if given is not None:
            raise ValueError(f"{condition.op} takes no value")
        return None
    if condition.op is Operator.ONE_OF:
        if not isinstance(given, list) or not 1 <= len(given) <= MAX_CHOICES:
            raise ValueError(f"must be a list of 1 to {MAX_CHOICES} values")
        return tuple(_scalar(each, of_type) for each in given)
    if given is None or isinstance(given, list):
        raise ValueError("must be a single value")
    return _scalar(given, of_type)


def _scalar(given: str | float | bool, of_type: ColumnType) -> Value:  # noqa: FBT001 - a value like the others
    match of_type:
        case ColumnType.TEXT | ColumnType.URL:
            if isinstance(given, str):
                return given
            raise ValueError("must be text")
        case ColumnType.BOOLEAN:
            if isinstance(given, bool):
                return given
            raise ValueError("must be true or false")
        case ColumnType.INTEGER:
            number = _decimal(given)
            if number != number.to_integral_value():
                raise ValueError("must be a whole number")
            return int(number)
        case ColumnType.NUMBER | ColumnType.MONEY:
            return _decimal(given)
        case ColumnType.DATE:
            return _date(given)
        case ColumnType.DATETIME:
            return _instant(given)


def _decimal(given: str | float | bool) -> Decimal:  # noqa: FBT001 - same
    if isinstance(given, bool) or (isinstance(given, float) and not math.isfinite(given)):
        raise ValueError("must be a number")
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 15:
        raise ValueError("must be a number")
    return number


def _date(given: object) -> date:
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError as error:
        raise ValueError("must be a date like 2026-01-31") from error


def _instant(given: object) -> datetime:
    try:
        instant = datetime.fromisoformat(given if isinstance(given, str) else "")
    except ValueError as error:
        raise ValueError("must be a date and time like 2026-01-31T08:00:00+01:00") from error
    if instant.tzinfo is None:
        raise ValueError("must say its time zone, like 2026-01-31T08:00:00+01:00 or ...Z")
    return instant
