"""Field masks: which parts of a message are meant, as `sheets(properties(title),data.rowData)` says it.

A mask is a tree of names; a name without branches means everything below it. The empty mask means everything.
"""

import re
from typing import Any

from infra.local.sheets.errors import Json, bad_request
from infra.local.sheets.schemas import Schemas

Mask = dict[str, Any]
EVERYTHING: Mask = {}
TOKEN = re.compile(r"[^(),./\s]+|[(),./]")


def read_mask(text: str, schemas: Schemas, message: str) -> Mask:
    """The mask of a message's fields; a name that the message has not is refused."""
    tokens = TOKEN.findall(text)
    mask, end = parse_branches(tokens, 0)
    if end != len(tokens):
        raise unknown_field(text, text)
    check_names(mask, schemas, message, text=text, path="")
    return EVERYTHING if "*" in mask else mask


def parse_branches(tokens: list[str], position: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while position < len(tokens) and tokens[position] != ")":
        if tokens[position] == ",":
            position += 1
            continue
        branch: Mask = {}
        position = parse_path(tokens, position, branch)
        merge(mask, branch)
    return mask, position


def parse_path(tokens: list[str], position: int, mask: Mask) -> int:
    """One `a.b(c,d)`, put into `mask`; returns where it ends."""
    node = mask
    while position < len(tokens) and tokens[position] not in {",", ")"}:
        part = tokens[position]
        if part == "(":
            inner, position = parse_branches(tokens, position + 1)
            node.update(inner)
        elif part not in {".", "/"}:
            node = node.setdefault(part, {})
        position += 1
    return position


def merge(mask: Mask, branch: Mask) -> None:
    for name, below in branch.items():
        if name in mask and mask[name] and below:
            merge(mask[name], below)
        else:
            mask[name] = EVERYTHING if name in mask else below


def check_names(mask: Mask, schemas: Schemas, message: str, *, text: str, path: str) -> None:
    properties = schemas.properties(message)
    for name, below in mask.items():
        if name == "*":
            continue
        schema = properties.get(name)
        full = f"{path}.{name}" if path else name
        if schema is None:
            raise unknown_field(text, full)
        target = schema.get("items", schema)
        if below and "$ref" in target:
            check_names(below, schemas, target["$ref"], text=text, path=full)


def unknown_field(text: str, path: str) -> Exception:
    description = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return bad_request([(text, description)], message="Request contains an invalid argument.")


def below(mask: Mask, name: str) -> Mask | None:
    """The mask of one field's parts, None where the field is not meant."""
    if not mask or "*" in mask:
        return EVERYTHING
    return mask.get(name)


def pruned(value: Any, mask: Mask) -> Any:
    """`value` with only what the mask means."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [pruned(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: pruned(item, mask[name]) for name, item in value.items() if name in mask}


def overlaid(target: Json, source: Json, mask: Mask) -> Json:
    """`target` with the fields of the mask as `source` has them; those that `source` lacks are gone."""
    if not mask or "*" in mask:
        return source
    result = dict(target)
    for name, parts in mask.items():
        if not parts:
            result.pop(name, None)
            if name in source:
                result[name] = source[name]
            continue
        inner = overlaid(result.get(name, {}), source.get(name, {}), parts)
        if inner:
            result[name] = inner
        else:
            result.pop(name, None)
    return result
