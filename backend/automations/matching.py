"""Which orders an automation asks for."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from backend.automations.model import Draft, Filter, OnRemoved, Operator
from backend.automations.operand import operand
from backend.platforms.field import Catalogue, Value
from backend.platforms.source import Order

Predicate: TypeAlias = Callable[[Order], bool]


def wanted(draft: Draft, catalogue: Catalogue) -> Predicate:
    """Whether an order gets rows where it has none: it matches, and is not one whose rows are deleted."""
    matches, drops_removed = matcher(draft.filters, catalogue), draft.on_removed is OnRemoved.DELETE
    return lambda order: matches(order) and not (order.removed and drops_removed)


def matcher(filters: Sequence[Filter], catalogue: Catalogue) -> Predicate:
    """True when every filter holds. Text compares without case; an empty value satisfies `ne` and `empty` only."""
    tests = [(rule.field, _test(rule.op, operand(rule, catalogue[rule.field].type))) for rule in filters]
    return lambda order: all(holds(order.values.get(field)) for field, holds in tests)


def _test(op: Operator, wanted: Any) -> Callable[[Value], bool]:
    """`wanted` is of the field's type, as the values are; a tuple of such for `in`."""
    match op:
        case Operator.IS_EMPTY:
            return _is_empty
        case Operator.IS_NOT_EMPTY:
            return lambda value: not _is_empty(value)
        case Operator.EQUALS:
            return lambda value: not _is_empty(value) and _folded(value) == _folded(wanted)
        case Operator.NOT_EQUALS:
            return lambda value: _is_empty(value) or _folded(value) != _folded(wanted)
        case Operator.ONE_OF:
            choices = {_folded(choice) for choice in wanted}
            return lambda value: not _is_empty(value) and _folded(value) in choices
        case Operator.CONTAINS:
            return lambda value: _folded(wanted) in _folded(value or "")
        case Operator.AT_LEAST:
            return lambda value: value is not None and value >= wanted
        case Operator.AT_MOST:
            return lambda value: value is not None and value <= wanted


def _is_empty(value: Value) -> bool:
    return value is None or value == ""


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
