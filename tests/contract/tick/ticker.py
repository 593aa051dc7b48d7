"""`python -m tests.contract.tick.ticker TOKEN`: a backend of its own that ticks once and prints what it did."""

import sys

from backend.app import create_app
from backend.tick_job import TICK_PATH

if __name__ == "__main__":
    answer = create_app().test_client().post(TICK_PATH, headers={"Authorization": f"Bearer {sys.argv[1]}"})
    sys.stdout.write(f"\n{answer.get_data(as_text=True)}\n")
