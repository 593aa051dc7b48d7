"""The calculated cost of a query, in points.

Shopify publishes the rules in words only ("GraphQL Admin API rate limits" on shopify.dev): an object costs 1, a scalar
nothing, a mutation 10, a connection by its size. How it grows with the size, 2 + floor(2 ln size) times a node, was
found from answers: `variants(first: 250) {nodes {inventoryItem {id}}}` of one product costs 25
(community.shopify.dev, threads 23101 and 24364). Shopify may add to it as it likes: nobody should count on the number.
"""

import math
from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues, get_argument_values

from infra.local.shopify.selection import fields_of, response_key

MAX_COST = 1000
MUTATION_COST = 10
FREE_TYPES = frozenset({"MailingAddress", "PageInfo"})
"""Values without an identity of their own, which Shopify does not charge for (thread 24364)."""

_NOT_YET: Any = object()
"""Stands for an answer before there is one."""


class Costing:
    """The cost of one operation of a valid document, before it runs and after."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        *,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = fragments
        self._variables = variables

    def requested(self) -> int:
        """As if every page came full."""
        return self._total(_NOT_YET)

    def actual(self, answer: Mapping[str, Any]) -> int:
        """By what came: the `data` of the answer."""
        return self._total(answer)

    def _total(self, answer: Any) -> int:
        selection = self._operation.selection_set
        if self._operation.operation is OperationType.MUTATION:
            return sum(MUTATION_COST for _ in fields_of(selection, self._fragments))
        return self._selection(selection, self._schema.query_type, answer)

    def _selection(self, selection: SelectionSetNode | None, kind: Any, answer: Any) -> int:
        return sum(
            self._field(node, field, answer if answer is _NOT_YET else answer.get(response_key(node)))
            for node in fields_of(selection, self._fragments)
            if (field := self._definition(node, kind)) is not None
        )

    def _field(self, node: FieldNode, field: GraphQLField, answer: Any) -> int:
        kind = get_named_type(field.type)
        if is_leaf_type(kind) or kind.name in FREE_TYPES:
            return 0
        if kind.name.endswith("Connection"):
            return self._connection(node, field, answer)
        return self._dearest(node, kind, answer)

    def _dearest(self, node: FieldNode, kind: Any, answer: Any) -> int:
        """An object, or the dearest one of a list; one that is null was looked for all the same."""
        answers = answer if isinstance(answer, list) else [answer]
        return max(
            (1 + (0 if each is None else self._selection(node.selection_set, kind, each)) for each in answers),
            default=0,
        )

    def _connection(self, node: FieldNode, field: GraphQLField, answer: Any) -> int:
        kind = get_named_type(field.type)
        arguments = get_argument_values(field, node, self._variables)
        size = arguments.get("first") or arguments.get("last") or 0
        dearest = 0
        for child in fields_of(node.selection_set, self._fragments):
            inner = self._definition(child, kind)
            rows = answer if answer is _NOT_YET else (answer or {}).get(response_key(child))
            if isinstance(rows, list):
                size = len(rows)
            if inner is None or child.name.value == "pageInfo":
                continue
            if child.name.value == "nodes":
                dearest += self._dearest(child, get_named_type(inner.type), rows)
            else:
                edge = get_named_type(inner.type)
                edges = rows if isinstance(rows, list) else [rows]
                dearest += max((self._selection(child.selection_set, edge, each) for each in edges), default=0)
        return 2 + (math.floor(2 * math.log(max(2, size))) * dearest if size else 0)

    @staticmethod
    def _definition(node: FieldNode, kind: Any) -> GraphQLField | None:
        """None for __typename."""
        fields = kind.fields if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else {}
        return fields.get(node.name.value)
