from collections.abc import Iterator

import pytest

from backend.settings import Settings
from tests.contract.tick.backend import Backend
from tests.contract.tick.services import Services, running_services


@pytest.fixture(scope="package")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services")) as services:
        yield services


@pytest.fixture
def backend(services: Services, monkeypatch: pytest.MonkeyPatch) -> Backend:
    for name, value in services.environment.items():
        monkeypatch.setenv(name, value)
    return Backend(services, Settings.from_environment())
