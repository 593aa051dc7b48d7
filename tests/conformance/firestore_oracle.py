"""The same random queries to Google's own emulator, where it is installed, and to ours."""

import math
import random
import re
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.api_core.exceptions import GoogleAPICallError
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from tests.conformance import firestore_queries

EMULATOR_PACKAGE = "google-cloud-cli-firestore-emulator"
EMULATOR_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
START_TIMEOUT_S = 60
SHOWN_PER_GROUP = 2

Outcome = tuple[str, Any]
"""("documents" | "aggregates" | "error", what came)."""


class NotInstalledError(Exception):
    """Says what is missing."""


@dataclass(frozen=True)
class Difference:
    request: dict[str, Any]
    theirs: Outcome
    ours: Outcome

    @property
    def group(self) -> str:
        return f"emulator: {_kind(self.theirs)} | ours: {_kind(self.ours)}"


def compare(*, oracle: str, ours: str, queries: int, seed: int) -> list[Difference]:
    """Both addresses get the same documents and the same queries."""
    clients = [_client(address) for address in (oracle, ours)]
    for client in clients:
        writes = [{"update": document} for document in firestore_queries.documents(seed)]
        client.commit(request={"database": firestore_queries.ROOT.removesuffix("/documents"), "writes": writes})
    rng = random.Random(seed)
    differences = []
    for _ in range(queries):
        request = firestore_queries.query(rng)
        theirs, mine = (_ask(client, request) for client in clients)
        if not _same(theirs, mine):
            differences.append(Difference(request, theirs, mine))
    return differences


def report(differences: list[Difference], *, queries: int) -> str:
    lines = []
    groups = Counter(difference.group for difference in differences)
    for group, count in groups.most_common():
        lines.append(f"  {count} x {group}")
        examples = [difference for difference in differences if difference.group == group][:SHOWN_PER_GROUP]
        lines += [f"      {example.request}" for example in examples]
    return "\n".join([*lines, f"firestore-oracle: {queries - len(differences)}/{queries}"])


@contextmanager
def emulator() -> Iterator[str]:
    """The address of Google's emulator, started for the while. Raises NotInstalledError."""
    address = f"127.0.0.1:{_free_port()}"
    host, port = address.split(":")
    command = [_java(), "-Xmx512m", "-cp", str(_jar()), EMULATOR_MAIN, f"--host={host}", f"--port={port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            grpc.channel_ready_future(grpc.insecure_channel(address)).result(timeout=START_TIMEOUT_S)
            yield address
        finally:
            process.terminate()


def _java() -> str:
    java = shutil.which("java")
    if java is None:
        raise NotInstalledError("there is no java")
    return java


def _jar() -> Path:
    dpkg = shutil.which("dpkg")
    if dpkg is None:
        raise NotInstalledError(f"there is no dpkg to ask for {EMULATOR_PACKAGE}")
    listed = subprocess.run([dpkg, "-L", EMULATOR_PACKAGE], capture_output=True, text=True, check=False)
    jars = [Path(line) for line in listed.stdout.splitlines() if line.endswith("emulator.jar")]
    if not jars:
        raise NotInstalledError(f"the package {EMULATOR_PACKAGE} is not installed")
    return jars[0]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _client(address: str) -> FirestoreClient:
    return FirestoreClient(transport=FirestoreGrpcTransport(channel=grpc.insecure_channel(address)))


def _ask(client: FirestoreClient, request: dict[str, Any]) -> Outcome:
    try:
        if "aggregations" in request:
            wanted = {"structured_query": request["structured_query"], "aggregations": request["aggregations"]}
            answers = client.run_aggregation_query(
                request={"parent": request["parent"], "structured_aggregation_query": wanted}, retry=None, timeout=20
            )
            fields = next(iter(answers)).result.aggregate_fields
            return "aggregates", {alias: _plain(value) for alias, value in fields.items()}
        answers = client.run_query(request=request, retry=None, timeout=20)
        documents = [answer.document for answer in answers if answer.document.name]
        return "documents", [(document.name, sorted(document.fields)) for document in documents]
    except GoogleAPICallError as error:
        return "error", (error.grpc_status_code.name if error.grpc_status_code else "", error.message)


def _plain(value: Any) -> Any:
    kind = type(value).pb(value).WhichOneof("value_type")
    return getattr(value, kind) if kind != "null_value" else None


def _same(theirs: Outcome, mine: Outcome) -> bool:
    if theirs[0] != mine[0]:
        return False
    if theirs[0] == "error":
        return bool(theirs[1][0] == mine[1][0])
    if theirs[0] == "aggregates":
        return theirs[1].keys() == mine[1].keys() and all(_close(theirs[1][key], mine[1][key]) for key in theirs[1])
    return bool(theirs[1] == mine[1])


def _close(theirs: Any, mine: Any) -> bool:
    """Doubles are summed in any order."""
    if isinstance(theirs, float) and isinstance(mine, float):
        return (math.isnan(theirs) and math.isnan(mine)) or math.isclose(theirs, mine, rel_tol=1e-9)
    return type(theirs) is type(mine) and bool(theirs == mine)


def _kind(outcome: Outcome) -> str:
    """Errors by their message without its particulars."""
    if outcome[0] != "error":
        return outcome[0]
    code, text = outcome[1]
    return f"{code} {re.sub(r'[0-9]+', 'N', text)[:120]!r}"
