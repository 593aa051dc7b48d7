"""google-auth's HTTP with a time-out of ours."""

from typing import Any

from google.auth.transport.requests import Request


class TimedRequest(Request):
    """A transport for google-auth with our time-out instead of its two minutes; a connection a call."""

    def __init__(self, *, timeout_s: float) -> None:
        super().__init__()
        self._timeout_s = timeout_s

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Any = None,
        timeout: float | None = None,
        **options: Any,
    ) -> Any:
        send: Any = Request()
        return send(url, method=method, body=body, headers=headers, timeout=timeout or self._timeout_s, **options)
