"""People who are signed in, and the backend's own settings and database for a look behind the API."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore

from backend.settings import Settings
from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack
from tests.e2e.desk import Desk
from tests.person import Person


@pytest.fixture
def other_merchant(stack: Stack) -> Iterator[Merchant]:
    someone = Merchant(stack, email=f"{uuid.uuid4().hex[:12]}@elsewhere.example")
    someone.sign_in()
    yield someone
    someone.close()


@pytest.fixture
def settings(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The backend's own, for what is tried in this process against the same services."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment()


@pytest.fixture
def documents(settings: Settings) -> Iterator[firestore.Client]:
    """The database, for a look behind the API."""
    client = firestore.Client(project=settings.project_id)
    yield client
    client.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def desk(merchant: Merchant, tmp_path: Path) -> Desk:
    """Her shop is empty yet."""
    return Desk(merchant, tmp_path)


@pytest.fixture
def person() -> Iterator[Person]:
    """Somebody at a browser."""
    somebody = Person()
    yield somebody
    somebody.close()
