import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.shopify_source.shop import Shop, busy_street

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = tmp_path_factory.mktemp("shopify")
    command = [sys.executable, "-m", "infra.local.shopify", "--state", str(state), "--throttle", "plus"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["address"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.fixture
def new_shop(address: str) -> Iterator[Callable[..., Shop]]:
    """Makes shops nobody else has; what trouble was asked for ends with the test."""
    made: list[Shop] = []

    def make(**settings: Any) -> Shop:
        made.append(Shop(address, _domain(), settings).open())
        return made[-1]

    yield make
    for shop in made:
        shop.wire.close()
        shop.end_trouble()


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    """An empty shop of one's own."""
    return new_shop()


@pytest.fixture(scope="package")
def common_street(address: str) -> Shop:
    return busy_street(Shop(address, _domain()).open())


@pytest.fixture
def street(common_street: Shop) -> Iterator[Shop]:
    """A shop with the orders of STREET that all tests share: not to be changed."""
    shop = common_street.as_new()
    yield shop
    shop.wire.close()
    shop.end_trouble()


@pytest.fixture
def own_street(shop: Shop) -> Shop:
    """The same orders in a shop of one's own."""
    return busy_street(shop)


def _domain() -> str:
    return f"shop-{uuid.uuid4().hex[:12]}.myshopify.com"
