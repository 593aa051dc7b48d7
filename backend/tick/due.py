"""Starting what is due."""

import random
from concurrent.futures import ThreadPoolExecutor

import structlog
from google.api_core.exceptions import GoogleAPICallError, RetryError

from backend.automations.model import Automation
from backend.automations.timetable import jitter
from backend.runs.everywhere import Everywhere
from backend.runs.service import RunService
from backend.tick.budget import Budget
from backend.tick.claim import Claims
from backend.tick.pages import pages

THREADS = 4
"""A claim waits for the network most of its time; with more of them, whoever asks the API would wait for them."""
_log = structlog.get_logger()


class Due:
    def __init__(self, everywhere: Everywhere, claims: Claims, runs: RunService) -> None:
        self._everywhere = everywhere
        self._claims = claims
        self._runs = runs

    def __call__(self, budget: Budget) -> int:
        """Claim each due automation and start its run; how many runs that made.

        Page by page in an order of its own, so that ticks at the same time seldom meet at the same automation.
        """
        started = 0
        with ThreadPoolExecutor(THREADS, thread_name_prefix="claim") as threads:
            for page in pages(self._everywhere.due_automations(at=budget.at)):
                random.shuffle(page)
                started += sum(threads.map(lambda automation: self._start(automation, budget), page))
                if budget.spent:
                    break
        return started

    def _start(self, automation: Automation, budget: Budget) -> bool:
        if budget.spent:
            return False
        try:
            run = self._claims.claim(automation.tenant_id, automation.id, at=budget.at)
        except (GoogleAPICallError, RetryError, ValueError) as error:
            _log.warning("claim_failed", automation_id=automation.id, reason=repr(error))
            return False
        if run is None:
            return False
        instant = run.scheduled_for or budget.at
        _log.info("run_created", run_id=run.id, automation_id=run.automation_id, lane=run.connection_id)
        self._runs.dispatch(run, not_before=instant + jitter(automation.id))
        return True
