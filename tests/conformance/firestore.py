"""`python -m tests.conformance.firestore`: does the local Firestore behave as its client and Google's emulator expect?

Prints one line a measure and exits 1 when the client's own tests pass less often than they must.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conformance import firestore_oracle, firestore_system_tests

CACHE = firestore_system_tests.CHECKOUT / ".state" / "conformance"
NEEDED = {"test_system": 122, "test_system_async": 97}
ORACLE_QUERIES = 1000
ORACLE_SEED = 20260101


def main() -> int:
    with _server() as address:
        enough = _system_tests(address)
        _oracle(address)
    return 0 if enough else 1


def _system_tests(address: str) -> bool:
    try:
        plugins = firestore_system_tests.plugins(CACHE)
        folder = firestore_system_tests.fetch(CACHE)
    except firestore_system_tests.UnavailableError as error:
        _say(f"firestore-system-tests: skipped: {error}")
        return True
    tallies = {
        module: firestore_system_tests.run(folder, module, address=address, plugins=plugins) for module in NEEDED
    }
    for tally in tallies.values():
        for name in tally.failed:
            _say(f"  failed: {name}")
    sync, asynchronous = tallies.values()
    _say(
        f"firestore-system-tests: {sync.passed + asynchronous.passed}/{sync.run + asynchronous.run} "
        f"(sync {sync.passed}/{sync.run}, async {asynchronous.passed}/{asynchronous.run})"
    )
    return all(tallies[module].passed >= needed for module, needed in NEEDED.items())


def _oracle(address: str) -> None:
    try:
        with firestore_oracle.emulator() as oracle:
            differences = firestore_oracle.compare(
                oracle=oracle, ours=address, queries=ORACLE_QUERIES, seed=ORACLE_SEED
            )
    except firestore_oracle.NotInstalledError as error:
        _say(f"firestore-oracle: skipped: {error}")
        return
    _say(firestore_oracle.report(differences, queries=ORACLE_QUERIES))


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as state:
        command = [sys.executable, "-m", "infra.local.firestore", "--state", state]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                address: str = json.loads(process.stdout.readline())["address"]
                yield address
            finally:
                process.terminate()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
