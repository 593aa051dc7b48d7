"""`python -m tests.faults.hurried_worker BEGAN SPEED ORDERS CONNECTION`: a real worker for whom time runs.

All that it waits for and counts by its clock is as in life, only on a clock that runs SPEED times as fast since BEGAN
(tests.fast_time). Its batches are of so many ORDERS.
"""

import sys
from functools import partial

from jobs import __main__ as program
from jobs import app
from jobs.app import Worker
from jobs.export.batch import batches
from jobs.export.orders import Orders
from jobs.stop import Stop
from tests.fast_time import FastTime


def main(began: str, speed: str, orders: str, connection_id: str) -> int:
    fast = FastTime(float(began), float(speed))

    class HurriedStop(Stop):
        def pause(self, seconds: float) -> None:
            super().pause(seconds / fast.speed)

    replaced = {(program, "Stop"): HurriedStop, (program, "Worker"): partial(Worker, clock=fast.now)}
    replaced[app, "Orders"] = partial(Orders, cut=partial(batches, max_orders=int(orders)))
    for (module, name), substitute in replaced.items():
        setattr(module, name, substitute)
    sys.argv = ["python -m jobs", "lane", connection_id]
    return program.main()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
