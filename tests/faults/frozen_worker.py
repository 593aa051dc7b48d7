"""`python -m tests.faults.frozen_worker MOMENT N CONNECTION`: a real worker that stops, with SIGSTOP, at that moment.

Nothing of it goes on, its heartbeat neither, until it gets SIGCONT: like a machine that is paused. See killed_worker.
"""

import signal
import sys

from tests.faults.killed_worker import struck_worker

if __name__ == "__main__":
    sys.exit(struck_worker(*sys.argv[1:], blow=signal.SIGSTOP))
