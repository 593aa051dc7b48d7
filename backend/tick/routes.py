from pydantic import BaseModel

from backend.tick.service import TickService
from backend.tick_job import TICK_PATH
from backend.web.route import Auth, Call, Nothing, Routes


class TickAnswer(BaseModel):
    done: dict[str, int]
    """What each part of the tick did, by its name."""


def routes(ticks: TickService) -> Routes:
    routes = Routes("tick")

    @routes.declare("POST", TICK_PATH, auth=Auth.SCHEDULER, takes=Nothing, answers={200: TickAnswer})
    def tick(_call: Call[Nothing]) -> TickAnswer:
        """Start what is due, and take up what a crash left behind"""
        return TickAnswer(done=ticks.tick())

    return routes
