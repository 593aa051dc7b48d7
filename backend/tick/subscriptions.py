from backend.connections.service import ConnectionService
from backend.runs.everywhere import Everywhere
from backend.tick.budget import Budget


class Subscriptions:
    """Looks once a day whether each shop still tells of its changes."""

    def __init__(self, everywhere: Everywhere, connections: ConnectionService) -> None:
        self._everywhere = everywhere
        self._connections = connections

    def __call__(self, budget: Budget) -> int:
        """How many shops' subscriptions are as they should be now."""
        kept = 0
        for connection in self._everywhere.unwatched_connections(at=budget.at):
            if budget.spent:
                break
            kept += self._connections.ensure_due_subscriptions(connection)
        return kept
