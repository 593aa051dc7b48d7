"""A search for orders as a condition of SQL."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias, get_args

from infra.local.shopify.order import FinancialStatus
from infra.local.shopify.refusal import not_simulated
from infra.local.shopify.search import All, Any, Not, Search, Term, parse


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression over the columns of the table `orders`, with its parameters."""

    sql: str = "1"
    parameters: tuple[str | float, ...] = ()

    def and_(self, other: "Condition") -> "Condition":
        return Condition(f"({self.sql}) AND ({other.sql})", self.parameters + other.parameters)


_Filter: TypeAlias = Callable[[Term], Condition]

_STATUS = {
    "open": "closed_at IS NULL AND cancelled_at IS NULL",
    "closed": "closed_at IS NOT NULL",
    "cancelled": "cancelled_at IS NOT NULL",
    "not_closed": "closed_at IS NULL",
    "any": "1",
}


def order_condition(query: str | None) -> Condition:
    """What `query:` of the orders connection means; GraphQLError NOT_SIMULATED for what is not understood."""
    return _condition(parse(query or ""))


def _condition(search: Search) -> Condition:
    match search:
        case Term():
            if search.field not in _FILTERS:
                raise not_simulated(f"the filter {search.field!r} of orders; simulated are {', '.join(_FILTERS)}")
            return _FILTERS[search.field](search)
        case Not(operand):
            inner = _condition(operand)
            return Condition(f"NOT ({inner.sql})", inner.parameters)
        case All(operands):
            return _joined(" AND ", operands)
        case Any(operands):
            return _joined(" OR ", operands)


def _joined(word: str, operands: tuple[Search, ...]) -> Condition:
    parts = [_condition(operand) for operand in operands]
    if not parts:
        return Condition()
    return Condition(
        word.join(f"({part.sql})" for part in parts),
        tuple(parameter for part in parts for parameter in part.parameters),
    )


def _time(term: Term) -> Condition:
    """Shopify takes a time without quotes apart at its colons and then searches for something else, so it must be
    quoted; and a zone must be there, since without one the time would be the shop's.
    """
    if ":" in term.value and not term.quoted:
        raise not_simulated(f"a time without quotes: write {term.field}:{term.comparator}'{term.value}'")
    try:
        instant = datetime.fromisoformat(term.value)
    except ValueError:
        raise not_simulated(f"the time {term.value!r}; write it as '2026-10-01T00:00:00Z'") from None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", term.value):
        instant = instant.replace(tzinfo=UTC)
    elif instant.tzinfo is None:
        raise not_simulated(f"the time {term.value!r} without a zone; write it as '2026-10-01T00:00:00Z'")
    return Condition(f"{term.field} {term.comparator} ?", (instant.timestamp(),))


def _number(column: str) -> _Filter:
    def condition(term: Term) -> Condition:
        if not term.value.isdecimal():
            raise not_simulated(f"{term.field}:{term.value}; a whole number is expected")
        return Condition(f"{column} {term.comparator} ?", (int(term.value),))

    return condition


def _word(column: str, values: dict[str, str]) -> _Filter:
    def condition(term: Term) -> Condition:
        value = values.get(_equal(term).lower())
        if value is None:
            raise not_simulated(f"{term.field}:{term.value}; simulated are {', '.join(values)}")
        return Condition(f"{column} = ?", (value,))

    return condition


def _name(term: Term) -> Condition:
    """With or without the #, as Shopify takes both."""
    return Condition("name IN (?, '#' || ?)", (_equal(term), term.value))


def _email(term: Term) -> Condition:
    return Condition("email = ? COLLATE NOCASE", (_equal(term),))


def _status(term: Term) -> Condition:
    if _equal(term) not in _STATUS:
        raise not_simulated(f"status:{term.value}; simulated are {', '.join(_STATUS)}")
    return Condition(_STATUS[term.value])


def _test(term: Term) -> Condition:
    if _equal(term) not in {"true", "false"}:
        raise not_simulated(f"test:{term.value}; true or false is expected")
    return Condition("test = ?", (int(term.value == "true"),))


def _equal(term: Term) -> str:
    if term.comparator != "=" or (not term.quoted and re.search(r"[*,]", term.value)):
        raise not_simulated(f"{term.field}:{term.comparator}{term.value}; one value is expected")
    return term.value


_FILTERS: dict[str, _Filter] = {
    "created_at": _time,
    "updated_at": _time,
    "processed_at": _time,
    "id": _number("id"),
    "customer_id": _number("customer_id"),
    "name": _name,
    "email": _email,
    "status": _status,
    "financial_status": _word("financial_status", {status.lower(): status for status in get_args(FinancialStatus)}),
    "fulfillment_status": _word(
        "fulfillment_status",
        {"fulfilled": "FULFILLED", "partial": "PARTIALLY_FULFILLED", "unfulfilled": "UNFULFILLED"},
    ),
    "test": _test,
}
