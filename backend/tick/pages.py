from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
PAGE = 200


def pages(items: Iterator[Item]) -> Iterator[list[Item]]:
    """What is found across all tenants, so many at a time."""
    while page := list(islice(items, PAGE)):
        yield page
