"""How a shop is called: its own address at Shopify, in lower case."""

import re

SHOP_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
"""For `fullmatch`: `$` would let a newline through."""
