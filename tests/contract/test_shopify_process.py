"""The local Shopify as a process: it says where it is, keeps what it acknowledged, and ends when it is told to."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.shopify.delivery import signature
from tests.contract.shopify_shop import ShopifyShop
from tests.contract.shopify_webhooks.inbox import Inbox
from tests.contract.worker import running_worker

CHECKOUT = Path(__file__).resolve().parents[2]
DOMAIN = "test.myshopify.com"
LONG_S = 60.0
ORDERS = "{orders {edges {node {id lineItems {edges {node {sku}}}}}}}"


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    shop: ShopifyShop

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the service on the same state folder every time."""
    with ExitStack() as stack:

        def start(*options: str) -> Running:
            command = [sys.executable, "-m", "infra.local.shopify", "--port", "0", "--state", str(tmp_path), *options]
            process = stack.enter_context(subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True))
            stack.callback(process.kill)
            assert process.stdout is not None
            ready: dict[str, Any] = json.loads(process.stdout.readline())
            assert ready["service"] == "shopify"
            http = stack.enter_context(httpx.Client(base_url=f"http://{ready['address']}", timeout=60))
            return Running(process, ShopifyShop(http, DOMAIN))

        yield start


def test_what_was_acknowledged_is_there_after_kill_9(run: Callable[..., Running]) -> None:
    """Shops, orders, and the results of bulk operations."""
    first = run()
    first.shop.make()
    made = first.shop.put("1")
    operation = first.shop.run_bulk(ORDERS)
    before = first.shop.fetch(first.shop.bulk_ended(operation)["url"])
    first.end(signal.SIGKILL)
    second = run()
    assert second.shop.counts() == {"domain": DOMAIN, "orders": 1, "lines": 1, "bulk_operations": 1, "throttled": 0}
    assert second.shop.data("{orders(first: 1) {nodes {id}}}")["orders"]["nodes"] == [{"id": made["id"]}]
    assert second.shop.fetch(second.shop.bulk(operation)["url"]) == before


def test_webhook_subscriptions_are_there_after_kill_9(run: Callable[..., Running]) -> None:
    """And are served as the service was told to: with this secret, to the address of the compliance topics."""
    with running_worker() as worker:
        options = ("--allow-http", "--app-secret", "hush", "--compliance-uri", f"{worker.url}/compliance")
        first = run(*options)
        first.shop.make()
        inbox = Inbox(first.shop, worker, "/webhooks")
        (identity,) = inbox.subscribe("ORDERS_CREATE")
        first.end(signal.SIGKILL)
        second = run(*options)
        second.shop.put("1")
        second.shop.control(f"/control/shops/{DOMAIN}/compliance", {"topic": "shop/redact"})
        assert [each["id"] for each in replace(inbox, shop=second.shop).subscriptions()] == [identity]
        for path in ("/webhooks", "/compliance"):
            (webhook,) = replace(inbox, path=path).received()
            assert webhook.headers["x-shopify-hmac-sha256"] == signature(webhook.raw, secret="hush")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)])
def test_interrupted_bulk_operation_runs_to_its_end_after_a_restart(
    run: Callable[..., Running], number: signal.Signals, code: int
) -> None:
    """From its beginning, and once; asked to end, the service does so cleanly in the middle of it."""
    first = run()
    first.shop.make()
    first.shop.put("1")
    first.shop.fault("bulk_delay", delay_s=LONG_S)
    operation = first.shop.run_bulk(ORDERS)
    first.shop.bulk_when(operation, lambda state: state["objectCount"] != "0")
    assert first.end(number) == code
    second = run()
    done = second.shop.bulk_ended(operation)
    assert (done["status"], done["objectCount"]) == ("COMPLETED", "2")
    assert len(second.shop.fetch(done["url"])) == 2


def test_service_throttles_as_it_is_told_to(run: Callable[..., Running]) -> None:
    """A plan for shops that name none; and it ends when it is interrupted from the keyboard."""
    first = run("--throttle", "plus")
    first.shop.make()
    cost = first.shop.ask("{shop {name}}").json()["extensions"]["cost"]
    assert cost["throttleStatus"]["restoreRate"] == 1_000.0
    first.shop.make(plan="advanced")
    cost = first.shop.ask("{shop {name}}").json()["extensions"]["cost"]
    assert cost["throttleStatus"]["restoreRate"] == 200.0
    assert first.end(signal.SIGINT) == 0
