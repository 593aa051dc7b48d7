"""What a queue may be set to, and what it is when nothing is said."""

from google.cloud.tasks_v2.types import Queue, RetryConfig

from infra.local.http_target.retry import UNLIMITED, RetryPolicy
from infra.local.instants import duration, seconds
from infra.local.rpc_error import invalid_argument, unimplemented
from infra.local.tasks.names import check_queue

DEFAULT_RATE_PER_S = MAX_RATE_PER_S = 500.0
MAX_BURST = 100
DEFAULT_CONCURRENCY, MAX_CONCURRENCY = 1000, 5000
DEFAULT_ATTEMPTS, DEFAULT_DOUBLINGS = 100, 16
DEFAULT_MIN_BACKOFF_S, DEFAULT_MAX_BACKOFF_S = 0.1, 3600.0


def complete_queue(queue: Queue) -> Queue:
    """The queue with every default filled in and the burst size the service picks; raises for what it cannot be."""
    check_queue(queue.name)
    if "app_engine_routing_override" in queue or "http_target" in queue:
        raise unimplemented("this local Cloud Tasks routes each task by its own http_request only")
    completed = Queue(queue)
    limits = completed.rate_limits
    limits.max_dispatches_per_second = limits.max_dispatches_per_second or DEFAULT_RATE_PER_S
    limits.max_concurrent_dispatches = limits.max_concurrent_dispatches or DEFAULT_CONCURRENCY
    if not 0 < limits.max_dispatches_per_second <= MAX_RATE_PER_S:
        raise invalid_argument(f"RateLimits.maxDispatchesPerSecond must be between 0 and {MAX_RATE_PER_S:.0f}.")
    if not 0 < limits.max_concurrent_dispatches <= MAX_CONCURRENCY:
        raise invalid_argument(f"RateLimits.maxConcurrentDispatches must be between 1 and {MAX_CONCURRENCY}.")
    limits.max_burst_size = max(1, min(MAX_BURST, int(limits.max_dispatches_per_second)))
    completed.rate_limits = limits
    completed.retry_config = complete_retry_config(completed.retry_config)
    completed.state = Queue.State(completed.state or Queue.State.RUNNING)
    return completed


def complete_retry_config(config: RetryConfig) -> RetryConfig:
    completed = RetryConfig(config)
    completed.max_attempts = completed.max_attempts or DEFAULT_ATTEMPTS
    completed.max_doublings = completed.max_doublings or DEFAULT_DOUBLINGS
    if "min_backoff" not in completed:
        completed.min_backoff = duration(DEFAULT_MIN_BACKOFF_S)
    if "max_backoff" not in completed:
        completed.max_backoff = duration(max(DEFAULT_MAX_BACKOFF_S, seconds(completed.min_backoff)))
    if completed.max_attempts < UNLIMITED:
        raise invalid_argument("RetryConfig.maxAttempts must be at least -1.")
    if seconds(completed.min_backoff) > seconds(completed.max_backoff):
        raise invalid_argument("RetryConfig.minBackoff must not be greater than RetryConfig.maxBackoff.")
    return completed


def retry_policy(config: RetryConfig) -> RetryPolicy:
    """Of a config that is complete."""
    return RetryPolicy(
        max_attempts=config.max_attempts,
        max_retry_duration_s=seconds(config.max_retry_duration) if "max_retry_duration" in config else 0,
        min_backoff_s=seconds(config.min_backoff),
        max_backoff_s=seconds(config.max_backoff),
        max_doublings=config.max_doublings,
    )
