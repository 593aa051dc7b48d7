"""Where the services of the stack under test are, and what people do there outside Tabkeeper."""

import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PROJECT = "tabkeeper-local"
LOCATION = "europe-west1"
JOB = "tabkeeper-jobs"
AUDIENCE = "sidebar.apps.googleusercontent.com"
TASKS_ACCOUNT = "tasks@tabkeeper-local.iam.gserviceaccount.com"
OAUTH_CLIENT = {"client_id": "web.apps.googleusercontent.com", "client_secret": "GOCSPX-local"}
SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
SCOPES = (SPREADSHEETS, "openid", EMAIL)


@dataclass
class Stack:
    api: str
    identity: str
    firestore: str
    tasks: str
    run: str
    shopify: str
    backend_log: Path
    environment: dict[str, str] = field(repr=False)
    secrets: list[str] = field(default_factory=list)
    """What must never be in a log."""

    def identity_token(self, email: str, **claims: Any) -> str:
        self._control(self.identity, "users", {"email": email})
        body = {"email": email, "audience": AUDIENCE} | claims
        return self.keep_secret(self._control(self.identity, "identity-tokens", body)["id_token"])

    def refresh_token(self, email: str, scopes: tuple[str, ...] = SCOPES) -> str:
        """What a consent screen that the person agreed to yields."""
        body = {"email": email, "scopes": scopes, **OAUTH_CLIENT}
        return self.keep_secret(self._control(self.identity, "refresh-tokens", body)["refresh_token"])

    def revoke(self, email: str) -> None:
        self._control(self.identity, "revocations", {"email": email})

    def open_shop(self, **settings: Any) -> tuple[str, str]:
        """A new shop's domain and access token."""
        domain, token = (
            f"shop-{uuid.uuid4().hex[:12]}.myshopify.com",
            self.keep_secret("shpat_" + secrets.token_hex(16)),
        )
        self._control(self.shopify, "shops", {"domain": domain, "access_token": token, "currency": "GBP"} | settings)
        return domain, token

    def break_shops(self, kind: str, *, times: int = 1) -> None:
        self._control(self.shopify, "faults", {"kind": kind, "times": times})

    def executions(self) -> list[dict[str, Any]]:
        jobs = f"http://{self.run}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs"
        answer: dict[str, Any] = httpx.get(f"{jobs}/{JOB}/executions", params={"pageSize": 1000}).json()
        return list(answer.get("executions", []))

    def keep_secret(self, value: str) -> str:
        self.secrets.append(value)
        return value

    def _control(self, address: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"http://{address}/control/{what}", json=body)
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json()
        return told
