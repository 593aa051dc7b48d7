"""One call of an API method, as its handler sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.sheets.errors import Json
from infra.local.sheets.library import Library
from infra.local.sheets.masks import Mask
from infra.local.sheets.protection import Editor
from infra.local.sheets.schemas import Schemas


@dataclass(frozen=True)
class Call:
    """`path` and `query` are the parameters as read; `mask` is the `fields` of the answer."""

    library: Library
    schemas: Schemas
    editor: Editor
    path: dict[str, str]
    query: Json
    body: Json
    mask: Mask

    @property
    def spreadsheet_id(self) -> str:
        return self.path["spreadsheetId"]


Handler = Callable[[Call], Json]
