"""The query of a bulk operation: the rules it must keep to, and what it makes of an order.

It runs on an executor of its own, as Shopify's does. graphql-core takes some 70 microseconds for a line item, so that
half a million would take most of a minute; here the selection is turned into closures once, which takes a tenth.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, parse
from graphql.execution.values import get_argument_values

from infra.local.shopify.bulk_rules import violations
from infra.local.shopify.refusal import not_simulated
from infra.local.shopify.selection import Selected, Selections
from infra.local.shopify.validation import problems

Read: TypeAlias = Callable[[Any], Any]


class InvalidBulkQuery(Exception):
    """Holds every message that is to be shown to whoever wrote the query."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result. A root has no parent."""

    values: dict[str, Any]
    is_root: bool


@dataclass(frozen=True, slots=True)
class Nested:
    """A connection below a node, with its arguments."""

    name: str
    arguments: dict[str, Any]
    node: "Projection"


@dataclass(frozen=True, slots=True)
class Projection:
    """What is read of a node of one type."""

    reads: tuple[tuple[str, Read], ...]
    nested: tuple[Nested, ...]

    def values(self, node: Any) -> dict[str, Any]:
        return {key: read(node) for key, read in self.reads}


@dataclass(frozen=True, slots=True)
class BulkQuery:
    top: Nested

    def nodes(self, root: Any) -> Iterator[Any]:
        """Raises at once, and not at the first step, when the arguments or the scopes do not allow it."""
        connection = _value(root, self.top.name)
        nodes: Iterator[Any] = connection.every(**self.top.arguments)
        return nodes

    def rows(self, node: Any) -> Iterator[Row]:
        """A node of the top connection, then all that is nested in it."""
        yield Row(self.top.node.values(node), is_root=True)
        yield from _children(self.top.node, node)


def bulk_query(schema: GraphQLSchema, text: str) -> BulkQuery:
    """Raises InvalidBulkQuery with Shopify's messages, and GraphQLError for what is not simulated."""
    if not text.strip():
        raise InvalidBulkQuery(["Invalid bulk query: syntax error, unexpected end of file"])
    try:
        document = parse(text)
    except GraphQLError as error:
        raise InvalidBulkQuery([f"Invalid bulk query: {error.message}"]) from error
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        raise InvalidBulkQuery(["Invalid operation type. Only `query` operations are supported."])
    found = problems(schema, document)
    if found and found[0].extensions:
        raise found[0]
    if found:
        raise InvalidBulkQuery([f"Invalid bulk query: {problem.message}" for problem in found])
    selections = Selections.of(schema, document)
    broken = violations(selections, operations[0])
    if broken:
        raise InvalidBulkQuery(broken)
    return BulkQuery(*_Compiler(selections).projection(selections.top(operations[0])).nested)


def _children(projection: Projection, node: Any) -> Iterator[Row]:
    for nested in projection.nested:
        for child in _value(node, nested.name).every(**nested.arguments):
            yield Row({**nested.node.values(child), "__parentId": _value(node, "id")}, is_root=False)
            yield from _children(nested.node, child)


class _Compiler:
    def __init__(self, selections: Selections) -> None:
        self._selections = selections

    def projection(self, fields: Iterable[Selected]) -> Projection:
        reads: dict[str, Read] = {}
        nested: dict[str, Nested] = {}
        for field in fields:
            if field.node.directives:
                raise not_simulated("directives in a bulk query")
            if field.key in reads or field.key in nested:
                raise not_simulated(f"selecting {field.key!r} twice in a bulk query")
            if field.is_connection:
                nested[field.key] = self._nested(field)
            else:
                reads[field.key] = self._read(field)
        return Projection(tuple(reads.items()), tuple(nested.values()))

    def _nested(self, connection: Selected) -> Nested:
        """What is selected below edges > node, which bulk_rules has seen to be there."""
        edges = next(field for field in self._selections.below(connection) if field.name == "edges")
        node = next(field for field in self._selections.below(edges) if field.name == "node")
        return Nested(connection.name, _arguments(connection), self.projection(self._selections.below(node)))

    def _read(self, field: Selected) -> Read:
        name, parent = field.name, field.parent.name
        if name == "__typename":
            return lambda _: parent
        if field.is_leaf:
            return lambda value: _value(value, name)
        inner = self.projection(self._selections.below(field)).values
        if field.is_list:
            arguments = _arguments(field)
            return lambda value: [inner(each) for each in _called(_value(value, name), arguments)]

        def read_object(value: Any) -> Any:
            found = _value(value, name)
            return None if found is None else inner(found)

        return read_object


def _arguments(field: Selected) -> dict[str, Any]:
    return get_argument_values(field.definition, field.node)


def _value(source: Any, name: str) -> Any:
    return source[name] if isinstance(source, dict) else getattr(source, name)


def _called(value: Any, arguments: dict[str, Any]) -> Any:
    return value(None, **arguments) if callable(value) else value
