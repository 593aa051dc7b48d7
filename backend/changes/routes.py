from pydantic import BaseModel

from backend.changes.service import ChangeService
from backend.web.route import Auth, Call, Routes, TenantTask


class ChangesTaskAnswer(BaseModel):
    taken: int


def routes(changes: ChangeService) -> Routes:
    routes = Routes("changes")

    @routes.declare(
        "POST",
        "/v1/internal/connections/{connection_id}/changes",
        auth=Auth.TASKS,
        takes=TenantTask,
        answers={200: ChangesTaskAnswer},
    )
    def take(call: Call[TenantTask]) -> ChangesTaskAnswer:
        """Start runs for what a shop's webhooks reported"""
        return ChangesTaskAnswer(taken=changes.take(call.taken.tenant_id, call.path["connection_id"]))

    return routes
