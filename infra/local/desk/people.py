"""The people at the desk: each signed in to the local Google, with her own access and her own spreadsheets."""

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
TOKEN_S = 1800.0
"""Shorter than an access token lives."""
FIRST_TITLE = "My shop"


class People:
    def __init__(
        self, *, identity_url: str, sheets_url: str, http: httpx.Client, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._identity_url = identity_url
        self._sheets_url = sheets_url
        self._http = http
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[float, str]] = {}

    def authorization(self, email: str) -> dict[str, str]:
        with self._lock:
            good_until_s, token = self._tokens.get(email, (0.0, ""))
        if self._clock_s() >= good_until_s:
            token = self._identity("access-tokens", {"email": email, "scopes": [SPREADSHEETS]})["access_token"]
            with self._lock:
                self._tokens[email] = (self._clock_s() + TOKEN_S, token)
        return {"Authorization": f"Bearer {token}"}

    def identity_token(self, email: str, *, audience: str, with_email: bool) -> str:
        """What ScriptApp.getIdentityToken() gives a script with the scope openid."""
        wanted = {"email": email, "audience": audience, "with_email": with_email}
        return str(self._identity("identity-tokens", wanted)["id_token"])

    def newest_spreadsheet(self, email: str) -> str:
        """The id of the one that she made last; her first one is made for her."""
        answer = self._http.get(f"{self._sheets_url}/control/spreadsheets").raise_for_status()
        own = [found["spreadsheetId"] for found in answer.json()["spreadsheets"] if found["owner"] == email]
        return str(own[-1]) if own else self._new_spreadsheet(email)

    def _new_spreadsheet(self, email: str) -> str:
        url, properties = f"{self._sheets_url}/editor/v4/spreadsheets", {"properties": {"title": FIRST_TITLE}}
        made = self._http.post(url, json=properties, headers=self.authorization(email)).raise_for_status()
        return str(made.json()["spreadsheetId"])

    def _identity(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(f"{self._identity_url}/control/{what}", json=body).raise_for_status()
        told: dict[str, Any] = answer.json()
        return told
