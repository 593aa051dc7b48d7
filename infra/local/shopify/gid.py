"""Global ids: `gid://shopify/<Type>/<number>`.

The ids of what hangs on an order are made from the order's, so that a line, a refund or its lines can be found by id
alone, and loading the same file again gives the same ids.
"""

import hashlib
import re
from functools import lru_cache

from infra.local.shopify.refusal import bad_request

LINES_PER_ORDER = 100_000
REFUNDS_PER_ORDER = 1_000

_GID = re.compile(r"gid://shopify/([A-Za-z]+)/(\d{1,19})")
_ORDER_NUMBER = re.compile(r"#?([0-9A-Za-z]{1,8})")


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def parse_gid(text: str) -> tuple[str, int] | None:
    """The type and the number, or None when the text is no global id."""
    match = _GID.fullmatch(text)
    return (match[1], int(match[2])) if match else None


def gid_number(text: str, kind: str) -> int:
    """The number of a global id of that type; GraphQLError for any other text."""
    parsed = parse_gid(text)
    if parsed is None or parsed[0] != kind:
        raise bad_request(f"Invalid global id '{text}'; {gid(kind, 1)} is how one looks")
    return parsed[1]


def order_id(name: str) -> int | None:
    """The id of the order called `name`; one name, one id. None unless it is at most eight letters and digits.

    The leading 1 keeps `7` and `007` apart; eight characters leave room for the ids of the lines in 63 bits.
    """
    match = _ORDER_NUMBER.fullmatch(name)
    return int("1" + match[1], 36) if match else None


def line_id(order: int, position: int) -> int:
    return order * LINES_PER_ORDER + position


def order_of_line(line: int) -> int:
    return line // LINES_PER_ORDER


def refund_id(order: int, position: int) -> int:
    return order * REFUNDS_PER_ORDER + position


def order_of_refund(refund: int) -> int:
    return refund // REFUNDS_PER_ORDER


def refund_line_id(refund: int, line: int) -> int:
    return refund * LINES_PER_ORDER + line % LINES_PER_ORDER


@lru_cache(maxsize=10_000)
def article_id(sku: str) -> int:
    """The id of the product and the variant behind a SKU; 48 bits of a hash, so that no table of articles is needed."""
    return int.from_bytes(hashlib.sha256(sku.encode()).digest()[:6])
