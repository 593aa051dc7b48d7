"""Google's own client for Sheets v4, without the help texts that it writes for each method."""

import json
from typing import TYPE_CHECKING, Any, cast

from googleapiclient import discovery, discovery_cache
from googleapiclient.model import JsonModel

from jobs.sheets.transport import Transport

if TYPE_CHECKING:
    from googleapiclient._apis.sheets.v4 import SheetsResource


class Verbatim(JsonModel):
    """Bodies are JSON texts already, and stay so: who called knows what is in the answer."""

    def serialize(self, body_value: str) -> bytes:  # type: ignore[override] # the stubs know of no answers
        return body_value.encode()

    def deserialize(self, content: bytes) -> bytes:  # type: ignore[override] # same
        return content


def spreadsheets(transport: Transport, *, endpoint: str | None) -> "SheetsResource.SpreadsheetsResource":
    """The resource `spreadsheets` of the static discovery document; `endpoint` is another address than Google's.

    The client turns the schemas of request bodies into docstrings, which for spreadsheets.batchUpdate takes 65 MB of
    memory and half a second. It uses them for nothing else, so it gets their names only.
    """
    stored: Any = discovery_cache
    document = json.loads(stored.get_static_doc("sheets", "v4"))
    document["schemas"] = {name: {"id": name, "type": "object", "properties": {}} for name in document["schemas"]}
    client: Any = discovery
    service = client.build_from_document(
        document, http=transport, model=Verbatim(), client_options={"api_endpoint": endpoint} if endpoint else None
    )
    return cast("SheetsResource.SpreadsheetsResource", service.spreadsheets())
