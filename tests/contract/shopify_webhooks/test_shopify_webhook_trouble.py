"""Webhooks that are refused, late, lost, doubled and out of order."""

import socket
import threading

from infra.local.shopify.courier import MAX_CONNECTIONS
from tests.contract.shopify_webhooks.inbox import Inbox
from tests.contract.worker import Worker

QUICKLY_S = 0.2
"""In place of four hours."""
ALWAYS = (503,) * 99


def test_refused_webhook_comes_again_as_it_was(inbox: Inbox) -> None:
    """With its id and its body of then, though the order has changed since."""
    inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(retried_for_s=QUICKLY_S)
    inbox.answer(503, 301)
    inbox.shop.put("1", note="then")
    inbox.received()
    inbox.shop.put("1", note="since")
    first, *again = inbox.received(3)
    assert first.body["note"] == "then"
    assert [(each.id, each.raw, each.headers) for each in again] == [(first.id, first.raw, first.headers)] * 2
    (sent,) = inbox.settled()
    assert (sent["answers"], sent["state"]) == ([503, 301, 200], "delivered")


def test_subscription_ends_when_eight_retries_fail(inbox: Inbox) -> None:
    """That one only; what the others are told is not touched."""
    ended, kept = inbox.subscribe("ORDERS_CREATE", "ORDERS_UPDATED")
    inbox.trouble(retried_for_s=QUICKLY_S)
    inbox.answer(*ALWAYS)
    inbox.shop.put("1")
    (sent,) = inbox.settled()
    assert (sent["answers"], sent["state"]) == ([503] * 9, "given_up")
    assert [each["id"] for each in inbox.subscriptions()] == [kept] != [ended]


def test_success_at_the_last_try_keeps_the_subscription(inbox: Inbox) -> None:
    """Eight failures and then an answer."""
    (kept,) = inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(retried_for_s=QUICKLY_S)
    inbox.answer(*ALWAYS[:8])
    inbox.shop.put("1")
    (sent,) = inbox.settled()
    assert (len(sent["answers"]), sent["state"]) == (9, "delivered")
    assert [each["id"] for each in inbox.subscriptions()] == [kept]


def test_compliance_webhook_is_given_up_too(inbox: Inbox) -> None:
    """There is no subscription that could end."""
    inbox.trouble(retried_for_s=QUICKLY_S)
    inbox.answer(*ALWAYS)
    inbox.shop.control("/control/app", {"compliance_uri": inbox.uri})
    inbox.shop.control(f"/control/shops/{inbox.shop.domain}/compliance", {"topic": "shop/redact"})
    assert [each["state"] for each in inbox.settled()] == ["given_up"]


def test_nobody_at_the_address_is_a_failure(inbox: Inbox) -> None:
    """The list of what was sent says what happened."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        inbox.ask("ORDERS_CREATE", uri=f"http://127.0.0.1:{closed.getsockname()[1]}/")
        inbox.trouble(retried_for_s=QUICKLY_S)
        inbox.shop.put("1")
        (sent,) = inbox.settled()
    assert sent["state"] == "given_up"
    assert all(answer.startswith("ConnectError") for answer in sent["answers"])


def test_doubled_webhook_comes_twice_with_one_id(inbox: Inbox) -> None:
    """The one that was asked for, and the next one comes once again."""
    inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(double=1)
    for name in ("1", "2"):
        inbox.shop.put(name)
    webhooks = inbox.received(3)
    assert sorted(webhook.body["name"] for webhook in webhooks) == ["#1", "#1", "#2"]
    assert len({webhook.id for webhook in webhooks}) == 2
    assert len({webhook.raw for webhook in webhooks}) == 2


def test_lost_webhook_never_comes(inbox: Inbox) -> None:
    """The first so many; the shop believes nothing else."""
    inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(lose=1)
    for name in ("1", "2"):
        inbox.shop.put(name)
    assert [webhook.body["name"] for webhook in inbox.received()] == ["#2"]
    assert [each["state"] for each in inbox.settled()] == ["lost", "delivered"]
    assert len(inbox.received()) == 1


def test_held_and_shuffled_webhooks_come_out_of_order(inbox: Inbox) -> None:
    """Of two the later comes first: an update before the order was created."""
    inbox.subscribe("ORDERS_CREATE", "ORDERS_UPDATED")
    inbox.trouble(hold=True, shuffle=True)
    inbox.shop.put("1")
    inbox.shop.edit("1", "touch")
    assert [each["state"] for each in inbox.sent()] == ["waiting", "waiting"]
    inbox.trouble(hold=False)
    assert inbox.topics(2) == ["orders/updated", "orders/create"]


def test_late_webhook_keeps_no_other_waiting(inbox: Inbox) -> None:
    """What is triggered after it is there before it."""
    inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(delay_s=3600)
    inbox.shop.put("late")
    inbox.trouble(delay_s=0)
    inbox.shop.put("prompt")
    assert [webhook.body["name"] for webhook in inbox.received()] == ["#prompt"]
    assert inbox.sent()[0]["state"] == "waiting"


def test_burst_is_sent_by_a_few_connections(inbox: Inbox, worker: Worker) -> None:
    """Each webhook once, and never more at once than there are connections."""
    inbox.subscribe("ORDERS_CREATE")
    worker.peak = 0
    inbox.trouble(hold=True)
    for number in range(100):
        inbox.shop.put(f"{number}")
    inbox.trouble(hold=False)
    webhooks = inbox.received(100)
    assert sorted(int(webhook.body["name"][1:]) for webhook in webhooks) == list(range(100))
    assert len(inbox.settled()) == len({webhook.id for webhook in webhooks}) == 100
    assert worker.peak <= MAX_CONNECTIONS


def test_receiver_has_five_seconds(inbox: Inbox, worker: Worker) -> None:
    """Then the attempt counts as failed, whatever it would have answered."""
    gate = worker.gates[inbox.path] = threading.Event()
    inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(retried_for_s=QUICKLY_S)
    inbox.shop.put("1")
    inbox.received(2)
    gate.set()
    (sent,) = inbox.settled()
    assert sent["answers"][0] == "no answer within 5 s"
    assert sent["state"] == "delivered"
