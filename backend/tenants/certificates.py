"""Google's signing certificates, fetched once for as long as Google says that they hold."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from google.auth.transport import Request, Response

from backend.clock import Clock

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age=(\d+)")


class CachedCertificates(Request):
    """A transport for google.oauth2.id_token that answers from memory until Cache-Control's max-age has passed."""

    def __init__(self, transport: Request, *, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._kept: Mapping[str, tuple[datetime, Response]] = {}

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Any = None,
        timeout: float | None = None,
        **options: Any,
    ) -> Response:
        now = self._clock()
        until, kept = self._kept.get(url, (now, None))
        if kept is not None and now < until:
            return kept
        response: Response = self._transport(url, method=method, body=body, headers=headers, timeout=timeout, **options)
        age = _MAX_AGE.search(str(response.headers.get("Cache-Control", "")))
        if response.status == 200 and age:
            self._kept = {**self._kept, url: (now + timedelta(seconds=int(age[1])), response)}
        return response
