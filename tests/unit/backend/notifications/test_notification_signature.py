"""Signatures, judged by the implementation that Standard Webhooks publishes for receivers."""

from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from backend.clock import utc_now
from backend.notifications.signature import new_secret, signed_headers

BODY = '{"type":"run.failed","data":{"message":"„Ż”"}}'.encode()


def test_receiver_verifies_the_signature() -> None:
    """With the secret as it was shown."""
    secret = new_secret()
    headers = signed_headers("evt_1", BODY, with_secrets=[secret], at=utc_now())
    assert Webhook(secret).verify(BODY, headers)["type"] == "run.failed"


@pytest.mark.parametrize("changed", ["body", "id", "secret", "time"])
def test_whatever_is_changed_is_noticed(changed: str) -> None:
    """Every part of it is signed, and an old one is not sent again in its place."""
    secret = new_secret()
    at = utc_now() - (timedelta(hours=1) if changed == "time" else timedelta())
    headers = signed_headers("evt_1", BODY, with_secrets=[secret], at=at)
    headers |= {"webhook-id": "evt_2"} if changed == "id" else {}
    judge = Webhook(new_secret() if changed == "secret" else secret)
    with pytest.raises(WebhookVerificationError):
        judge.verify(BODY + b" " if changed == "body" else BODY, headers)


def test_either_secret_will_do_while_they_are_exchanged() -> None:
    """A receiver need not change its own in the same moment."""
    secrets = [new_secret(), new_secret()]
    headers = signed_headers("evt_1", BODY, with_secrets=secrets, at=utc_now())
    for secret in secrets:
        assert Webhook(secret).verify(BODY, headers)
