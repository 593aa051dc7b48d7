"""What documents were before they changed, for as long as a snapshot may be asked for."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from infra.local.firestore.wire import Document


@dataclass(frozen=True)
class Superseded:
    """`document` (None: there was none) was what stood until the commit at `until_us`."""

    until_us: int
    name: str
    document: Document | None


class History:
    """Bounded by time: only documents that changed within the last `kept_us` take room."""

    def __init__(self, *, kept_us: int) -> None:
        self._kept_us = kept_us
        self._log: deque[Superseded] = deque()
        self._versions: dict[str, deque[Superseded]] = defaultdict(deque)
        self.horizon_us = 0
        """No snapshot before it can be read."""

    def record(self, entry: Superseded) -> None:
        self._log.append(entry)
        self._versions[entry.name].append(entry)
        self._forget(entry.until_us - self._kept_us)

    def at(self, name: str, instant_us: int, *, current: Document | None) -> Document | None:
        """The document as a snapshot at `instant_us` shows it: commits at that instant included."""
        versions = self._versions.get(name)
        if versions is None or versions[-1].until_us <= instant_us:
            return current
        return next(entry.document for entry in versions if entry.until_us > instant_us)

    def changed_after(self, instant_us: int) -> Iterator[str]:
        """Names of what changed after `instant_us`, latest first, possibly more than once."""
        for entry in reversed(self._log):
            if entry.until_us <= instant_us:
                return
            yield entry.name

    def _forget(self, horizon_us: int) -> None:
        self.horizon_us = max(self.horizon_us, horizon_us)
        while self._log and self._log[0].until_us <= self.horizon_us:
            name = self._log.popleft().name
            versions = self._versions[name]
            versions.popleft()
            if not versions:
                del self._versions[name]
