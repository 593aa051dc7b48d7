"""Filters as a tree of comparisons of sort keys: parsed once, then asked about documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import TypeAlias

from infra.local.firestore import fields
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.values import NAN_KEY, NULL_KEY, Key, name_key, sort_key
from infra.local.firestore.wire import Document, StructuredQuery, Value
from infra.local.rpc_error import invalid_argument


class Op(Enum):
    LESS_THAN = "LESS_THAN"
    LESS_THAN_OR_EQUAL = "LESS_THAN_OR_EQUAL"
    GREATER_THAN = "GREATER_THAN"
    GREATER_THAN_OR_EQUAL = "GREATER_THAN_OR_EQUAL"
    EQUAL = "EQUAL"
    NOT_EQUAL = "NOT_EQUAL"
    ARRAY_CONTAINS = "ARRAY_CONTAINS"
    IN = "IN"
    ARRAY_CONTAINS_ANY = "ARRAY_CONTAINS_ANY"
    NOT_IN = "NOT_IN"


RANGES = frozenset({Op.LESS_THAN, Op.LESS_THAN_OR_EQUAL, Op.GREATER_THAN, Op.GREATER_THAN_OR_EQUAL})
INEQUALITIES = RANGES | {Op.NOT_EQUAL, Op.NOT_IN}
"""They order the results by their field, and so need it in the index after the equalities."""
MEMBERSHIPS = frozenset({Op.ARRAY_CONTAINS, Op.ARRAY_CONTAINS_ANY})
LISTS = frozenset({Op.IN, Op.NOT_IN, Op.ARRAY_CONTAINS_ANY})
"""Their operand is an array of alternatives."""


@dataclass(frozen=True)
class Comparison:
    path: FieldPath
    op: Op
    keys: tuple[Key, ...]
    """The operand; several for the operators in LISTS."""
    alternatives: int = 1
    """How many operands the limits count: null and NaN too, and for `not-in` repeated ones."""

    def matches(self, document: Document) -> bool:
        if self.path == fields.NAME:
            return self._accepts(name_key(document.name))
        value = fields.get(document, self.path)
        if value is None:
            return False
        if self.op in MEMBERSHIPS:
            return any(sort_key(element) in self.keys for element in value.array_value.values)
        return self._accepts(sort_key(value))

    def _accepts(self, key: Key) -> bool:
        op = self.op
        if op in {Op.EQUAL, Op.IN}:
            return key in self.keys
        if op in {Op.NOT_EQUAL, Op.NOT_IN}:
            return key not in self.keys and key != NULL_KEY and not (op is Op.NOT_IN and NULL_KEY in self.keys)
        bound = self.keys[0]
        if key[0] != bound[0] or key == NAN_KEY:
            return False
        if op is Op.LESS_THAN:
            return key < bound
        if op is Op.LESS_THAN_OR_EQUAL:
            return key <= bound
        if op is Op.GREATER_THAN:
            return key > bound
        return key >= bound


@dataclass(frozen=True)
class Junction:
    """AND when `all_of`, else OR. An AND of nothing matches everything."""

    all_of: bool
    parts: tuple["Filter", ...]

    def matches(self, document: Document) -> bool:
        verdicts = (part.matches(document) for part in self.parts)
        return all(verdicts) if self.all_of else any(verdicts)


Filter: TypeAlias = Comparison | Junction

EVERYTHING = Junction(all_of=True, parts=())


def parse(query: StructuredQuery) -> Filter:
    return _parse(query.where) if query.HasField("where") else EVERYTHING


def comparisons(tree: Filter) -> Iterator[Comparison]:
    if isinstance(tree, Comparison):
        yield tree
    else:
        for part in tree.parts:
            yield from comparisons(part)


def unequal_paths(tree: Filter) -> set[FieldPath]:
    return {comparison.path for comparison in comparisons(tree) if comparison.op in INEQUALITIES}


def conjuncts(tree: Filter) -> list[Comparison]:
    """Comparisons that every match satisfies."""
    if isinstance(tree, Comparison):
        return [tree]
    if tree.all_of or len(tree.parts) == 1:
        return [comparison for part in tree.parts for comparison in conjuncts(part)]
    return []


def disjunction_count(tree: Filter) -> int:
    """The size of the disjunctive normal form, where `in` and `array-contains-any` count as ORs."""
    if isinstance(tree, Comparison):
        return tree.alternatives if tree.op in {Op.IN, Op.ARRAY_CONTAINS_ANY} else 1
    counts = [disjunction_count(part) for part in tree.parts]
    if not tree.all_of:
        return sum(counts)
    total = 1
    for count in counts:
        total *= count
    return total


def disjunctions(tree: Filter) -> list[tuple[Comparison, ...]]:
    """The disjunctive normal form. Check `disjunction_count` first: it can be as long as a product."""
    if isinstance(tree, Comparison):
        single = {Op.IN: Op.EQUAL, Op.ARRAY_CONTAINS_ANY: Op.ARRAY_CONTAINS}.get(tree.op)
        if single is None:
            return [(tree,)]
        return [(Comparison(tree.path, single, (key,)),) for key in tree.keys]
    branches = [disjunctions(part) for part in tree.parts]
    if not tree.all_of:
        return [branch for part in branches for branch in part]
    return [tuple(comparison for part in choice for comparison in part) for choice in product(*branches)]


def _parse(where: StructuredQuery) -> Filter:
    kind = where.WhichOneof("filter_type")
    if kind == "composite_filter":
        composite = where.composite_filter
        if not composite.filters:
            raise invalid_argument("A composite filter must have at least one sub-filter.")
        if composite.op == StructuredQuery.CompositeFilter.OPERATOR_UNSPECIFIED:
            raise invalid_argument("A composite filter must have an operator.")
        all_of = composite.op == StructuredQuery.CompositeFilter.AND
        return Junction(all_of=all_of, parts=tuple(_parse(part) for part in composite.filters))
    if kind == "unary_filter":
        return _unary(where.unary_filter)
    if kind == "field_filter":
        return _comparison(where.field_filter)
    raise invalid_argument("A filter says nothing.")


def _unary(unary: StructuredQuery) -> Comparison:
    name = StructuredQuery.UnaryFilter.Operator.Name(unary.op)
    if name == "OPERATOR_UNSPECIFIED":
        raise invalid_argument("A unary filter must have an operator.")
    op = Op.NOT_EQUAL if "NOT" in name else Op.EQUAL
    return Comparison(fields.parse(unary.field.field_path), op, (NAN_KEY if name.endswith("NAN") else NULL_KEY,))


def _comparison(comparison: StructuredQuery) -> Comparison:
    name = StructuredQuery.FieldFilter.Operator.Name(comparison.op)
    if name == "OPERATOR_UNSPECIFIED":
        raise invalid_argument("A field filter must have an operator.")
    op = Op(name)
    path = fields.parse(comparison.field.field_path)
    if op not in LISTS:
        key = _operand(path, comparison.value)
        if key not in {NULL_KEY, NAN_KEY}:
            return Comparison(path, op, (key,))
        # Only unary filters find them. Compared with null nothing matches, and NaN differs from everything, itself too.
        differs = op is Op.NOT_EQUAL and key == NAN_KEY
        return Comparison(path, Op.NOT_EQUAL if differs else Op.EQUAL, ())
    operands = comparison.value.array_value.values
    if not operands:
        raise invalid_argument(f"'{op.value}' requires an non-empty ArrayValue.")
    # Null and NaN among alternatives match nothing; only a null in `not-in` means something (that nothing matches).
    ignored = {NAN_KEY} if op is Op.NOT_IN else {NULL_KEY, NAN_KEY}
    keys = dict.fromkeys(_operand(path, value) for value in operands)
    return Comparison(
        path,
        op,
        tuple(key for key in keys if key not in ignored),
        alternatives=len(operands) if op is Op.NOT_IN else len(keys),
    )


def _operand(path: FieldPath, value: Value) -> Key:
    if path == fields.NAME and value.WhichOneof("value_type") != "reference_value":
        raise invalid_argument("__key__ filter value must be a Key")
    return sort_key(value)
