"""gspread as people use it to keep a tab in step: read the key column, overwrite known rows, append the others."""

from typing import Any

import gspread  # type: ignore[import-not-found]  # installed in the tool's own environment

from tests.bench.peers.errand import Errand
from tests.bench.peers.redirect import redirect_requests

BATCH_ROWS = 1_000


def take(errand: Errand) -> list[list[str | float]]:
    return errand.rows


def export(errand: Errand, rows: list[list[str | float]]) -> None:
    tab = opened(errand)
    places = {key: place for place, key in enumerate(tab.col_values(1), start=1)}
    if not places:
        tab.append_row(errand.headers)
    known = [{"range": f"A{places[row[0]]}", "values": [row]} for row in rows if row[0] in places]
    new = [row for row in rows if row[0] not in places]
    for first in range(0, len(known), BATCH_ROWS):
        tab.batch_update(known[first : first + BATCH_ROWS])
    for first in range(0, len(new), BATCH_ROWS):
        tab.append_rows(new[first : first + BATCH_ROWS])


def opened(errand: Errand) -> Any:
    client = gspread.service_account(filename=errand.key_file)
    redirect_requests(client.http_client.session, errand.endpoint)
    return client.open_by_key(errand.spreadsheet_id).worksheet(errand.tab)
