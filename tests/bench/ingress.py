"""How long a webhook waits for its answer: from eight sides at once, and one after another."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack
from tests.sender import Sender
from tests.shop import Shop

REQUESTS = 500
BODY_BYTES = 20_000
"""Of an order with some ten lines."""


def measure_ingress() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), quota="off") as stack:
        ann = Merchant(stack)
        ann.sign_in()
        shop = Shop.new(stack)
        ann.connect(shop)
        sender = Sender(stack.urls["webhooks"], shop.domain)
        sender.send("orders/updated", {"id": 1})
        for threads in (8, 1):
            yield f"ingress, {threads} at once, {REQUESTS} webhooks of {BODY_BYTES // 1000} kB: {told(sender, threads)}"
        sender.close()
        ann.close()


def told(sender: Sender, threads: int) -> str:
    def timed(number: int) -> float:
        started = time.perf_counter()
        answer = sender.send("orders/updated", {"id": number, "note": "x" * BODY_BYTES})
        if answer.status_code != 200:
            raise RuntimeError(f"answered {answer.status_code}")
        return (time.perf_counter() - started) * 1000

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        waits_ms = list(pool.map(timed, range(REQUESTS)))
    a_second = REQUESTS / (time.perf_counter() - started)
    p50, p95 = statistics.median(waits_ms), statistics.quantiles(waits_ms, n=20)[-1]
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {max(waits_ms):.0f} ms; {a_second:.0f} a second"
