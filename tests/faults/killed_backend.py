"""`python -m tests.faults.killed_backend MOMENT AHEAD_S PATH TOKEN`: a backend that answers one POST and, unless MOMENT
is `never`, gets a real kill -9 at that moment of it. Its clock is AHEAD_S ahead of all others.
"""

import signal
import sys
from datetime import datetime, timedelta

from backend.app import create_app
from backend.clock import utc_now
from tests.faults.killed_worker import strike_at


def main(moment: str, ahead_s: str, path: str, token: str) -> int:
    if moment != "never":
        strike_at(moment, 1, blow=signal.SIGKILL)

    def clock() -> datetime:
        return utc_now() + timedelta(seconds=float(ahead_s))

    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key"}
    answer = create_app(clock=clock).test_client().post(path, headers=headers)
    return 0 if answer.status_code < 300 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
