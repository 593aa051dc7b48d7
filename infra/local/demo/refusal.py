"""What a service answered: what it told, or why it refused."""

from typing import Any

import httpx


class Refused(RuntimeError):
    """Somebody answered with an error; `why` is what they said, each wrong field on a line of its own."""

    def __init__(self, why: str, *, asked: str) -> None:
        super().__init__(f"{asked}: {why}")
        self.why = why


def told(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON; raises Refused for an error in the shape of a problem document, Google or the simulators."""
    if answer.is_success:
        said: dict[str, Any] = answer.json()
        return said
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    error = problem.get("error")
    why = problem.get("detail") or (error.get("message") if isinstance(error, dict) else error) or answer.text
    fields = "".join(f"\n  {field}: {wrong}" for field, wrong in problem.get("fields", {}).items())
    raise Refused(f"{why}{fields}", asked=f"{answer.request.method} {answer.request.url.path}")
