"""Who edits, and what protected ranges let them edit."""

from dataclasses import dataclass

from infra.local.sheets.areas import Area
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.spreadsheet import Spreadsheet

PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


@dataclass(frozen=True)
class Editor:
    """The user whose edit it is; None is the spreadsheet's owner, whom nothing stops."""

    user: str | None

    def is_owner(self, spreadsheet: Spreadsheet) -> bool:
        return self.user is None or self.user == spreadsheet.sharing.owner

    def may_edit(self, spreadsheet: Spreadsheet, protected: Json) -> bool:
        if self.is_owner(spreadsheet) or protected.get("warningOnly"):
            return True
        return self.user in protected.get("editors", {}).get("users", [])

    def check(self, draft: Spreadsheet, area: Area) -> None:
        """Refuse an edit that touches a cell protected from this user."""
        if self.user is None:
            return
        sheet = draft.sheet(area.sheet_id)
        for protected in sheet.protected_ranges:
            if self.may_edit(draft, protected) or not sheet.area(protected["range"]).meets(area):
                continue
            open_parts = [sheet.area(part) for part in protected.get("unprotectedRanges", [])]
            if not any(part.contains(area) for part in open_parts):
                raise invalid(PROTECTED)

    def check_sheet(self, draft: Spreadsheet, sheet_id: int) -> None:
        """Refuse what changes a tab as a whole, such as its deletion, while any of it is protected."""
        self.check(draft, draft.sheet(sheet_id).whole())
