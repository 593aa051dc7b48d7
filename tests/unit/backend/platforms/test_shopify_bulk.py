"""The file that a bulk operation leaves behind, cut up in every way that a network can think of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import ScopeMissing, SourceBroken, UpstreamUnavailable
from backend.platforms.access import FixedAccess
from backend.platforms.shopify.bulk import BulkExport
from backend.platforms.shopify.client import ExportLost, ShopifyClient
from backend.platforms.shopify.jsonl import exported_lines
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.source import Checkpoint, Order

URL = "https://files.example/result.jsonl"


@dataclass
class Cut(httpx.SyncByteStream):
    """Chunks of these sizes, and an abrupt end where the file is cut."""

    content: bytes
    chunk_bytes: int
    cut: bool

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), self.chunk_bytes):
            yield self.content[start : start + self.chunk_bytes]
        if self.cut:
            raise httpx.ReadError("gone")


@dataclass
class Files(httpx.BaseTransport):
    """Stands for Shopify and its store of files, in memory. A cut is after how many bytes a download ends."""

    content: bytes
    cuts: list[int] = field(default_factory=list)
    chunk_bytes: int = 64
    knows_ranges: bool = True
    status: int | None = None
    operation: dict[str, Any] = field(default_factory=dict)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            found = {"status": "COMPLETED", "errorCode": None, "url": URL, "fileSize": str(len(self.content))}
            no_orders = {"edges": [], "pageInfo": {"hasNextPage": False}}
            return httpx.Response(200, json={"data": {"bulkOperation": found | self.operation, "orders": no_orders}})
        if self.status is not None:
            return httpx.Response(self.status)
        start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-")) if self.knows_ranges else 0
        rest = self.content[start:]
        cut = self.cuts.pop(0) if self.cuts else len(rest)
        stream = Cut(rest[:cut], self.chunk_bytes, cut=cut < len(rest))
        return httpx.Response(206 if self.knows_ranges else 200, stream=stream)


def client_of(files: Files) -> ShopifyClient:
    return ShopifyClient(
        base_url="https://shop.example",
        api_version="2026-10",
        access=FixedAccess("t"),
        timeout_s=1.0,
        pause=lambda _: None,
        transport=files,
    )


def lines_of(files: Files, *, start: int = 0) -> list[tuple[bytes, int]]:
    return list(exported_lines(client_of(files), URL, start=start, size_bytes=len(files.content)))


def order_line(number: int) -> dict[str, Any]:
    node = {"id": f"gid://shopify/Order/{number}", "updatedAt": "2026-10-01T10:00:00Z", "cancelledAt": None}
    return node | {"name": f"#ż{number}"}


def item_line(number: int, order: int) -> dict[str, Any]:
    return {"id": f"gid://shopify/LineItem/{number}", "sku": "ż", "__parentId": f"gid://shopify/Order/{order}"}


def file_of(*lines: dict[str, Any]) -> Files:
    return Files("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())


def orders_of(files: Files, resume: Checkpoint | None = None) -> list[Order]:
    export = BulkExport(client_of(files), OrderShape(["order_name", "sku"]))
    return list(
        export.orders(resume=resume or {"kind": "bulk", "operation": "gid://shopify/BulkOperation/1", "offset": 0})
    )


texts = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1), min_size=1)


@settings(deadline=None)
@given(texts=texts, chunk_bytes=st.integers(1, 50), cuts=st.lists(st.integers(0, 40), max_size=5))
def test_lines_survive_any_cut(texts: list[str], chunk_bytes: int, cuts: list[int]) -> None:
    """Each line comes once and whole, with the offset behind it, wherever chunks end and connections drop."""
    content = "".join(text + "\n" for text in texts).encode()
    found = lines_of(Files(content, cuts=cuts, chunk_bytes=chunk_bytes))
    assert [line.decode() for line, _ in found] == texts
    assert [content[:end].count(b"\n") for _, end in found] == list(range(1, len(texts) + 1))
    assert found[-1][1] == len(content)


@settings(deadline=None)
@given(texts=texts, place=st.integers(0))
def test_reading_can_begin_behind_any_line(texts: list[str], place: int) -> None:
    """An offset that came with a line is where the next one begins, in a store that knows ranges or not."""
    files = Files("".join(text + "\n" for text in texts).encode(), chunk_bytes=7)
    found = lines_of(files)
    place %= len(found)
    assert lines_of(files, start=found[place][1]) == found[place + 1 :]
    files.knows_ranges = False
    assert lines_of(files, start=found[place][1]) == found[place + 1 :]


def test_last_line_needs_no_newline() -> None:
    """A file may end with its last line."""
    assert lines_of(Files(b"a\nb")) == [(b"a", 2), (b"b", 3)]


def test_file_that_never_comes_whole_is_given_up() -> None:
    """After bounded attempts without any progress."""
    files = Files(b"a\n" + b"b" * 100, cuts=[50] * 100)
    with pytest.raises(UpstreamUnavailable):
        lines_of(files)
    assert len(files.cuts) > 80


def test_progress_earns_new_patience() -> None:
    """A long download over a bad line arrives after all."""
    files = Files(b"0123456\n" * 40, cuts=[10] * 39)
    assert len(lines_of(files)) == 40


@pytest.mark.parametrize("status", [403, 404, 410])
def test_file_that_is_gone_is_told_apart(status: int) -> None:
    """It will not come back by asking again."""
    with pytest.raises(ExportLost):
        lines_of(Files(b"a\n", status=status))


def test_other_refusals_are_broken() -> None:
    """Nothing is guessed about an answer that makes no sense."""
    with pytest.raises(SourceBroken):
        lines_of(Files(b"a\n", status=418))


@settings(deadline=None)
@given(sizes=st.lists(st.integers(0, 4), min_size=1, max_size=8), place=st.integers(0), chunk_bytes=st.integers(1, 200))
def test_every_checkpoint_yields_the_rest(sizes: list[int], place: int, chunk_bytes: int) -> None:
    """Orders with any number of lines: each is whole, and its checkpoint leads right behind it."""
    lines: list[dict[str, Any]] = []
    for order, size in enumerate(sizes):
        lines += [order_line(order), *(item_line(number, order) for number in range(size))]
    files = file_of(*lines)
    files.chunk_bytes = chunk_bytes
    orders = orders_of(files)
    assert [len(order.lines) for order in orders] == sizes
    assert [order.values["order_name"] for order in orders] == [f"#ż{order}" for order in range(len(sizes))]
    place %= len(orders)
    assert orders_of(files, orders[place].checkpoint) == orders[place + 1 :]


def test_line_without_its_order_is_refused() -> None:
    """Ungrouped files, where lines come anywhere, would give orders without their lines."""
    with pytest.raises(SourceBroken) as caught:
        orders_of(file_of(order_line(1), order_line(2), item_line(1, 1)))
    assert "is not below its order" in caught.value.detail


def test_first_line_must_be_an_order() -> None:
    """A line of nothing belongs to nothing."""
    with pytest.raises(SourceBroken):
        orders_of(file_of(item_line(1, 1)))


@pytest.mark.parametrize("content", [b"{\n", b"[]\n", b"null\n", b"\xff\n"])
def test_malformed_line_is_refused(content: bytes) -> None:
    """Each line is a JSON object."""
    with pytest.raises(SourceBroken):
        orders_of(Files(content))


def test_refused_operation_misses_a_scope() -> None:
    """Even when the same question outside of bulk does not say which."""
    files = Files(b"", operation={"status": "FAILED", "errorCode": "ACCESS_DENIED", "url": None})
    with pytest.raises(ScopeMissing):
        orders_of(files)
