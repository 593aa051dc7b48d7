"""Shopify's global ids, `gid://shopify/Order/450789469`. Outside this adapter only the number is used, as text."""

_PREFIX = "gid://shopify/"


def number_of(gid: str) -> str:
    """Raises ValueError when this is no global id."""
    kind, slash, number = gid.removeprefix(_PREFIX).partition("/")
    if not (gid.startswith(_PREFIX) and kind and slash and number):
        raise ValueError("not a global id")
    return number


def order_gid(number: str) -> str:
    return f"{_PREFIX}Order/{number}"
