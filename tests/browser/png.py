"""Pictures made small: Chromium writes them quickly, not tightly, and screens have few colours."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
TRUECOLOUR_CHANNELS = {2: 3, 6: 4}
PALETTE = 3


def shrunk(picture: bytes) -> bytes:
    """With a palette of the commonest colours; each other colour becomes the nearest of them."""
    chunks = list(_chunks(picture))
    width, height, _, colour_type = struct.unpack_from(">IIBB", chunks[0][1])
    channels = TRUECOLOUR_CHANNELS[colour_type]
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    rows = list(_rows(zlib.decompress(packed), width * channels, channels))
    pixels = [[row[at : at + 3] for at in range(0, len(row), channels)] for row in rows]
    counted = Counter(pixel for row in pixels for pixel in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    places |= {colour: _nearest(colour, palette) for colour in counted if colour not in places}
    lines = b"".join(b"\0" + bytes(places[pixel] for pixel in row) for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, PALETTE, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    def distance(place: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[place], strict=True))

    return min(range(len(palette)), key=distance)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        size, kind = struct.unpack_from(">I4s", picture, at)
        yield kind, picture[at + 8 : at + 8 + size]
        at += size + 12


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _rows(filtered: bytes, size: int, channels: int) -> Iterator[bytes]:
    """As they were before each was written as its difference from its neighbours (PNG specification, 9.2)."""
    above = bytes(size)
    for start in range(0, len(filtered), size + 1):
        how = filtered[start]
        row = bytearray(filtered[start + 1 : start + 1 + size])
        if how == 2:
            row = bytearray((byte + up) & 255 for byte, up in zip(row, above, strict=True))
        elif how:
            for at in range(size):
                left, corner = (row[at - channels], above[at - channels]) if at >= channels else (0, 0)
                guesses = {1: left, 3: (left + above[at]) // 2, 4: _paeth(left, above[at], corner)}
                row[at] = (row[at] + guesses[how]) & 255
        above = bytes(row)
        yield above


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))
