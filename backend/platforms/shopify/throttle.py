"""The shop's bucket of points, as far as its answers told.

https://shopify.dev/docs/api/usage/limits: a call is let through when its requested cost is in the bucket, whatever it
costs in the end. The published formula overstates real costs, so only what the shop itself reports is used.
"""

from backend.platforms.shopify.answer import Cost


class Throttle:
    def __init__(self) -> None:
        self._last: Cost | None = None
        self._told_at_s = 0.0
        self._requested: dict[str, float] = {}

    def learn(self, document: str, cost: Cost | None, *, at_s: float) -> None:
        if cost is not None:
            self._last, self._told_at_s = cost, at_s
            self._requested[document] = cost.requested

    def wait_s(self, document: str, *, at_s: float) -> float:
        """How long until the points are there that this document asked for when it was last sent."""
        if self._last is None:
            return 0.0
        needed = Cost(self._requested.get(document, 0.0), self._last.available, self._last.restore_rate)
        return max(0.0, needed.wait_s - (at_s - self._told_at_s))
