"""Relay connections over a keyset: a cursor says which row was last, not how many came before.

So rows that are added, removed or moved elsewhere between two pages make no other row appear twice or not at all, and
rows with equal sort values are told apart by their ids.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from graphql import GraphQLResolveInfo

from infra.local.shopify.refusal import bad_request

MAX_PAGE_SIZE = 250

Key: TypeAlias = tuple[int, int]
"""The value a row is sorted by, and its id."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is asked for. `after` and `before` follow the order asked for, which `reverse` turns round."""

    size: int
    from_end: bool = False
    after: Key | None = None
    before: Key | None = None
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    rows: Sequence[T]
    has_next: bool
    has_previous: bool


class Connection(Protocol):
    """The value of a connection field: called as a resolver it gives a page; a bulk operation takes every node."""

    def __call__(self, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> dict[str, Any]: ...

    def every(self, **arguments: Any) -> Iterator[Any]: ...


class ListConnection(Generic[T]):
    """A connection over rows that are at hand, in ascending order of their keys."""

    def __init__(self, rows: Callable[[], Iterable[T]], *, key: Callable[[T], Key], node: Callable[[T], Any]) -> None:
        self._rows = rows
        self._key = key
        self._node = node

    def __call__(self, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> dict[str, Any]:
        del info
        page = cut(list(self._rows()), key=self._key, window=window(arguments))
        return connection(page, key=self._key, node=self._node)

    def every(self, **arguments: Any) -> Iterator[Any]:
        del arguments
        return map(self._node, self._rows())


def window(arguments: Mapping[str, Any], *, sort: str = "") -> Window:
    """The window of a field's arguments; GraphQLError when they make no sense."""
    first, last = arguments.get("first"), arguments.get("last")
    size = last if first is None else first
    if size is None:
        raise bad_request("you must provide one of first or last")
    if first is not None and last is not None:
        raise bad_request("providing both first and last is not supported")
    if not 0 <= size <= MAX_PAGE_SIZE:
        raise bad_request(f"the page size must be from 0 to {MAX_PAGE_SIZE}; it is {size}")
    return Window(
        size=size,
        from_end=first is None,
        after=_key(arguments.get("after"), sort),
        before=_key(arguments.get("before"), sort),
        reverse=bool(arguments.get("reverse")),
    )


def cut(rows: Sequence[T], *, key: Callable[[T], Key], window: Window) -> Page[T]:
    """The page of rows that are in ascending order of their keys."""
    low, high = (window.before, window.after) if window.reverse else (window.after, window.before)
    kept = [row for row in rows if (low is None or key(row) > low) and (high is None or key(row) < high)]
    if window.reverse:
        kept.reverse()
    chosen = kept[len(kept) - window.size :] if window.from_end and len(kept) > window.size else kept[: window.size]
    return page(chosen, window=window, more=len(kept) > window.size)


def page(rows: Sequence[T], *, window: Window, more: bool) -> Page[T]:
    """The page of these rows; `more` says that rows lie beyond the side the window grows towards."""
    if window.from_end:
        return Page(rows, has_next=window.before is not None, has_previous=more)
    return Page(rows, has_next=more, has_previous=window.after is not None)


def connection(page: Page[T], *, key: Callable[[T], Key], node: Callable[[T], Any], sort: str = "") -> dict[str, Any]:
    """The page as the published connection types have it."""
    nodes = [node(row) for row in page.rows]
    cursors = [_cursor(key(row), sort) for row in page.rows]
    return {
        "nodes": nodes,
        "edges": [{"cursor": cursor, "node": each} for cursor, each in zip(cursors, nodes, strict=True)],
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": page.has_previous,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _cursor(key: Key, sort: str) -> str:
    value, number = key
    return base64.b64encode(json.dumps({"last_id": number, "last_value": value, "sort": sort}).encode()).decode()


def _key(cursor: str | None, sort: str) -> Key | None:
    """What a cursor names; one of another order is refused, since it would skip or repeat rows."""
    if cursor is None:
        return None
    try:
        fields = json.loads(base64.b64decode(cursor, validate=True))
        if fields["sort"] == sort:
            return int(fields["last_value"]), int(fields["last_id"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        pass
    raise bad_request("Invalid cursor for current pagination sort.")
