"""The server as a process: what it acknowledged is there, however it ended."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import GoogleAPICallError, InvalidArgument, RetryError
from google.cloud import firestore

from tests.contract.firestore.conftest import ServerProcess, client_of

ENOUGH = 100
INCREMENT = """
import sys
from google.cloud import firestore

client = firestore.Client(project=sys.argv[1])
counter = client.document("counters/one")

@firestore.transactional
def increment(transaction):
    transaction.update(counter, {"n": counter.get(transaction=transaction).get("n") + 1})

for _ in range(int(sys.argv[2])):
    increment(client.transaction(max_attempts=200))
"""


def write_until_it_fails(client: firestore.Client, acknowledged: list[int], enough: Callable[[], None]) -> None:
    """Commits two documents at once, again and again, and notes each commit that returned."""
    try:
        while True:
            number = len(acknowledged)
            batch = client.batch()
            batch.set(client.document(f"left/{number}"), {"n": number})
            batch.set(client.document(f"right/{number}"), {"n": number})
            batch.commit(retry=None, timeout=5)
            acknowledged.append(number)
            if len(acknowledged) == ENOUGH:
                enough()
    except (GoogleAPICallError, RetryError):
        pass  # the server is gone


def test_acknowledged_commits_survive_kill_9(tmp_path: Path) -> None:
    """Every commit that returned is there in full, and of the one in flight all or nothing."""
    server = ServerProcess(tmp_path)
    acknowledged: list[int] = []
    enough = threading.Event()
    with client_of(server.address, project="durable") as client:
        writer = threading.Thread(target=write_until_it_fails, args=(client, acknowledged, enough.set))
        writer.start()
        enough.wait()
        server.end(signal.SIGKILL)
        writer.join()
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="durable") as client:
        left, right = ({int(found.id) for found in client.collection(side).stream()} for side in ("left", "right"))
    assert server.end(signal.SIGTERM) == 0
    assert left == right
    assert left >= set(acknowledged)
    assert len(left) - len(acknowledged) in {0, 1}


def test_sigterm_ends_cleanly_and_keeps_everything(tmp_path: Path) -> None:
    """Versions too: a precondition from before the restart holds after it."""
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="kept") as client:
        version = client.document("things/one").set({"n": 1}).update_time
    assert server.end(signal.SIGTERM) == 0
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="kept") as client:
        found = client.document("things/one").get()
        assert found.to_dict() == {"n": 1}
        assert found.update_time == version
        client.document("things/one").update({"n": 2}, option=client.write_option(last_update_time=version))
    assert server.end(signal.SIGTERM) == 0


def test_listener_does_not_keep_a_stopping_server(tmp_path: Path) -> None:
    """An open stream ends with the server."""
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="heard") as client:
        hold = queue.SimpleQueue[dict[str, object]]()
        target = {"target_id": 1, "documents": {"documents": [client.document("things/one")._document_path]}}
        hold.put({"database": client._database_string, "add_target": target})
        stream: Any = client._firestore_api.listen(requests=iter(hold.get, None))
        next(stream)
        assert server.end(signal.SIGTERM) == 0
        with pytest.raises(GoogleAPICallError):
            list(stream)


def test_transaction_of_before_a_restart_is_over(tmp_path: Path) -> None:
    """It cannot commit on what it read from a process that is gone."""
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="restarted") as client:
        transaction = client.transaction()
        transaction._begin()
        token = transaction.id
    server.end(signal.SIGTERM)
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="restarted") as client, pytest.raises(InvalidArgument):
        client._firestore_api.commit(request={"database": client._database_string, "transaction": token})
    server.end(signal.SIGTERM)


def test_second_server_on_the_same_state_is_refused(tmp_path: Path) -> None:
    """Two processes would overwrite each other."""
    server = ServerProcess(tmp_path)
    command = [sys.executable, "-m", "infra.local.firestore", "--state", str(tmp_path)]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode != 0
    assert "locked" in second.stderr
    server.end(signal.SIGTERM)


def test_no_increment_of_several_processes_is_lost(tmp_path: Path) -> None:
    """Two processes that count to 15 each, over one document, count to 30."""
    server = ServerProcess(tmp_path)
    with client_of(server.address, project="counted") as client:
        client.document("counters/one").set({"n": 0})
        environment = os.environ | {"FIRESTORE_EMULATOR_HOST": server.address}
        command = [sys.executable, "-c", INCREMENT, "counted", "15"]
        counters = [subprocess.Popen(command, env=environment) for _ in range(2)]
        assert [counter.wait() for counter in counters] == [0, 0]
        assert client.document("counters/one").get().get("n") == 30
    server.end(signal.SIGTERM)
