"""Which orders an automation asks for. An order that matches no longer is told apart from one that never did later."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from backend.automations.model import Filter, Operator
from backend.platforms.field import Value
from backend.platforms.source import Order

Predicate: TypeAlias = Callable[[Order], bool]


def matcher(filters: Sequence[Filter]) -> Predicate:
    """True when every filter holds. An empty value satisfies `ne` and `empty` only."""
    return lambda order: all(holds(rule, order.values.get(rule.field)) for rule in filters)


def holds(rule: Filter, value: Value) -> bool:
    match rule.op:
        case Operator.IS_EMPTY:
            return _is_empty(value)
        case Operator.IS_NOT_EMPTY:
            return not _is_empty(value)
        case Operator.NOT_EQUALS:
            return not _equals(value, rule.value)
        case Operator.EQUALS:
            return _equals(value, rule.value)
        case Operator.ONE_OF:
            return any(_equals(value, wanted) for wanted in _as_list(rule.value))
        case Operator.CONTAINS:
            return not _is_empty(value) and str(rule.value).casefold() in str(value).casefold()
        case Operator.AT_LEAST | Operator.AT_MOST:
            ours, wanted = _comparable(value), _comparable_to(value, rule.value)
            if ours is None or wanted is None:
                return False
            return ours >= wanted if rule.op is Operator.AT_LEAST else ours <= wanted


def _is_empty(value: Value) -> bool:
    return value is None or value == ""


def _as_list(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


def _equals(value: Value, wanted: object) -> bool:
    if _is_empty(value):
        return False
    if isinstance(value, str):
        return value.casefold() == str(wanted).casefold()
    return _comparable(value) == _comparable_to(value, wanted)


def _comparable(value: Value) -> Decimal | None:
    """Numbers, booleans and instants on one scale; text has no order here."""
    if isinstance(value, datetime):
        return Decimal(str(value.astimezone(UTC).timestamp()))
    if isinstance(value, date):
        return Decimal(value.toordinal())
    if isinstance(value, bool | int | Decimal):
        return Decimal(value)
    return None


def _comparable_to(value: Value, wanted: object) -> Decimal | None:
    """What was written in the filter, read as the type of the value it is held against."""
    text = str(wanted)
    try:
        if isinstance(value, bool):
            return Decimal(text.strip().lower() in {"true", "yes", "1"})
        if isinstance(value, datetime):
            moment = datetime.fromisoformat(text)
            return Decimal(str((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))
        if isinstance(value, date):
            return Decimal(date.fromisoformat(text).toordinal())
        return Decimal(text)
    except (ValueError, InvalidOperation):
        return None
