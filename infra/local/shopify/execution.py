"""From the body of a request to the body of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationType,
    execute_sync,
    get_operation_ast,
    parse,
)
from graphql.execution.values import get_variable_values

from infra.local.shopify.cost import MAX_COST, Costing
from infra.local.shopify.mutation import Mutation
from infra.local.shopify.refusal import bad_request
from infra.local.shopify.root import QueryRoot
from infra.local.shopify.selection import Selections
from infra.local.shopify.session import Session
from infra.local.shopify.throttle import Bucket
from infra.local.shopify.validation import problems


@dataclass(frozen=True, slots=True)
class Request:
    query: str
    variables: Mapping[str, Any]
    operation_name: str | None = None


def read_request(body: Any) -> Request:
    """Raises GraphQLError when the body is not a GraphQL request."""
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise bad_request("Required parameter missing or invalid: query")
    variables = body.get("variables")
    if variables is None:
        variables = {}
    if not isinstance(variables, dict):
        raise bad_request("Required parameter missing or invalid: variables")
    return Request(body["query"], variables, body.get("operationName"))


def answer(
    request: Request,
    *,
    schema: GraphQLSchema,
    session: Session,
    mutation: Mutation,
    bucket: Bucket,
    throttled: bool = False,
) -> dict[str, Any]:
    """The JSON of the answer, which comes with HTTP 200 whatever is wrong. `throttled` pretends an empty bucket."""
    try:
        document = parse(request.query)
    except GraphQLError as error:
        return _refused([error])
    found = problems(schema, document)
    if found:
        return _refused(found)
    operation = get_operation_ast(document, request.operation_name)
    if operation is None:
        return _refused([bad_request("No operation of that name, or several and no name")])
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(request.variables))
    if isinstance(coerced, list):
        return _refused(coerced)
    costing = Costing(Selections.of(schema, document), operation, variables=coerced)
    cost = costing.requested()
    if cost > MAX_COST:
        return _refused([_too_dear(cost)])
    if throttled or not bucket.take(cost):
        return {
            "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": _LIMITS}}],
            "extensions": {"cost": _cost(cost, None, bucket)},
        }
    result = execute_sync(
        schema,
        document,
        mutation if operation.operation is OperationType.MUTATION else QueryRoot(session),
        variable_values=dict(request.variables),
        operation_name=request.operation_name,
    )
    actual = min(cost, costing.actual(result.data or {}))
    bucket.give_back(cost - actual)
    body: dict[str, Any] = {"data": result.data, "extensions": {"cost": _cost(cost, actual, bucket)}}
    return {"errors": [error.formatted for error in result.errors], **body} if result.errors else body


_LIMITS = "https://shopify.dev/api/usage/rate-limits"


def _refused(errors: list[GraphQLError]) -> dict[str, Any]:
    return {"errors": [error.formatted for error in errors]}


def _too_dear(cost: int) -> GraphQLError:
    return GraphQLError(
        f"Query cost is {cost}, which exceeds the single query max cost limit ({MAX_COST}).",
        extensions={"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": MAX_COST, "documentation": _LIMITS},
    )


def _cost(requested: int, actual: int | None, bucket: Bucket) -> dict[str, Any]:
    return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": bucket.status()}
