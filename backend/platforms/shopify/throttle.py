"""The shop's bucket of points, as far as its answers told.

https://shopify.dev/docs/api/usage/limits: a call is let through when its requested cost is in the bucket, whatever it
costs in the end. The published formula overstates real costs, so only what the shop itself reports is used.
"""

from backend.platforms.shopify.answer import Cost


class Throttle:
    """One for all that call a shop in turn. A document's price depends on `first`, the size of the page it asks for."""

    def __init__(self) -> None:
        self._last: Cost | None = None
        self._told_at_s = 0.0
        self._requested: dict[tuple[str, int | None], float] = {}

    def learn(self, document: str, cost: Cost | None, *, at_s: float, first: int | None = None) -> None:
        """From an answer, or from a refusal."""
        if cost is not None:
            self._last, self._told_at_s = cost, at_s
            self._requested[document, first] = cost.requested

    def wait_s(self, document: str, *, at_s: float, first: int | None = None) -> float:
        """How long until the points are there that this document asked for when it was last sent."""
        if self._last is None:
            return 0.0
        needed = Cost(self._price(document, first), self._last.available, self._last.restore_rate)
        return max(0.0, needed.wait_s - (at_s - self._told_at_s))

    def _price(self, document: str, first: int | None) -> float:
        """One that was never sent is taken to cost as much as the dearest of its size."""
        if (document, first) in self._requested:
            return self._requested[document, first]
        return max((price for (_, size), price in self._requested.items() if size == first), default=0.0)
