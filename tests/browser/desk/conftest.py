from collections.abc import Iterator

import pytest

from tests.desk import Desk, running_desk


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("checkout")) as desk:
        yield desk
