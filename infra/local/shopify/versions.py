"""Versions of the API: quarterly, supported for a year."""

import re

SERVED = ("2026-01", "2026-07", "2026-10")

WEBHOOK_VERSION = SERVED[-1]
"""Which the app is registered with for webhooks, and no subscription can change."""


def served_version(asked: str) -> str | None:
    """What answers when this version is asked for; X-Shopify-API-Version says so. None where there is no such version.

    A version that is no longer there falls forward to the next that is (shopify.dev, "About Shopify API versioning").
    """
    if asked == "unstable":
        return SERVED[-1]
    if not re.fullmatch(r"\d{4}-(01|04|07|10)", asked):
        return None
    return next((version for version in SERVED if version >= asked), None)
