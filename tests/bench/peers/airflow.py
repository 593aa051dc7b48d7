"""airflow-provider-google-sheets: its write operator in merge mode, executed as a worker would, without a scheduler.

The connection comes from the environment, as Airflow's documentation has it, so no database is needed. The second
that the operator rests between two batches is left out: it costs time, of which nothing is told here.
"""

import json
import os
from typing import Any

from airflow_provider_google_sheets.operators.write import (  # type: ignore[import-not-found]
    GoogleSheetsWriteOperator,
)

from tests.bench.peers.errand import Errand
from tests.bench.peers.redirect import redirect_httplib2


def take(errand: Errand) -> list[dict[str, Any]]:
    return [dict(zip(errand.headers, row, strict=True)) for row in errand.rows]


def export(errand: Errand, rows: list[dict[str, Any]]) -> None:
    redirect_httplib2(errand.endpoint, discovery=errand.discovery)
    connection = {"conn_type": "google_cloud_platform", "extra": {"key_path": errand.key_file}}
    os.environ["AIRFLOW_CONN_GOOGLE_CLOUD_DEFAULT"] = json.dumps(connection)
    merge = GoogleSheetsWriteOperator(
        task_id="orders",
        spreadsheet_id=errand.spreadsheet_id,
        sheet_name=errand.tab,
        write_mode="merge",
        merge_key=errand.headers[0],
        data=rows,
        pause_between_batches=0,
    )
    merge.execute({})
