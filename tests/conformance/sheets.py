"""`python -m tests.conformance.sheets`: recorded traffic with Google, replayed against the local Sheets service.

The recordings (gspread's, in ../shared) are replayed over HTTP against a really running server, and each answer is
compared with Google's: status and JSON, without what is cosmetic. What the recordings do with Drive only seeds.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from infra.local.sheets.server import start

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "sheets_cassettes"
RECORDER = "recorder@example.com"
REQUIRED_SHARE = 0.97
# These list the files of the recorder's own Drive.
FOREIGN = re.compile(r"ClientTest\.test_open.*all")
SHOWN_DIFFERENCES = 20
Json = dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """One recorded request and Google's answer."""

    recording: str
    verb: str
    uri: str
    body: Json | None
    status: int
    answer: Json

    @property
    def host(self) -> str:
        return urlsplit(self.uri).netloc

    @property
    def path(self) -> str:
        return urlsplit(self.uri).path

    @property
    def target(self) -> str:
        parts = urlsplit(self.uri)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def kind(self) -> str:
        """The call without its ids and ranges."""
        path = re.sub(r"spreadsheets/[^/:?]+", "spreadsheets/{id}", self.path)
        return f"{self.verb} " + re.sub(r"/values/.+?(:append|:clear)?$", r"/values/{range}\1", path)


def read_recording(path: Path) -> Iterator[Exchange]:
    for interaction in json.loads(path.read_text(encoding="utf-8"))["interactions"]:
        request, response = interaction["request"], interaction["response"]
        text = response["body"]["string"]
        yield Exchange(
            recording=path.stem,
            verb=request["method"],
            uri=request["uri"],
            body=json.loads(request["body"]) if request["body"] else None,
            status=response["status"]["code"],
            answer=json.loads(text) if text.strip().startswith("{") else {},
        )


def is_seed(exchange: Exchange) -> bool:
    return exchange.verb == "POST" and exchange.path == "/drive/v3/files"


def with_recorded_ids(body: Json | None, answer: Json) -> Json | None:
    """Ids that Google picked, asked for by the client, so that the answers can agree."""
    for request, reply in zip((body or {}).get("requests", []), answer.get("replies", []), strict=False):
        if "addSheet" in request and "addSheet" in reply:
            request["addSheet"]["properties"]["sheetId"] = reply["addSheet"]["properties"]["sheetId"]
        if "addNamedRange" in request and "addNamedRange" in reply:
            named = reply["addNamedRange"]["namedRange"]
            request["addNamedRange"]["namedRange"]["namedRangeId"] = named["namedRangeId"]
        if "addProtectedRange" in request and "addProtectedRange" in reply:
            protected = reply["addProtectedRange"]["protectedRange"]
            request["addProtectedRange"]["protectedRange"]["protectedRangeId"] = protected["protectedRangeId"]
    return body


def essence(message: Any) -> Any:
    """What the product relies on: no theme, no links, an error without its details."""
    if isinstance(message, list):
        return [essence(item) for item in message]
    if not isinstance(message, dict):
        return message
    if "sheets" in message and "spreadsheetId" in message:
        return {
            "spreadsheetId": message["spreadsheetId"],
            "title": message["properties"]["title"],
            "sheets": [essence(sheet["properties"]) for sheet in message["sheets"]],
        }
    if "error" in message:
        return {name: message["error"].get(name) for name in ("code", "status", "message")}
    return {name: essence(value) for name, value in message.items() if name != "spreadsheetUrl"}


def main() -> int:
    if not RECORDINGS.is_dir():
        sys.stdout.write(f"sheets-recordings: skipped, there are no recordings in {RECORDINGS}\n")
        return 0
    service = start()
    passed = run = 0
    differences: dict[str, list[str]] = defaultdict(list)
    headers = {"Authorization": f"Bearer {RECORDER}"}
    with httpx.Client(base_url=f"http://{service.address}", headers=headers, timeout=30) as client:
        for path in sorted(RECORDINGS.glob("*.json")):
            if FOREIGN.search(path.name):
                continue
            for exchange in read_recording(path):
                if exchange.host == "www.googleapis.com":
                    if is_seed(exchange):
                        seed = {
                            "title": exchange.answer["name"],
                            "spreadsheetId": exchange.answer["id"],
                            "owner": RECORDER,
                        }
                        client.post("/control/spreadsheets", json=seed).raise_for_status()
                    continue
                run += 1
                difference = replay(client, exchange)
                if difference is None:
                    passed += 1
                else:
                    differences[exchange.kind].append(difference)
    service.stop()
    report(differences)
    sys.stdout.write(f"sheets-recordings: {passed}/{run}\n")
    return 0 if passed >= REQUIRED_SHARE * run else 1


def replay(client: httpx.Client, exchange: Exchange) -> str | None:
    """None where the answers agree."""
    body = with_recorded_ids(exchange.body, exchange.answer)
    answer = client.request(exchange.verb, exchange.target, json=body)
    got = answer.json() if answer.content.startswith(b"{") else {}
    if answer.status_code == exchange.status and essence(got) == essence(exchange.answer):
        return None
    return (
        f"{exchange.recording}: {exchange.target[-70:]} {json.dumps(exchange.body)[:200]}\n"
        f"      google {exchange.status} {json.dumps(essence(exchange.answer))[:400]}\n"
        f"      here   {answer.status_code} {json.dumps(essence(got))[:400]}"
    )


def report(differences: dict[str, list[str]]) -> None:
    for kind, found in sorted(differences.items(), key=lambda item: -len(item[1])):
        sys.stdout.write(f"{kind}: {len(found)} differ\n")
        for difference in found[:SHOWN_DIFFERENCES]:
            sys.stdout.write(f"    {difference}\n")


if __name__ == "__main__":
    sys.exit(main())
