"""Proves schema.graphql and the product's GraphQL documents against what Shopify publishes.

    python -m tests.conformance.shopify

Exits 1 when anything is wrong. Where the published schema cannot be had, nothing is checked, and the last line says so.
"""

import sys
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    parse,
    validate,
)

from backend.platforms.shopify.catalogue import ORDERS
from tests.conformance.shopify_package import Unavailable, published_schemas
from tests.conformance.shopify_subset import differences

VERSIONS = ("2026-01", "2026-07", "2026-10")

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "infra" / "local" / "shopify" / "schema.graphql"
DOCUMENTS = ROOT / "backend" / "platforms" / "shopify" / "documents"
CACHE = ROOT / ".state" / "conformance" / "shopify"


def main() -> int:
    try:
        published = published_schemas(VERSIONS, folder=CACHE)
    except Unavailable as reason:
        say(f"shopify-schema: skipped, nothing was checked: {reason}")
        return 0
    subsets = [_is_subset(schema, version) for version, schema in published.items()]
    subsets.append(_offers_what_is_published(published[VERSIONS[-1]]))
    documents = sorted(DOCUMENTS.glob("*.graphql"))
    valid = sum(_is_valid(path, schema, version) for version, schema in published.items() for path in documents)
    say(f"shopify-schema: {valid}/{len(documents) * len(published)}")
    return 0 if all(subsets) and documents and valid == len(documents) * len(published) else 1


def _is_subset(published: GraphQLSchema, version: str) -> bool:
    found = differences(build_schema(SCHEMA.read_text(encoding="utf-8")), published)
    for difference in found:
        say(f"{version}: schema.graphql: {difference}")
    say(f"{version}: schema.graphql {'is NOT' if found else 'is'} a subset of the published schema")
    return not found


def _offers_what_is_published(published: GraphQLSchema) -> bool:
    """Each short list of choices in the catalogue is part of an enum that a field of an order has."""
    order = published.type_map["Order"]
    assert isinstance(order, GraphQLObjectType)
    types = [get_named_type(field.type) for field in order.fields.values()]
    enums = [set(each.values) for each in types if isinstance(each, GraphQLEnumType)]
    unknown = [field.key for field in ORDERS.values() if not any(set(field.choices) <= values for values in enums)]
    for key in unknown:
        say(f"{VERSIONS[-1]}: the choices of {key} are NOT those of any field of an order")
    return not unknown


def _is_valid(path: Path, published: GraphQLSchema, version: str) -> bool:
    try:
        errors = validate(published, parse(path.read_text(encoding="utf-8")))
    except GraphQLError as syntax:
        errors = [syntax]
    for error in errors:
        say(f"{version}: {path.name}: {error.message}")
    return not errors


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
