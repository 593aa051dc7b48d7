"""Which request kinds are simulated, and applying a list of them to a draft."""

from infra.local.sheets.errors import ApiError, Json, invalid, unimplemented
from infra.local.sheets.requests.cells import CELL_REQUESTS
from infra.local.sheets.requests.dimensions import DIMENSION_REQUESTS
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.requests.filling import FILLING_REQUESTS
from infra.local.sheets.requests.filters import FILTER_REQUESTS
from infra.local.sheets.requests.metadata import METADATA_REQUESTS
from infra.local.sheets.requests.protection import PROTECTION_REQUESTS
from infra.local.sheets.requests.ranges import RANGE_REQUESTS
from infra.local.sheets.requests.rules import RULE_REQUESTS
from infra.local.sheets.requests.sheets import SHEET_REQUESTS
from infra.local.sheets.requests.sorting import SORTING_REQUESTS

MAX_REQUESTS = 100_000
REQUESTS: dict[str, Apply] = {
    **CELL_REQUESTS,
    **DIMENSION_REQUESTS,
    **FILLING_REQUESTS,
    **FILTER_REQUESTS,
    **METADATA_REQUESTS,
    **PROTECTION_REQUESTS,
    **RANGE_REQUESTS,
    **RULE_REQUESTS,
    **SHEET_REQUESTS,
    **SORTING_REQUESTS,
}


def apply_requests(draft: Draft, requests: list[Json]) -> list[Json]:
    """The replies, one a request; the first request that cannot be applied raises, naming itself."""
    if not requests:
        raise invalid("Must specify at least one request.")
    if len(requests) > MAX_REQUESTS:
        raise invalid(f"Too many requests in the batch: {len(requests)}, the limit is {MAX_REQUESTS}.")
    replies: list[Json] = []
    for index, request in enumerate(requests):
        if not request:
            raise invalid(f"Invalid requests[{index}]: No request set.")
        ((kind, body),) = request.items()
        apply = REQUESTS.get(kind)
        if apply is None:
            raise unimplemented(f"requests[{index}].{kind}")
        try:
            reply = apply(draft, body)
        except ApiError as error:
            raise error.within(f"requests[{index}].{kind}") from error
        replies.append({kind: reply} if kind in REPLY_KINDS else {})
    return replies


# Kinds with a reply of their own; all others answer {}.
REPLY_KINDS = frozenset(
    {
        "addConditionalFormatRule",
        "addDimensionGroup",
        "addFilterView",
        "addNamedRange",
        "addProtectedRange",
        "addSheet",
        "createDeveloperMetadata",
        "deleteDuplicates",
        "deleteConditionalFormatRule",
        "deleteDeveloperMetadata",
        "deleteDimensionGroup",
        "duplicateSheet",
        "findReplace",
        "trimWhitespace",
        "updateConditionalFormatRule",
        "updateDeveloperMetadata",
    }
)
