"""The hidden cell of each row: whose row it is, from which version, and what it held when it was written.

    v1|<order>|<line>|<version>|<content>|<key>

`order` and `line` are the platform's ids (`%` and `|` escaped), `version` the order's time of change in ms, `content`
the hash of the managed cells and whether they are struck through, `key` a short hash of the visible key cell: where it
disagrees with the key that stands beside it, a sort of a part of the columns tore the row.
"""

import re
from hashlib import blake2b
from typing import NamedTuple

_FORM = re.compile(r"v1\|([^|]+)\|([^|]*)\|([0-9]{1,19})\|([0-9a-f]{16})\|([0-9a-f]{6})")
"""What `SystemCell.text` makes, and nothing else: its numbers fit into 64 bits."""


STRUCK = 1
"""The lowest bit of a content hash: the row is struck through, as one of a removed order."""


class SystemCell(NamedTuple):
    order_id: str
    line_id: str
    version: int
    content: int
    """64 bits of the identity and the managed cells, made by `content_hash`."""
    key: str

    def text(self) -> str:
        order, line = _escape(self.order_id), _escape(self.line_id)
        return f"v1|{order}|{line}|{self.version}|{self.content:016x}|{self.key}"


def parse(text: object) -> SystemCell | None:
    """None for whatever Tabkeeper did not write: an empty cell, a person's text, a damaged one."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    order, line, version, content, key = found.groups()
    return SystemCell(_unescape(order), _unescape(line), int(version), int(content, 16), key)


def content_of(text: object) -> int:
    """The content hash alone, 0 where `parse` finds nothing; about twice as quick."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    return int(found[4], 16) if found else 0


def hash64(text: str) -> int:
    """64 bits, never 0, the same in every process. Among a million rows two agree once in 37 million tabs."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "big") or 1


def content_hash(text: str, *, struck: bool) -> int:
    """64 bits, never 0 and never STRUCK alone."""
    return restruck(hash64(text) | 2, struck=struck)


def restruck(content: int, *, struck: bool) -> int:
    """The content hash of the same cells, struck through or not."""
    return content & ~STRUCK | struck


def key_hash(key: str) -> str:
    return f"{hash64(key) & 0xFFFFFF:06x}"


def _escape(part: str) -> str:
    return part.replace("%", "%25").replace("|", "%7C") if "%" in part or "|" in part else part


def _unescape(part: str) -> str:
    return part.replace("%7C", "|").replace("%25", "%") if "%" in part else part
