"""The errors a GraphQL answer carries in its `errors`."""

from graphql import GraphQLError


def not_simulated(what: str) -> GraphQLError:
    """Shopify may well answer this; this simulator does not, and says so rather than guess."""
    return GraphQLError(f"Not simulated: {what}", extensions={"code": "NOT_SIMULATED"})


def bad_request(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def access_denied(field: str, scope: str) -> GraphQLError:
    required = f"`{scope}` access scope."
    return GraphQLError(
        f"Access denied for {field} field. Required access: {required}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": required,
        },
    )
