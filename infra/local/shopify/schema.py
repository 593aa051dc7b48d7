"""The executable schema, from schema.graphql."""

from pathlib import Path
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLSchema, build_schema

SCHEMA_FILE = Path(__file__).with_name("schema.graphql")


def load_schema() -> GraphQLSchema:
    """Fields resolve to the attributes and entries of that name: see root, shop_nodes, order_nodes, bulk_nodes."""
    schema = build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))
    node = schema.type_map["Node"]
    if isinstance(node, GraphQLInterfaceType):
        node.resolve_type = _kind
    return schema


def _kind(value: Any, *_: Any) -> str:
    return str(value.kind)
