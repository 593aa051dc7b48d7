"""What a tool is sent to do; also run by interpreters that have nothing installed but the tool."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Errand:
    """Bring these rows into the tab, empty or filled by an earlier errand, by the key in the first column."""

    endpoint: str
    """Of the Sheets service: `http://127.0.0.1:port`."""
    key_file: str
    """A service account's."""
    spreadsheet_id: str
    tab: str
    headers: list[str]
    rows: list[list[str | float]]
    """The orders that are new or changed since the last time."""
    shop: str
    """A JSON file with all rows of the shop, for a tool that finds it has to look at everything again."""
    folder: str
    """Where a tool may keep what it has to remember of this tab until the next time."""
    discovery: str
    """A file with the discovery document of Sheets v4, for a client that would fetch it."""

    def all_rows(self) -> list[list[str | float]]:
        rows: list[list[str | float]] = json.loads(Path(self.shop).read_text())
        return rows

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> "Errand":
        return cls(**json.loads(file.read_text()))
