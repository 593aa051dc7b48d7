"""Who may do what, as the local identity service knows the callers."""

from collections.abc import Iterator

import httpx
import pytest

from infra.local.identity.server import start as start_identity
from infra.local.sheets.server import start
from tests.contract.sheets.book import ALICE, OTTO, client_for, refusal, write_at

SHEETS = "https://www.googleapis.com/auth/spreadsheets"
READ_ONLY = SHEETS + ".readonly"
RITA = "rita@example.com"
STRANGER = "stranger@example.com"


class Guarded:
    """A spreadsheet of Otto's that Alice edits and Rita reads, behind the identity service."""

    def __init__(self, address: str, identity: str) -> None:
        self.address = address
        self.wire = httpx.Client(base_url=f"http://{address}")
        self.identity = httpx.Client(base_url=f"http://{identity}")
        wanted = {"title": "Private", "owner": OTTO, "editors": [ALICE], "readers": [RITA]}
        self.id = self.wire.post("/control/spreadsheets", json=wanted).json()["spreadsheetId"]

    def token(self, email: str, scope: str = SHEETS) -> str:
        """An access token, the way the product gets one: from a refresh token."""
        client = {"client_id": "app", "client_secret": "s3cr3t"}
        consent = {"email": email, "scopes": [scope], **client}
        refresh = self.identity.post("/control/refresh-tokens", json=consent).raise_for_status().json()
        grant = {"grant_type": "refresh_token", "refresh_token": refresh["refresh_token"], **client}
        token: str = self.identity.post("/token", data=grant).raise_for_status().json()["access_token"]
        return token

    def status(self, token: str, *, write: bool) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        path = f"/v4/spreadsheets/{self.id}"
        if write:
            body = {"requests": [write_at(0, 0, ["x"])]}
            return self.wire.post(f"{path}:batchUpdate", json=body, headers=headers).status_code
        return self.wire.get(f"{path}/values/A1", headers=headers).status_code

    def close(self) -> None:
        self.wire.close()
        self.identity.close()


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    identity = start_identity()
    service = start(identity=f"http://{identity.address}")
    guarded = Guarded(service.address, identity.address)
    yield guarded
    guarded.close()
    service.stop()
    identity.stop()


@pytest.mark.parametrize(
    ("email", "reads", "writes"),
    [(OTTO, 200, 200), (ALICE, 200, 200), (RITA, 200, 403), (STRANGER, 403, 403)],
)
def test_sharing_decides(guarded: Guarded, email: str, reads: int, writes: int) -> None:
    """Owner and editors write, readers read, others see nothing."""
    token = guarded.token(email)
    assert (guarded.status(token, write=False), guarded.status(token, write=True)) == (reads, writes)


def test_scopes_decide(guarded: Guarded) -> None:
    """A token that may only read cannot write, whoever's it is; one without the scope can do neither."""
    token = guarded.token(OTTO, READ_ONLY)
    assert (guarded.status(token, write=False), guarded.status(token, write=True)) == (200, 403)
    assert guarded.status(guarded.token(OTTO, "openid"), write=False) == 403


def test_unknown_tokens_are_refused(guarded: Guarded) -> None:
    """401 in Google's shape, for none and for a wrong one."""
    assert guarded.status("", write=False) == 401
    headers = {"Authorization": "Bearer forged"}
    refused = guarded.wire.get(f"/v4/spreadsheets/{guarded.id}", headers=headers)
    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_refusals_of_access_are_googles(guarded: Guarded) -> None:
    """A spreadsheet that is not shared is 403; one that does not exist is 404."""
    api = client_for(guarded.address, guarded.token(STRANGER))
    hidden = refusal(api.spreadsheets().get(spreadsheetId=guarded.id))
    assert (hidden.status, hidden.message) == (403, "The caller does not have permission")
    assert refusal(api.spreadsheets().get(spreadsheetId="nowhere")).status == 404
    api.close()


def test_who_creates_owns(guarded: Guarded) -> None:
    """A spreadsheet made through the API is its maker's alone."""
    alice, stranger = (client_for(guarded.address, guarded.token(email)) for email in (ALICE, STRANGER))
    made = alice.spreadsheets().create(body={"properties": {"title": "Mine"}}).execute()
    assert made["properties"]["title"] == "Mine"
    assert refusal(stranger.spreadsheets().get(spreadsheetId=made["spreadsheetId"])).status == 403
    alice.close()
    stranger.close()
