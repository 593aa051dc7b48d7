"""What Shopify demands of the query of a bulk operation, with its messages as recorded from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from infra.local.shopify.selection import fields_of, fragments_of, response_key

MAX_CONNECTIONS = 5
MAX_NESTED_LEVELS = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """A connection, what it hangs below, and by how many connections."""

    field: FieldNode
    parents: tuple[FieldNode, ...]
    in_list: bool


def violations(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    """What is wrong with a document that is valid otherwise; nothing when it may run."""
    fragments = fragments_of(document)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    top = list(fields_of(operation.selection_set, fragments))
    root = schema.query_type
    connections = list(_connections(operation.selection_set, root, fragments, parents=(), in_list=False))
    return list(_broken(top, connections, fragments))


def _broken(
    top: list[FieldNode], connections: list[_Found], fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[str]:
    by_nodes = _names(found.field for found in connections if not _is_by_edges(found.field, fragments))
    if by_nodes:
        yield (
            "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: "
            "'products { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: "
            + ", ".join(f"'{name}'" for name in by_nodes)
            + "."
        )
    if any(field.name.value in {"node", "nodes"} for field in top):
        yield f"Bulk queries cannot contain a top level `{top[0].name.value}` field."
    if len(top) > 1:
        yield "Bulk queries must contain exactly one top-level field."
    if any(len(found.parents) > MAX_NESTED_LEVELS for found in connections):
        yield f"Bulk queries cannot contain connections with a nesting depth greater than {MAX_NESTED_LEVELS}."
    if len(connections) > MAX_CONNECTIONS:
        yield f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections."
    nameless = _names(
        found.parents[-1] for found in connections if found.parents and not _has_id(found.parents[-1], fragments)
    )
    if nameless:
        yield (
            "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be"
            f" of 'ID' return type. Connection fields without 'id': {', '.join(nameless)}."
        )
    if any(found.in_list for found in connections):
        yield "Queries that contain a connection field within a list field are not currently supported."
    if not connections:
        yield "Bulk queries must contain at least one connection."


def _connections(
    selection: SelectionSetNode | None,
    kind: object,
    fragments: Mapping[str, FragmentDefinitionNode],
    *,
    parents: tuple[FieldNode, ...],
    in_list: bool,
) -> Iterator[_Found]:
    for node in fields_of(selection, fragments):
        field = kind.fields.get(node.name.value) if isinstance(kind, GraphQLObjectType) else None
        if field is None:
            continue
        target = get_named_type(field.type)
        if target.name.endswith("Connection"):
            yield _Found(node, parents, in_list)
            yield from _connections(node.selection_set, target, fragments, parents=(*parents, node), in_list=in_list)
        else:
            of_connection = isinstance(kind, GraphQLObjectType) and kind.name.endswith("Connection")
            is_list = is_list_type(get_nullable_type(field.type)) and not of_connection
            yield from _connections(node.selection_set, target, fragments, parents=parents, in_list=in_list or is_list)


def _is_by_edges(connection: FieldNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    chosen = {field.name.value: field for field in fields_of(connection.selection_set, fragments)}
    if "edges" not in chosen or "nodes" in chosen:
        return False
    return any(field.name.value == "node" for field in fields_of(chosen["edges"].selection_set, fragments))


def _has_id(connection: FieldNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    return any(
        field.name.value == "id" and response_key(field) == "id"
        for edges in fields_of(connection.selection_set, fragments)
        for node in fields_of(edges.selection_set, fragments)
        for field in fields_of(node.selection_set, fragments)
    )


def _names(fields: Iterator[FieldNode]) -> list[str]:
    return list(dict.fromkeys(field.name.value for field in fields))
