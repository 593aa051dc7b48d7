"""The libraries of the sidebar's page."""

import pytest

from infra.tools import vendor


@pytest.mark.skipif(not vendor.PACKAGES.exists(), reason="no npm packages: make node_modules/.ready")
def test_libraries_are_those_of_the_lock_file() -> None:
    """Nothing in them is ours, and none is missing or left over; `npm run vendor` writes them."""
    assert {file.name: file.read_text() for file in vendor.VENDOR.iterdir()} == vendor.files()
