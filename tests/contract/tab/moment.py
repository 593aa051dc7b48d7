"""When a person edits the tab, as a run has it. What a later write meets is what stands since the answer to the one
before it, so that "between two batches" is also "between the read and the write" of every batch but the first.
"""

from enum import Enum

from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk


class Moment(Enum):
    BEFORE = "before the run"
    UNDER = "between the read and the write"
    BETWEEN = "between two batches"

    def edit(self, desk: Desk, *edits: Json) -> None:
        """Now, or when the next run comes to it."""
        if self is Moment.BEFORE:
            desk.edit(*edits)
        else:
            desk.fault("edit_before" if self is Moment.UNDER else "edit_after", *edits)
