"""Whether a body was signed with one of our secrets: base64 of HMAC-SHA256 over it, as Shopify and WooCommerce do."""

import base64
import hashlib
import hmac
from collections.abc import Sequence


def is_signed(body: bytes, signature: str, *, secrets: Sequence[str]) -> bool:
    """In constant time, whichever secret it is; while a secret is being replaced, the one before it counts too."""
    given = signature.encode()
    matches = [
        hmac.compare_digest(base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)), given)
        for secret in secrets
    ]
    return any(matches)
