"""Runs whose workers the tests start themselves, and kill; and a Sheets service for those that need no more."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.sheets.server import start
from infra.local.stack import Stack
from tests.faults.world import World


@pytest.fixture
def world(stack: Stack, tmp_path: Path, paused_queues: None) -> Iterator[World]:
    made = World(stack, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="package")
def sheets() -> Iterator[httpx.Client]:
    """Plain HTTP to a running Sheets service without quotas."""
    service = start()
    headers = {"Authorization": "Bearer reader"}
    with httpx.Client(base_url=f"http://{service.address}", headers=headers, timeout=60.0) as client:
        yield client
    service.stop()
