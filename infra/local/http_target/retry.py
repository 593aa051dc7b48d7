"""When a failed call is tried again, and when never more (references of both services' RetryConfig)."""

from dataclasses import dataclass

UNLIMITED = -1


@dataclass(frozen=True)
class RetryPolicy:
    max_attempts: int
    max_retry_duration_s: float
    """0 sets no limit of time."""
    min_backoff_s: float
    max_backoff_s: float
    max_doublings: int

    def backoff_s(self, failures: int) -> float:
        """From min_backoff, doubling max_doublings times, then growing by the last step, up to max_backoff."""
        doublings = min(failures - 1, self.max_doublings)
        steps = failures - doublings
        return float(min(self.max_backoff_s, self.min_backoff_s * 2**doublings * steps))

    def is_exhausted(self, *, attempts: int, age_s: float) -> bool:
        """Both limits must be passed where both are set; `age_s` counts from the first attempt."""
        limits = []
        if self.max_attempts != UNLIMITED:
            limits.append(attempts >= self.max_attempts)
        if self.max_retry_duration_s > 0:
            limits.append(age_s >= self.max_retry_duration_s)
        return bool(limits) and all(limits)
