"""The query of a bulk operation: the rules it must keep to, and what it makes of an order.

It runs on an executor of its own, as Shopify's does. graphql-core takes some 70 microseconds for a line item, so that
half a million would take most of a minute; here the selection is turned into closures once, which takes a tenth.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    parse,
)
from graphql.execution.values import get_argument_values

from infra.local.shopify.bulk_rules import violations
from infra.local.shopify.refusal import not_simulated
from infra.local.shopify.selection import fields_of, fragments_of, response_key
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
    broken = violations(schema, document)
    if broken:
        raise InvalidBulkQuery(broken)
    root_type = schema.query_type
    if root_type is None:
        raise TypeError("the schema has no query type")
    (top,) = _Compiler(fragments_of(document)).projection(operations[0].selection_set, root_type).nested
    return BulkQuery(top)


def _children(projection: Projection, node: Any) -> Iterator[Row]:
    for nested in projection.nested:
        for child in _value(node, nested.name).every(**nested.arguments):
            yield Row({**nested.node.values(child), "__parentId": _value(node, "id")}, is_root=False)
            yield from _children(nested.node, child)


class _Compiler:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments

    def projection(self, selection: SelectionSetNode | None, kind: GraphQLObjectType) -> Projection:
        reads: dict[str, Read] = {}
        nested: list[Nested] = []
        for node in fields_of(selection, self._fragments):
            key, name = response_key(node), node.name.value
            if node.directives:
                raise not_simulated("directives in a bulk query")
            if name == "__typename":
                reads[key] = _constant(kind.name)
                continue
            field = kind.fields[name]
            arguments = get_argument_values(field, node)
            target = get_named_type(field.type)
            if target.name.endswith("Connection"):
                nested.append(Nested(name, arguments, self._node(node, field)))
            elif key in reads and not is_leaf_type(target):
                raise not_simulated(f"the selection of {key!r} in two parts, in a bulk query")
            else:
                reads[key] = self._read(node, field, arguments)
        return Projection(tuple(reads.items()), tuple(nested))

    def _node(self, connection: FieldNode, field: GraphQLField) -> Projection:
        """Of the type below edges > node."""
        kind = get_named_type(field.type)
        node = connection
        for name in ("edges", "node"):
            node = next(each for each in fields_of(node.selection_set, self._fragments) if each.name.value == name)
            if isinstance(kind, GraphQLObjectType):
                kind = get_named_type(kind.fields[name].type)
        if not isinstance(kind, GraphQLObjectType):
            raise not_simulated(f"a bulk query of {kind.name}")
        return self.projection(node.selection_set, kind)

    def _read(self, node: FieldNode, field: GraphQLField, arguments: dict[str, Any]) -> Read:
        name, target = node.name.value, get_named_type(field.type)
        if is_leaf_type(target):
            return lambda value: _value(value, name)
        if not isinstance(target, GraphQLObjectType):
            raise not_simulated(f"a bulk query of {target.name}")
        inner = self.projection(node.selection_set, target).values
        if is_list_type(get_nullable_type(field.type)):
            return lambda value: [inner(each) for each in _called(_value(value, name), arguments)]

        def read_object(value: Any) -> Any:
            found = _value(value, name)
            return None if found is None else inner(found)

        return read_object


def _value(source: Any, name: str) -> Any:
    return source[name] if isinstance(source, dict) else getattr(source, name)


def _called(value: Any, arguments: dict[str, Any]) -> Any:
    return value(None, **arguments) if callable(value) else value


def _constant(value: str) -> Read:
    return lambda _: value
