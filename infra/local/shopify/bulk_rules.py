"""What Shopify demands of the query of a bulk operation, with its messages as recorded from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import OperationDefinitionNode

from infra.local.shopify.selection import Selected, Selections

MAX_CONNECTIONS = 5
MAX_NESTED_LEVELS = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """A connection, the connections it hangs below, and whether a list is between it and the nearest of them."""

    connection: Selected
    parents: tuple[Selected, ...]
    in_list: bool


def violations(selections: Selections, operation: OperationDefinitionNode) -> list[str]:
    """What is wrong with a query that is valid otherwise; nothing when it may run."""
    return list(_Rules(selections).broken_by(operation))


class _Rules:
    def __init__(self, selections: Selections) -> None:
        self._selections = selections

    def broken_by(self, operation: OperationDefinitionNode) -> Iterator[str]:
        top = list(self._selections.top(operation))
        found = [each for field in top for each in self._connections(field)]
        by_nodes = _names(each.connection for each in found if not self._node_of(each.connection))
        if by_nodes:
            yield (
                "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: "
                "'products { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: "
                + ", ".join(f"'{name}'" for name in by_nodes)
                + "."
            )
        for name in _names(field for field in top if field.name in {"node", "nodes"}):
            yield f"Bulk queries cannot contain a top level `{name}` field."
        if len(top) > 1:
            yield "Bulk queries must contain exactly one top-level field."
        if any(len(each.parents) > MAX_NESTED_LEVELS for each in found):
            yield f"Bulk queries cannot contain connections with a nesting depth greater than {MAX_NESTED_LEVELS}."
        if len(found) > MAX_CONNECTIONS:
            yield f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections."
        nameless = _names(each.parents[-1] for each in found if each.parents and not self._has_id(each.parents[-1]))
        if nameless:
            yield (
                "The parent 'node' field for a nested connection must select the 'id' field without an alias and must"
                f" be of 'ID' return type. Connection fields without 'id': {', '.join(nameless)}."
            )
        if any(each.in_list for each in found):
            yield "Queries that contain a connection field within a list field are not currently supported."
        if not found:
            yield "Bulk queries must contain at least one connection."

    def _connections(
        self, field: Selected, parents: tuple[Selected, ...] = (), *, in_list: bool = False
    ) -> Iterator[_Found]:
        inner = parents
        if field.is_connection:
            yield _Found(field, parents, in_list)
            inner, in_list = (*parents, field), False
        elif not field.parent.name.endswith("Connection"):
            in_list = in_list or field.is_list
        for child in self._selections.below(field):
            yield from self._connections(child, inner, in_list=in_list)

    def _node_of(self, connection: Selected) -> list[Selected]:
        """The fields below edges > node; none when nodes are selected in another way."""
        inside = list(self._selections.below(connection))
        if any(field.name == "nodes" for field in inside):
            return []
        edges = (field for field in inside if field.name == "edges")
        nodes = (field for edge in edges for field in self._selections.below(edge) if field.name == "node")
        return [field for node in nodes for field in self._selections.below(node)]

    def _has_id(self, connection: Selected) -> bool:
        return any(field.name == field.key == "id" for field in self._node_of(connection))


def _names(fields: Iterable[Selected]) -> list[str]:
    return list(dict.fromkeys(field.name for field in fields))
