"""Runs whose workers the tests start themselves, and kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.stack import Stack
from tests.faults.world import World


@pytest.fixture
def world(stack: Stack, tmp_path: Path, paused_queue: None) -> Iterator[World]:
    made = World(stack, tmp_path)
    yield made
    made.close()
