"""`python -m tests.faults.killed_worker MOMENT N [lane] CONNECTION`: a real worker that gets a real kill -9 then.

A moment is `before:` or `after:` a step that a worker or a backend takes; N counts the times.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from backend.automations.repository import AutomationRepository
from backend.platforms.shopify.source import ShopifyOrders
from backend.runs.dispatch import LaneTasks
from backend.runs.lanes import LaneRepository
from backend.runs.repository import RunRepository
from backend.tick.claim import Claims
from jobs import __main__ as program
from jobs.hold import Hold
from jobs.sheets.api import SheetsApi

STEPS: dict[str, tuple[type, str]] = {
    "workbook": (SheetsApi, "workbook"),
    "write": (SheetsApi, "batch_update"),
    "take_up": (RunRepository, "take_up"),
    "checkpoint": (RunRepository, "record_progress"),
    "finish": (RunRepository, "finish"),
    "remember": (AutomationRepository, "record_progress"),
    "count": (ShopifyOrders, "count"),
    "give_back": (LaneRepository, "give_back"),
    "lease_question": (Hold, "ensure"),
    "take": (LaneRepository, "take"),
    "create": (RunRepository, "create"),
    "enqueue": (LaneTasks, "enqueue"),
    "claim": (Claims, "claim"),
}


def strike_at(moment: str, times: int, *, blow: signal.Signals) -> None:
    """The process sends itself that signal at the moment."""
    when, step = moment.split(":")
    owner, name = STEPS[step]
    taken = 0
    original: Callable[..., Any] = getattr(owner, name)

    def counted(*args: Any, **options: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken == times and when == "before":
            os.kill(os.getpid(), blow)
        answer = original(*args, **options)
        if taken == times and when == "after":
            os.kill(os.getpid(), blow)
        return answer

    setattr(owner, name, counted)


def struck_worker(moment: str, times: str, *lane: str, blow: signal.Signals) -> int:
    strike_at(moment, int(times), blow=blow)
    sys.argv = ["python -m jobs", "lane", lane[-1]]
    return program.main()


if __name__ == "__main__":
    sys.exit(struck_worker(*sys.argv[1:], blow=signal.SIGKILL))
