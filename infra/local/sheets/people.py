"""Edits that a person makes in the browser: no API call, no quota, and the owner's rights."""

from infra.local.sheets.errors import Json, bad_request
from infra.local.sheets.library import Library
from infra.local.sheets.protection import Editor
from infra.local.sheets.requests.catalog import apply_requests
from infra.local.sheets.requests.draft import Draft
from infra.local.sheets.schemas import Schemas, Violations

OWNER = Editor(None)


def check_edit(requests: list[Json], schemas: Schemas) -> None:
    violations: Violations = []
    schemas.message("BatchUpdateSpreadsheetRequest")({"requests": requests}, None, violations)
    if violations:
        raise bad_request(violations)


def apply_edit(library: Library, schemas: Schemas, spreadsheet_id: str, requests: list[Json]) -> list[Json]:
    return library.change(spreadsheet_id, lambda draft: apply_requests(Draft(draft, OWNER, schemas), requests))
