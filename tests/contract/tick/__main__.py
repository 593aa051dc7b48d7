"""`python -m tests.contract.tick [AUTOMATIONS]`: how long three backends take to claim what came due at once."""

import sys
import tempfile
import time
from pathlib import Path

from tests.contract.tick.race import race
from tests.contract.tick.services import running_services

BACKENDS = 3

if __name__ == "__main__":
    automations = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder, running_services(Path(folder)) as services:
        began = time.monotonic()
        ran = race(services, automations=automations, backends=BACKENDS)
        took_s = time.monotonic() - began
        runs = sum(1 for _ in services.documents.collection_group("runs").stream())
        tasks = len(services.task_names())
        told = f"due={automations} started={ran.total} runs={runs} tasks={tasks} rounds={ran.started}"
        sys.stdout.write(f"{told}\nseconds={took_s:.1f} with {BACKENDS} backends at once\n")
