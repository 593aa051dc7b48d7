"""Bodies checked as Google checks them: one compiled function per message of the discovery document.

A check takes (value, path, violations), returns the value as proto3 JSON reads it (nulls are absent, "5" is 5)
and appends what is wrong as (field, description). `path` is a chain of (parent, key) pairs, joined only for an error.
"""

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from infra.local.sheets.errors import Json

Path = tuple[Any, str | int] | None
Violations = list[tuple[str, str]]
Check = Callable[[Any, Path, Violations], Any]

PACKAGE = "type.googleapis.com/google.apps.sheets.v4."
# What cannot be told from the discovery document: enums whose proto name is not their field's.
ENUM_NAMES = {
    "horizontalAlignment": "HorizontalAlign",
    "verticalAlignment": "VerticalAlign",
    "majorDimension": "Dimension",
    "responseValueRenderOption": "ValueRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption",
    "visibility": "DeveloperMetadataVisibility",
    "locationType": "DeveloperMetadataLocationType",
}
ONEOFS = {"Request": "kind", "ExtendedValue": "value"}
MESSAGE_NAMES = {"Request": "BatchUpdateSpreadsheetRequest.Request"}
INTEGER_TEXT = re.compile(r"-?\d+")
INT32 = range(-(2**31), 2**31)


def load_discovery() -> Json:
    document = files("googleapiclient.discovery_cache.documents") / "sheets.v4.json"
    discovery: Json = json.loads(document.read_text(encoding="utf-8"))
    return discovery


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)


def joined(path: Path) -> str:
    """`requests[0].add_sheet.properties`: proto field names, as Google's errors spell them."""
    keys: list[str | int] = []
    while path is not None:
        path, key = path
        keys.append(key)
    text = ""
    for key in reversed(keys):
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += f".{snake(key)}" if text else snake(key)
    return text


def shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else json.dumps(value)


def reject(violations: Violations, path: Path, type_name: str, value: Any) -> None:
    field = joined(path)
    violations.append((field, f"Invalid value at '{field}' ({type_name}), {shown(value)}"))


class Schemas:
    """The checks of every message, compiled on first use."""

    def __init__(self, discovery: Json) -> None:
        self._schemas: Json = discovery["schemas"]
        self._messages: dict[str, Check] = {}

    def message(self, name: str) -> Check:
        check = self._messages.get(name)
        if check is None:
            check = self._messages[name] = self._compile_message(name)
        return check

    def properties(self, name: str) -> Json:
        properties: Json = self._schemas[name].get("properties", {})
        return properties

    def _compile_message(self, name: str) -> Check:
        check = self._fields(name, self.properties(name))
        return oneof(check, ONEOFS[name]) if name in ONEOFS else check

    def _fields(self, name: str, properties: Json) -> Check:
        type_name = PACKAGE + MESSAGE_NAMES.get(name, name)
        checks: dict[str, Check] = {}

        def check_fields(value: Any, path: Path, violations: Violations) -> Any:
            if value.__class__ is not dict:
                reject_message(violations, path, type_name, value)
                return value
            changed: Json | None = None
            for key, item in value.items():
                check = checks.get(key)
                if check is None:
                    if key not in properties:
                        reject_unknown(violations, path, key)
                        continue
                    check = checks[key] = self._compile(key, properties[key], owner=name)
                read = None if item is None else check(item, (path, key), violations)
                if read is not item or item is None:
                    changed = {**value} if changed is None else changed
                    changed[key] = read
            if changed is None:
                return value
            return {key: item for key, item in changed.items() if item is not None}

        return check_fields

    def _compile(self, key: str, schema: Json, *, owner: str) -> Check:
        """`key` and `owner` name enums; references are looked up when first met, for messages that hold themselves."""
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        kind = schema.get("type", "any")
        if kind == "array":
            return repeated(self._compile(key, schema["items"], owner=owner), element=element_name(schema["items"]))
        if kind == "string" and "enum" in schema:
            return enum(schema["enum"], ENUM_NAMES.get(key) or key[0].upper() + key[1:])
        if kind == "object" and "properties" in schema:
            return self._fields(owner, schema["properties"])
        return SCALARS[kind]

    def _reference(self, name: str) -> Check:
        def check_reference(value: Any, path: Path, violations: Violations) -> Any:
            return self.message(name)(value, path, violations)

        return self._messages.get(name, check_reference)


