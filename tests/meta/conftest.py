import base64
from pathlib import Path

import pytest
from flask import Flask

from backend.app import create_app
from backend.settings import Settings


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Wired as in production, with nothing behind it: what is asked here must be answered without storage."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
    key_file = tmp_path / "key"
    key_file.write_bytes(base64.b64encode(bytes(32)))
    return create_app(
        Settings(
            project_id="project",
            public_url="https://api.example",
            webhooks_url="https://webhooks.example",
            tasks_service_account="tasks@example",
            scheduler_service_account="scheduler@example",
            identity_audience="audience",
            oauth_client_id="client",
            oauth_client_secret="secret",
            shopify_client_id="app",
            shopify_app_secret="secret",
            envelope_key_file=key_file,
            tasks_endpoint="127.0.0.1:1",
            run_endpoint="http://127.0.0.1:1",
            certs_url="http://127.0.0.1:1",
        )
    )
