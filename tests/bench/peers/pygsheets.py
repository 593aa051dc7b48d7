"""pygsheets: read the key column, overwrite known rows in one call, append the others."""

import pygsheets  # type: ignore[import-not-found]  # installed in the tool's own environment

from tests.bench.peers.errand import Errand
from tests.bench.peers.redirect import redirect_httplib2

BATCH_ROWS = 1_000


def take(errand: Errand) -> list[list[str | float]]:
    return errand.rows


def export(errand: Errand, rows: list[list[str | float]]) -> None:
    redirect_httplib2(errand.endpoint, discovery=errand.discovery)
    client = pygsheets.authorize(service_account_file=errand.key_file)
    tab = client.open_by_key(errand.spreadsheet_id).worksheet_by_title(errand.tab)
    places = {key: place for place, key in enumerate(tab.get_col(1, include_tailing_empty=False), start=1) if key}
    if not places:
        tab.update_row(1, errand.headers)
    known = [row for row in rows if row[0] in places]
    new = [row for row in rows if row[0] not in places]
    for first in range(0, len(known), BATCH_ROWS):
        part = known[first : first + BATCH_ROWS]
        spans = [((places[row[0]], 1), (places[row[0]], len(row))) for row in part]
        tab.update_values_batch(spans, [[row] for row in part])
    for first in range(0, len(new), BATCH_ROWS):
        tab.append_table(new[first : first + BATCH_ROWS])
