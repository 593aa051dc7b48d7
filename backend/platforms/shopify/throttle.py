"""The shop's bucket of points, as far as its last answer told.

https://shopify.dev/docs/api/usage/limits: a call is let through when its requested cost is in the bucket, whatever it
costs in the end. The published formula overstates real costs, so only what the shop itself reports is used.
"""

from backend.platforms.shopify.answer import Cost


class Throttle:
    def __init__(self) -> None:
        self._cost: Cost | None = None
        self._told_at_s = 0.0

    def learn(self, cost: Cost | None, *, at_s: float) -> None:
        if cost is not None:
            self._cost, self._told_at_s = cost, at_s

    def wait_s(self, *, at_s: float) -> float:
        """How long to wait so that a call as dear as the last one finds its points."""
        if self._cost is None:
            return 0.0
        return max(0.0, self._cost.wait_s - (at_s - self._told_at_s))
