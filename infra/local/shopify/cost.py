"""The calculated cost of a query, in points.

Shopify publishes the rules in words only ("GraphQL Admin API rate limits" on shopify.dev): an object costs 1, a scalar
nothing, a mutation 10, a connection by its size. How it grows with the size, 2 + floor(2 ln size) times a node, was
found from answers: `variants(first: 250) {nodes {inventoryItem {id}}}` of one product costs 25
(community.shopify.dev, threads 23101 and 24364). A list of ids costs as much as asking for each. Shopify may add to it
as it likes: nobody should count on the number.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import OperationDefinitionNode, OperationType, is_object_type
from graphql.execution.values import VariableValues, get_argument_values

from infra.local.shopify.selection import Selected, Selections

MAX_COST = 1000
MUTATION_COST = 10
CONNECTION_COST = 2
FREE_TYPES = frozenset({"MailingAddress", "PageInfo"})
"""Values without an identity of their own, which Shopify does not charge for (thread 24364)."""

_NOT_YET: Any = object()
"""Stands for an answer before there is one."""


class Costing:
    """The cost of one operation of a valid document, before it runs and after."""

    def __init__(
        self, selections: Selections, operation: OperationDefinitionNode, *, variables: VariableValues
    ) -> None:
        self._selections = selections
        self._operation = operation
        self._variables = variables

    def requested(self) -> int:
        """As if every page came full."""
        return self._total(_NOT_YET)

    def actual(self, answer: Mapping[str, Any]) -> int:
        """By what came: the `data` of the answer."""
        return self._total(answer)

    def _total(self, answer: Any) -> int:
        top = list(self._selections.top(self._operation))
        if self._operation.operation is OperationType.MUTATION:
            return MUTATION_COST * len(top)
        return self._object(top, answer)

    def _object(self, fields: Iterable[Selected], answer: Any) -> int:
        """Of the fields that only one possible type or another has, those of the dearest type count."""
        shared, special = 0, Counter[str]()
        for field in fields:
            cost = self._field(field, answer if answer is _NOT_YET else answer.get(field.key))
            if is_object_type(field.parent):
                special[field.parent.name] += cost
            else:
                shared += cost
        return shared + max(special.values(), default=0)

    def _field(self, field: Selected, answer: Any) -> int:
        if field.is_leaf or field.type.name in FREE_TYPES:
            return 0
        arguments = get_argument_values(field.definition, field.node, self._variables)
        if field.is_connection:
            return self._connection(field, arguments, answer)
        each = self._objects(field, answer)
        if "ids" in arguments:
            return sum(each) if isinstance(answer, list) else len(arguments["ids"]) * max(each)
        return max(each, default=0)

    def _objects(self, field: Selected, answer: Any) -> list[int]:
        """What each object costs; one that is null was looked for all the same."""
        answers = answer if isinstance(answer, list) else [answer]
        below = list(self._selections.below(field))
        return [1 + (0 if each is None else self._object(below, each)) for each in answers]

    def _connection(self, field: Selected, arguments: Mapping[str, Any], answer: Any) -> int:
        if answer is None:
            return CONNECTION_COST
        size = arguments.get("first") or arguments.get("last") or 0
        dearest = 0
        for child in self._selections.below(field):
            rows = answer if answer is _NOT_YET else answer.get(child.key)
            if isinstance(rows, list):
                size = len(rows)
            if child.name == "nodes":
                dearest += max(self._objects(child, rows), default=0)
            elif child.name == "edges":
                below = list(self._selections.below(child))
                edges = rows if isinstance(rows, list) else [rows]
                dearest += max((self._object(below, each) for each in edges), default=0)
        return CONNECTION_COST + (math.floor(2 * math.log(max(2, size))) * dearest if size else 0)
