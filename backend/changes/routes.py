from pydantic import BaseModel, ConfigDict, Field

from backend.changes.service import ChangeService
from backend.web.route import Auth, Call, Routes


class ChangesTask(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tenant_id: str = Field(pattern="^ten_[0-9a-f]+$", max_length=100)


class ChangesTaskAnswer(BaseModel):
    taken: int


def routes(changes: ChangeService) -> Routes:
    routes = Routes("changes")

    @routes.declare(
        "POST",
        "/v1/internal/connections/{connection_id}/changes",
        auth=Auth.TASKS,
        takes=ChangesTask,
        answers={200: ChangesTaskAnswer},
    )
    def take(call: Call[ChangesTask]) -> ChangesTaskAnswer:
        """Start runs for what a shop's webhooks reported"""
        return ChangesTaskAnswer(taken=changes.take(call.taken.tenant_id, call.path["connection_id"]))

    return routes
