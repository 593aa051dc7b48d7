"""Field masks, and bodies against the discovery document's schemas."""

from typing import Any

import pytest

from infra.local.sheets.errors import ApiError
from infra.local.sheets.masks import overlaid, pruned, read_mask
from infra.local.sheets.methods import Methods
from infra.local.sheets.schemas import Schemas, Violations, load_discovery


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(load_discovery())


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("sheets.properties.title", {"sheets": {"properties": {"title": {}}}}),
        ("sheets(properties/title,data)", {"sheets": {"properties": {"title": {}}, "data": {}}}),
        ("sheets.properties,sheets.data", {"sheets": {"properties": {}, "data": {}}}),
        ("sheets,sheets.data", {"sheets": {}}),
        ("*", {}),
    ],
)
def test_masks_are_read(schemas: Schemas, text: str, mask: dict[str, Any]) -> None:
    """Dots, slashes, lists and parentheses name branches; a branch named whole covers its parts."""
    assert read_mask(text, schemas, "Spreadsheet") == mask


def test_unknown_fields_are_told_with_their_path(schemas: Schemas) -> None:
    """The path is in the details, the message is general."""
    with pytest.raises(ApiError) as refused:
        read_mask("sheets(properties(titel))", schemas, "Spreadsheet")
    assert "'sheets.properties.titel'" in refused.value.details[0]["fieldViolations"][0]["description"]


def test_pruning_goes_into_lists(schemas: Schemas) -> None:
    """A mask applies to each item."""
    message = {"sheets": [{"properties": {"title": "a", "index": 0}}, {"data": []}], "properties": {}}
    assert pruned(message, read_mask("sheets.properties.title", schemas, "Spreadsheet")) == {
        "sheets": [{"properties": {"title": "a"}}, {}]
    }


def test_overlaying_clears_what_the_mask_names_and_the_source_lacks() -> None:
    """As an update with `fields` does."""
    target = {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    assert overlaid(target, {"b": {"c": 5}}, {"a": {}, "b": {"c": {}}}) == {"b": {"c": 5, "d": 3}, "e": 4}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"foo": 1}, 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'),
        ({"requests": {}}, "Invalid value at 'requests'"),
        ({"requests": ["x"]}, '(type.googleapis.com/google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request), "x"'),
        ({"requests": [{"addSheet": []}]}, "Proto field is not repeating, cannot start list."),
        ({"requests": [{"addSheet": {}, "deleteSheet": {}}]}, "oneof field 'kind' is already set"),
        (
            {"requests": [{"repeatCell": {"cell": {"userEnteredValue": {"numberValue": 1, "stringValue": "1"}}}}]},
            "(oneof), oneof field 'value' is already set. Cannot set 'stringValue'",
        ),
        ({"includeSpreadsheetInResponse": "yes"}, '(TYPE_BOOL), "yes"'),
        ({"requests": [{"deleteSheet": {"sheetId": 2**31}}]}, "(TYPE_INT32), 2147483648"),
    ],
)
def test_bodies_that_do_not_fit(schemas: Schemas, body: dict[str, Any], message: str) -> None:
    """Each in the words of Google's front end."""
    violations: Violations = []
    schemas.message("BatchUpdateSpreadsheetRequest")(body, None, violations)
    assert len(violations) == 1
    assert message in violations[0][1]


def test_bodies_are_read_as_proto3_json(schemas: Schemas) -> None:
    """Nulls are absent, numbers may be text, whole floats are integers; the body sent is left as it was."""
    body = {"requests": [{"addSheet": {"properties": {"sheetId": "7", "index": 1.0, "title": None}}}]}
    violations: Violations = []
    read = schemas.message("BatchUpdateSpreadsheetRequest")(body, None, violations)
    assert (violations, read) == ([], {"requests": [{"addSheet": {"properties": {"sheetId": 7, "index": 1}}}]})


def test_messages_that_hold_themselves_are_checked(schemas: Schemas) -> None:
    """A check is compiled when it is first met, so recursion in the schema ends."""
    violations: Violations = []
    chart = {"addChart": {"chart": {"spec": {"basicChart": {"chartType": "NOPE"}}}}}
    schemas.message("BatchUpdateSpreadsheetRequest")({"requests": [chart]}, None, violations)
    assert "chart_type" in violations[0][0]


@pytest.mark.parametrize(
    ("verb", "path", "name", "writes"),
    [
        ("GET", "/v4/spreadsheets/x", "spreadsheets.get", False),
        ("POST", "/v4/spreadsheets", "spreadsheets.create", True),
        ("POST", "/v4/spreadsheets/x:batchUpdate", "spreadsheets.batchUpdate", True),
        ("POST", "/v4/spreadsheets/x:getByDataFilter", "spreadsheets.getByDataFilter", False),
        ("GET", "/v4/spreadsheets/x/values/Sheet1!A1:B2", "values.get", False),
        ("GET", "/v4/spreadsheets/x/values/'a/b:c'!A1", "values.get", False),
        ("POST", "/v4/spreadsheets/x/values/A1:append", "values.append", True),
        ("GET", "/v4/spreadsheets/x/values:batchGet", "values.batchGet", False),
        ("POST", "/v4/spreadsheets/x/values:batchClearByDataFilter", "values.batchClearByDataFilter", True),
        ("POST", "/v4/spreadsheets/x/values:batchGetByDataFilter", "values.batchGetByDataFilter", False),
        ("POST", "/v4/spreadsheets/x/developerMetadata:search", "developerMetadata.search", False),
    ],
)
def test_methods_are_found_by_their_path(schemas: Schemas, verb: str, path: str, name: str, writes: bool) -> None:
    """And counted as reads or writes by what they do."""
    found = Methods(load_discovery(), schemas).find(verb, path)
    assert found is not None
    assert (found[0].name, found[0].writes) == (name, writes)
