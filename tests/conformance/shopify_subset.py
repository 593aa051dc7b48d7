"""Whether a schema is a true subset of another: whatever is valid against it is valid against the other, and means the
same there.
"""

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
    is_non_null_type,
    is_specified_scalar_type,
    print_ast,
)

Fielded = GraphQLObjectType | GraphQLInterfaceType


def differences(ours: GraphQLSchema, published: GraphQLSchema) -> list[str]:
    """What is in ours and not in the published one, type by type, field by field, argument by argument."""
    return [*_roots(ours, published), *_types(ours, published)]


def _roots(ours: GraphQLSchema, published: GraphQLSchema) -> Iterator[str]:
    for kind in ("query_type", "mutation_type", "subscription_type"):
        our, their = getattr(ours, kind), getattr(published, kind)
        if our is not None and (their is None or our.name != their.name):
            yield f"{kind} is {our.name}, published is {their and their.name}"


def _types(ours: GraphQLSchema, published: GraphQLSchema) -> Iterator[str]:
    for name, our in ours.type_map.items():
        if is_introspection_type(our) or is_specified_scalar_type(our):
            continue
        their = published.type_map.get(name)
        if their is None:
            yield f"type {name} is not published"
        elif type(our) is not type(their):
            yield f"type {name} is a {type(our).__name__}, published is a {type(their).__name__}"
        else:
            yield from _inside(our, their)


def _inside(our: GraphQLNamedType, their: GraphQLNamedType) -> Iterator[str]:
    if isinstance(our, Fielded) and isinstance(their, Fielded):
        yield from _missing(f"{our.name} implements", _names(our.interfaces), _names(their.interfaces))
        yield from _fields(our.name, our.fields, their.fields)
    elif isinstance(our, GraphQLEnumType) and isinstance(their, GraphQLEnumType):
        yield from _missing(f"{our.name} has the value", set(our.values), set(their.values))
    elif isinstance(our, GraphQLUnionType) and isinstance(their, GraphQLUnionType):
        yield from _missing(f"{our.name} includes", _names(our.types), _names(their.types))
    elif isinstance(our, GraphQLInputObjectType) and isinstance(their, GraphQLInputObjectType):
        yield from _inputs(our.name, our.fields, their.fields)


def _fields(kind: str, ours: Mapping[str, GraphQLField], theirs: Mapping[str, GraphQLField]) -> Iterator[str]:
    for name, our in ours.items():
        their = theirs.get(name)
        if their is None:
            yield f"{kind}.{name} is not published"
            continue
        if str(our.type) != str(their.type):
            yield f"{kind}.{name} is {our.type}, published is {their.type}"
        yield from _inputs(f"{kind}.{name}", our.args, their.args)


def _inputs(
    where: str,
    ours: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    theirs: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
) -> Iterator[str]:
    for name, our in ours.items():
        their = theirs.get(name)
        if their is None:
            yield f"{where}({name}) is not published"
        elif str(our.type) != str(their.type):
            yield f"{where}({name}) is {our.type}, published is {their.type}"
        elif _default(our) != _default(their):
            yield f"{where}({name}) defaults to {_default(our)}, published is {_default(their)}"
    for name, their in theirs.items():
        if name not in ours and is_non_null_type(their.type) and _default(their) is None:
            yield f"{where} lacks {name}, which is required"


def _default(value: GraphQLArgument | GraphQLInputField) -> str | None:
    """As it is written; None where there is none."""
    return print_ast(value.default.literal) if value.default and value.default.literal else None


def _missing(what: str, ours: set[str], theirs: set[str]) -> Iterator[str]:
    for name in sorted(ours - theirs):
        yield f"{what} {name}, which is not published"


def _names(types: Iterable[GraphQLNamedType]) -> set[str]:
    return {each.name for each in types}
