"""The HTTP under Google's client: authorised, with time-outs, and never sending a write twice.

googleapiclient's default, httplib2, sends a request again when a kept-alive connection breaks before the answer
(httplib2.Http._conn_request, on BadStatusLine, whatever RETRIES says): a batch that had been applied would be applied
twice. requests does not, unless it is told to.
"""

from collections.abc import Mapping

import httplib2
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession


class Transport:
    """What googleapiclient calls in the place of httplib2.Http. One thread's own."""

    def __init__(self, credentials: Credentials, *, timeout_s: float) -> None:
        self._session = AuthorizedSession(credentials, refresh_timeout=timeout_s)  # type: ignore[no-untyped-call]
        self._timeout_s = timeout_s
        self.bytes_sent = 0

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> tuple[httplib2.Response, bytes]:
        payload = body.encode() if isinstance(body, str) else body
        self.bytes_sent += len(payload or b"")
        answer = self._session.request(  # type: ignore[no-untyped-call]
            method, uri, data=payload, headers=dict(headers or {}), timeout=(10.0, self._timeout_s)
        )
        return httplib2.Response({**answer.headers, "status": str(answer.status_code)}), answer.content

    def close(self) -> None:
        self._session.close()  # type: ignore[no-untyped-call]
