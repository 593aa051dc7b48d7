"""The Cloud Scheduler job that makes the backend tick, declared once: `python -m backend.admin tick-job` keeps it."""

from typing import Any

TICK_PATH = "/v1/internal/tick"
SCHEDULE = "* * * * *"
ATTEMPT_DEADLINE_S = 55
"""A tick ends before the next begins."""
RETRY_COUNT = 2
"""The next minute's tick makes up for one that failed, so few retries are enough."""
MIN_BACKOFF_S, MAX_BACKOFF_S = 5, 10


def tick_job(*, parent: str, public_url: str, service_account: str) -> dict[str, Any]:
    """google.cloud.scheduler.v1.Job, with every field that is ours to set"""
    url = public_url.rstrip("/")
    return {
        "name": f"{parent}/jobs/tick",
        "description": "Starts due automations and takes up what a crash left behind",
        "schedule": SCHEDULE,
        "time_zone": "Etc/UTC",
        "attempt_deadline": {"seconds": ATTEMPT_DEADLINE_S},
        "retry_config": {
            "retry_count": RETRY_COUNT,
            "min_backoff_duration": {"seconds": MIN_BACKOFF_S},
            "max_backoff_duration": {"seconds": MAX_BACKOFF_S},
        },
        "http_target": {
            "uri": url + TICK_PATH,
            "http_method": "POST",
            "oidc_token": {"service_account_email": service_account, "audience": url},
        },
    }
