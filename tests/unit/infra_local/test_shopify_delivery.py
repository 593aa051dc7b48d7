"""The signature of a webhook, and when one that failed is tried again."""

from itertools import pairwise

import pytest

from infra.local.shopify.delivery import RETRIES, pause_s, signature


@pytest.mark.parametrize(
    ("body", "secret", "expected"),
    [
        (b'{"foo":"bar"}', "steffi", "/Redz4YXHLnSmmSN8grr5/Jl/Ua3d7yX3iWbjb8R8wo="),
        (
            b'{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}',
            "test-webhook-secret",
            "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=",
        ),
    ],
    ids=["shopify-api-php", "sqlpage"],
)
def test_signature_is_that_of_others(body: bytes, secret: str, expected: str) -> None:
    """The vectors of Shopify's PHP SDK (tests/Webhooks/RegistryTest.php) and of SQLPage (tests for sqlpage.hmac)."""
    assert signature(body, secret=secret) == expected


def test_retries_take_four_hours_together() -> None:
    """Eight of them, each pause twice the last."""
    pauses_s = [pause_s(failures) or 0.0 for failures in range(1, RETRIES + 1)]
    assert len(pauses_s) == 8
    assert sum(pauses_s) == pytest.approx(4 * 3600)
    assert [later / earlier for earlier, later in pairwise(pauses_s)] == [2.0] * 7


def test_ninth_failure_is_the_last() -> None:
    """Nothing comes after the eighth retry."""
    assert pause_s(RETRIES + 1) is None
