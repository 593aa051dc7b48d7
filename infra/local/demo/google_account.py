"""A person's Google account: what she does on Google's own pages, without Tabkeeper."""

from collections.abc import Sequence
from typing import Any

from infra.local.demo.refusal import told
from infra.local.stack import ADDON_AUDIENCE, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, Stack

SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
SCOPES = (SPREADSHEETS, "openid", EMAIL)


class GoogleAccount:
    """Made when it is first mentioned."""

    def __init__(self, stack: Stack, email: str) -> None:
        self.email = email
        self._stack = stack
        self._control("users")

    def identity_token(self, *, audience: str = ADDON_AUDIENCE, **claims: Any) -> str:
        """What the sidebar's script gets for her; `claims` replace claims of the token, None leaves one out."""
        return str(self._control("identity-tokens", audience=audience, **claims)["id_token"])

    def consent(self, scopes: Sequence[str] = SCOPES) -> str:
        """The refresh token that agreeing to Tabkeeper's consent screen yields."""
        client = {"client_id": OAUTH_CLIENT_ID, "client_secret": OAUTH_CLIENT_SECRET}
        return str(self._control("refresh-tokens", scopes=list(scopes), **client)["refresh_token"])

    def withdraw_consent(self) -> None:
        self._control("revocations")

    def authorization(self) -> dict[str, str]:
        """Her own access to her spreadsheets, as her browser has it."""
        token = self._control("access-tokens", scopes=[SPREADSHEETS])["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def create_spreadsheet(self, title: str) -> str:
        properties = {"properties": {"title": title}}
        url = f"{self._stack.urls['sheets']}/v4/spreadsheets"
        return str(told(self._stack.http.post(url, json=properties, headers=self.authorization()))["spreadsheetId"])

    def _control(self, what: str, **body: Any) -> dict[str, Any]:
        url = f"{self._stack.urls['identity']}/control/{what}"
        return told(self._stack.http.post(url, json={"email": self.email, **body}))
