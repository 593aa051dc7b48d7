from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class TokenBucket:
    """Lets `burst` dispatches go at once and `rate_per_s` in the long run.

    Between two instants it never gives more than `burst + rate_per_s * elapsed` tokens.
    """

    rate_per_s: float
    burst: int
    tokens: float
    at_s: float

    @classmethod
    def full(cls, *, rate_per_s: float, burst: int, now_s: float) -> Self:
        return cls(rate_per_s, burst, burst, now_s)

    def at(self, now_s: float) -> Self:
        elapsed_s = max(0.0, now_s - self.at_s)
        return replace(self, tokens=min(self.burst, self.tokens + elapsed_s * self.rate_per_s), at_s=now_s)

    def with_limits(self, *, rate_per_s: float, burst: int) -> Self:
        return replace(self, rate_per_s=rate_per_s, burst=burst, tokens=min(burst, self.tokens))

    def take(self) -> Self:
        return replace(self, tokens=self.tokens - 1)

    @property
    def wait_s(self) -> float:
        """Until a token is there; 0 when one is."""
        return max(0.0, 1 - self.tokens) / self.rate_per_s