def element_name(schema: Json) -> str:
    if "$ref" in schema:
        name: str = schema["$ref"]
        return PACKAGE + MESSAGE_NAMES.get(name, name)
    if schema.get("type") in {"array", "any"}:  # rows of values, and the values of such a row
        return "type.googleapis.com/google.protobuf.ListValue"
    return {"string": "TYPE_STRING", "integer": "TYPE_INT32"}.get(schema["type"], "TYPE_MESSAGE")


def reject_unknown(violations: Violations, path: Path, key: str) -> None:
    field = joined(path)
    place = f" at '{field}'" if field else ""
    text = f'Invalid JSON payload received. Unknown name "{key}"{place}: Cannot find field.'
    violations.append((field, text))


def reject_message(violations: Violations, path: Path, type_name: str, value: Any) -> None:
    if not isinstance(value, list):
        reject(violations, path, type_name, value)
        return
    parent, key = path if path is not None else (None, "")
    field = joined(parent)
    place = f" at '{field}'" if field else ""
    text = (
        f'Invalid JSON payload received. Unknown name "{key}"{place}: Proto field is not repeating, cannot start list.'
    )
    violations.append((field, text))


def oneof(check: Check, group: str) -> Check:
    """A message of which at most one field is set."""

    def check_oneof(value: Any, path: Path, violations: Violations) -> Any:
        if isinstance(value, dict) and len(value) > 1:
            second = list(value)[1]
            field = joined(path)
            text = f"Invalid value at '{field}' (oneof), oneof field '{group}' is already set. Cannot set '{second}'"
            violations.append((field, text))
            return value
        return check(value, path, violations)

    return check_oneof


def repeated(check: Check, *, element: str) -> Check:
    def check_items(value: Any, path: Path, violations: Violations) -> Any:
        if value.__class__ is not list:
            reject(violations, path, element, value)
            return value
        changed: list[Any] | None = None
        for index, item in enumerate(value):
            read = check(item, (path, index), violations)
            if read is not item:
                changed = list(value) if changed is None else changed
                changed[index] = read
        return value if changed is None else changed

    return check_items


def enum(names: list[str], type_name: str) -> Check:
    known = frozenset(names)

    def check_enum(value: Any, path: Path, violations: Violations) -> Any:
        if isinstance(value, str) and value in known:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
            return names[value]
        reject(violations, path, PACKAGE + type_name, value)
        return value

    return check_enum


def check_string(value: Any, path: Path, violations: Violations) -> Any:
    if value.__class__ is not str:
        reject(violations, path, "TYPE_STRING", value)
    return value


def check_integer(value: Any, path: Path, violations: Violations) -> Any:
    if (isinstance(value, str) and INTEGER_TEXT.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    if value.__class__ is not int or value not in INT32:
        reject(violations, path, "TYPE_INT32", value)
    return value


def check_number(value: Any, path: Path, violations: Violations) -> Any:
    if value.__class__ is float or value.__class__ is int:
        return value
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    reject(violations, path, "TYPE_DOUBLE", value)
    return value


def check_boolean(value: Any, path: Path, violations: Violations) -> Any:
    if value.__class__ is not bool:
        reject(violations, path, "TYPE_BOOL", value)
    return value


def check_any(value: Any, path: Path, violations: Violations) -> Any:
    del path, violations
    return value


SCALARS: dict[str, Check] = {
    "string": check_string,
    "integer": check_integer,
    "number": check_number,
    "boolean": check_boolean,
    "any": check_any,
    "object": check_any,
}
