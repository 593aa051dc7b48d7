"""The lines of an exported file, never the whole of it; a dropped download goes on where it stopped."""

from collections.abc import Iterator

from backend.errors import UpstreamUnavailable
from backend.platforms.shopify.client import ExportLost, ShopifyClient
from backend.platforms.shopify.retry import Retry


def exported_lines(
    client: ShopifyClient, url: str, *, start: int, size_bytes: int | None
) -> Iterator[tuple[bytes, int]]:
    """Each line with the offset of the byte after it. `start` is the beginning of a line."""
    position = start
    retry = Retry()
    while True:
        began = position
        try:
            for line, position in _lines_of_one_download(client, url, start=began, size_bytes=size_bytes):
                yield line, position
        except ExportLost:
            raise
        except UpstreamUnavailable as error:
            if position > began:
                retry = Retry()
            wait_s = retry.wait_s(error)
            if wait_s is None:
                raise
            client.pause(wait_s)
        else:
            return


def _lines_of_one_download(
    client: ShopifyClient, url: str, *, start: int, size_bytes: int | None
) -> Iterator[tuple[bytes, int]]:
    position = start
    rest = b""
    for chunk in client.download(url, offset=start):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            position += len(line) + 1
            yield line, position
    received = position + len(rest)
    if size_bytes is not None and received < size_bytes:
        raise UpstreamUnavailable(detail=f"the exported file ended at byte {received} of {size_bytes}")
    if rest:
        yield rest, received
