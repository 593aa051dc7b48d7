from datetime import UTC, datetime, timedelta

from jobs.stop import Stop


class Waiting(Stop):
    """Its pauses take no time but on the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.check()
