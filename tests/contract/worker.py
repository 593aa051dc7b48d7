import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.auth.transport.requests import Request
from google.oauth2 import id_token

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Delivery:
    path: str
    method: str
    headers: dict[str, str]
    body: bytes

    def verified(self, *, identity: str, audience: str) -> Mapping[str, Any]:
        """The claims of its bearer token."""
        token = self.headers["Authorization"].removeprefix("Bearer ")
        return id_token.verify_token(token, Request(), audience=audience, certs_url=f"{identity}/oauth2/v1/certs")


@dataclass
class Worker:
    """A real HTTP server that notes what reaches it and answers each path as it is told."""

    url: str = ""
    answers: dict[str, list[int]] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    active: int = 0
    peak: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def receive(self, delivery: Delivery) -> int:
        with self.changed:
            self.deliveries.append(delivery)
            self.active += 1
            self.peak = max(self.peak, self.active)
            self.changed.notify_all()
            answers = self.answers.get(delivery.path, [])
            answer = answers.pop(0) if answers else 200
        if delivery.path in self.gates:
            self.gates[delivery.path].wait(PATIENCE_S)
        with self.changed:
            self.active -= 1
        return answer

    def wait_for(self, path: str, *, count: int = 1) -> list[Delivery]:
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.at(path)) >= count, timeout=PATIENCE_S)
            assert arrived, f"{len(self.at(path))} of {count} deliveries reached {path}"
            return self.at(path)

    def at(self, path: str) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.path == path]


@contextmanager
def running_worker() -> Iterator[Worker]:
    worker = Worker()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = worker.receive(Delivery(self.path, self.command, dict(self.headers), body))
            try:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except BrokenPipeError:
                return

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    worker.url = f"http://127.0.0.1:{server.server_port}"
    yield worker
    for gate in worker.gates.values():
        gate.set()
    server.shutdown()
    server.server_close()
    thread.join()


def until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, "it never came to be so"
        time.sleep(0.01)
