from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from infra.local.sheets.server import start
from tests.contract.tab.desk import Desk
from tests.contract.tab.noted import write_remarks
from tests.contract.tab.orders import ORDER_COLUMNS


@pytest.fixture(scope="package")
def wire() -> Iterator[httpx.Client]:
    """Plain HTTP to a running Sheets service without quotas."""
    service = start()
    headers = {"Authorization": "Bearer reader"}
    with httpx.Client(base_url=f"http://{service.address}", headers=headers, timeout=60.0) as client:
        yield client
    service.stop()


@pytest.fixture
def new_desk(wire: httpx.Client) -> Iterator[Callable[..., Desk]]:
    """Makes spreadsheets that no other test has; its faults end with the test."""

    def make(**wanted: Any) -> Desk:
        return Desk(wire, **({"columns": ORDER_COLUMNS} | wanted))

    yield make
    wire.delete("/control/faults").raise_for_status()


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """One row an order: Order, the system column, Email, Total."""
    return new_desk()


@pytest.fixture
def noted(desk: Desk) -> Desk:
    """A remark beside each of twelve orders."""
    write_remarks(desk)
    return desk
