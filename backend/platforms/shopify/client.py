"""Calls to one shop's Admin API, and the download of what it exported."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import httpx

from backend.errors import RetriableError, SourceBroken, UpstreamUnavailable
from backend.platforms.access import Access
from backend.platforms.shopify.answer import Answer, Throttled, read_answer
from backend.platforms.shopify.retry import MAX_FAILURES, Retry
from backend.platforms.shopify.throttle import Throttle
from backend.platforms.source import Pause

CONNECT_TIMEOUT_S = 10.0


class ExportLost(UpstreamUnavailable):
    """The shop's export failed, was cancelled or has expired; it is made again."""


class ShopifyClient:
    """Waits, through `pause` alone, when the shop asks for it or does not answer."""

    def __init__(
        self,
        *,
        base_url: str,
        api_version: str,
        access: Access,
        timeout_s: float,
        pause: Pause,
        max_failures: int = MAX_FAILURES,
        throttle: Throttle | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`throttle` is what is known of the shop's bucket from earlier callers."""
        self._url = f"{base_url.rstrip('/')}/admin/api/{api_version}/graphql.json"
        self._access = access
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
        self._http = httpx.Client(timeout=timeout, transport=transport)
        self.pause = pause
        self._max_failures = max_failures
        self._throttle = throttle or Throttle()

    def query(self, document: str, **variables: Any) -> Answer:
        """Repeated after passing failures, since reading twice does no harm."""
        return self._call(document, variables, Retry(max_failures=self._max_failures))

    def mutate(self, document: str, **variables: Any) -> Answer:
        """Not repeated after an unclear outcome: it raises UpstreamUnavailable and may have been carried out."""
        return self._call(document, variables, Retry(max_failures=0))

    def _call(self, document: str, variables: dict[str, Any], retry: Retry) -> Answer:
        first = variables.get("first")
        while True:
            self._wait(self._throttle.wait_s(document, first=first, at_s=time.monotonic()))
            try:
                answer = self._post(document, variables)
            except RetriableError as error:
                if isinstance(error, Throttled):
                    self._throttle.learn(document, error.cost, first=first, at_s=time.monotonic())
                wait_s = retry.wait_s(error)
                if wait_s is None:
                    raise
                self._wait(wait_s)
            else:
                self._throttle.learn(document, answer.cost, first=first, at_s=time.monotonic())
                return answer

    def _post(self, document: str, variables: dict[str, Any]) -> Answer:
        body = {"query": document, "variables": variables}
        token = self._access.token()
        response = self._send(body, token)
        if response.status_code == HTTPStatus.UNAUTHORIZED and (other := self._access.after_refusal(token)) != token:
            response = self._send(body, other)
        return read_answer(response)

    def _send(self, body: dict[str, Any], token: str) -> httpx.Response:
        """The token goes with calls only: a download comes from a store of files that has no business with it."""
        try:
            return self._http.post(self._url, json=body, headers={"X-Shopify-Access-Token": token})
        except httpx.RequestError as error:
            raise UpstreamUnavailable(detail=f"{type(error).__name__} at {self._url}") from error

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.pause(seconds)

    def download(self, url: str, *, offset: int) -> Iterator[bytes]:
        """The bytes from the offset on, in chunks. Raises ExportLost; UpstreamUnavailable when the connection drops."""
        # Ranges count the bytes of the file itself, so it must not come compressed.
        headers = {"Range": f"bytes={offset}-", "Accept-Encoding": "identity"}
        with _told_apart(), self._http.stream("GET", url, headers=headers) as response:
            match response.status_code:
                case HTTPStatus.PARTIAL_CONTENT:
                    yield from response.iter_raw()
                case HTTPStatus.OK:
                    yield from _skip(response.iter_raw(), offset)
                case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    return
                case HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                    raise ExportLost(detail=f"HTTP {response.status_code} for the exported file")
                case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise UpstreamUnavailable(detail=f"HTTP {status} for the exported file")
                case status:
                    raise SourceBroken(detail=f"HTTP {status} for the exported file")

    def close(self) -> None:
        self._http.close()


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except httpx.RequestError as error:
        raise UpstreamUnavailable(detail=f"{type(error).__name__} in the exported file") from error


def _skip(chunks: Iterator[bytes], count: int) -> Iterator[bytes]:
    """For a store that takes no notice of Range."""
    for chunk in chunks:
        yield chunk[count:]
        count = max(0, count - len(chunk))
