"""target-gsheet, the Singer target: reads messages from stdin and appends a row for each record; it knows no keys.

It was written for Python 3.9 and older: the name that later versions took away is put back.
"""

import collections
import collections.abc
import io
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from oauth2client.client import OAuth2Credentials  # type: ignore[import-not-found]
from oauth2client.file import Storage  # type: ignore[import-not-found]

from tests.bench.peers.errand import Errand
from tests.bench.peers.redirect import redirect_httplib2


def take(errand: Errand) -> bytes:
    """A tap's output."""
    properties = {header: {"type": ["string", "number"]} for header in errand.headers}
    key = errand.headers[:1]
    schema = {"type": "SCHEMA", "stream": errand.tab, "schema": {"properties": properties}, "key_properties": key}
    records = (dict(zip(errand.headers, row, strict=True)) for row in errand.rows)
    messages = [schema, *({"type": "RECORD", "stream": errand.tab, "record": record} for record in records)]
    return "".join(json.dumps(message) + "\n" for message in messages).encode()


def export(errand: Errand, messages: bytes) -> None:
    redirect_httplib2(errand.endpoint, discovery=errand.discovery)
    collections.MutableMapping = collections.abc.MutableMapping  # type: ignore[attr-defined]
    os.environ["HOME"] = errand.folder
    sign_in(Path(errand.folder))
    config = Path(errand.folder) / "target.json"
    config.write_text(json.dumps({"spreadsheet_id": errand.spreadsheet_id, "disable_collection": True}))
    sys.argv = ["target-gsheet", "--config", str(config)]
    sys.stdin = io.TextIOWrapper(io.BytesIO(messages))
    import target_gsheet  # type: ignore[import-not-found]  # noqa: PLC0415 - reads its arguments when it is imported

    target_gsheet.main()


def sign_in(home: Path) -> None:
    """As if a person had agreed on Google's page before."""
    folder = home / ".credentials"
    folder.mkdir(exist_ok=True)
    until = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    credentials = OAuth2Credentials("a-person", None, None, None, until, None, None)
    Storage(str(folder / "sheets.googleapis.com-singer-target.json")).put(credentials)
