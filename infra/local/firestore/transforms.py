"""The field transforms: each reads the field as it is and says what it becomes and what the client is told."""

import math

from infra.local.firestore import fields
from infra.local.firestore.values import NAN_KEY, is_number, number, number_value, sort_key
from infra.local.firestore.wire import Document, FieldTransform, Value, timestamp
from infra.local.rpc_error import invalid_argument

REQUEST_TIME = 1


def apply(document: Document, transform: FieldTransform, *, commit_us: int) -> Value:
    """Changes `document` and returns the transform's result."""
    path = fields.parse(transform.field_path)
    if path == fields.NAME:
        raise invalid_argument("Cannot transform __name__.")
    kind = transform.WhichOneof("transform_type")
    current = fields.get(document, path)
    if kind in {"append_missing_elements", "remove_all_from_array"}:
        elements = list(current.array_value.values) if current is not None else []
        operands = list(getattr(transform, kind).values)
        combined = _union(elements, operands) if kind == "append_missing_elements" else _without(elements, operands)
        # What a transform of an array returns is null, not the array.
        new, result = _array(combined), Value(null_value=0)
    elif kind == "set_to_server_value":
        if transform.set_to_server_value != REQUEST_TIME:
            raise invalid_argument("The only server value is REQUEST_TIME.")
        # Real server timestamps are of milliseconds, those of the commit of microseconds.
        new = result = Value(timestamp_value=timestamp(commit_us // 1000 * 1000))
    elif kind in {"increment", "maximum", "minimum"}:
        new = result = _arithmetic(kind, current, getattr(transform, kind))
    else:
        raise invalid_argument(f'A transform of "{transform.field_path}" says nothing to do.')
    fields.put(document, path, new)
    return result


def _arithmetic(kind: str, current: Value | None, operand: Value) -> Value:
    if not is_number(operand):
        raise invalid_argument(f"The operand of {kind} must be a number.")
    if not is_number(current):
        return operand
    if kind == "increment":
        return number_value(number(current) + number(operand))
    # NaN wins either way; between equal numbers (0 and 0.0 too) the stored one stays.
    if NAN_KEY in {sort_key(current), sort_key(operand)}:
        return Value(double_value=math.nan)
    ahead = sort_key(operand) > sort_key(current) if kind == "maximum" else sort_key(operand) < sort_key(current)
    return operand if ahead else current


def _union(elements: list[Value], operands: list[Value]) -> list[Value]:
    seen = {sort_key(element) for element in elements}
    for operand in operands:
        key = sort_key(operand)
        if key not in seen:
            seen.add(key)
            elements.append(operand)
    return elements


def _without(elements: list[Value], operands: list[Value]) -> list[Value]:
    unwanted = {sort_key(operand) for operand in operands}
    return [element for element in elements if sort_key(element) not in unwanted]


def _array(elements: list[Value]) -> Value:
    array = Value()
    array.array_value.SetInParent()
    array.array_value.values.extend(elements)
    return array
