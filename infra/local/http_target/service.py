"""A service that calls HTTP targets: its gRPC side, who calls, and what is kept; and its command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from infra.local.http_target.limits import DeadlineRange
from infra.local.rpc_server import RpcServer
from infra.local.service import Service, argument_parser, run_until_terminated


class Dispatcher(Protocol):
    def stop(self) -> None: ...


class Store(Protocol):
    def close(self) -> None: ...


class Start(Protocol):
    """`identity` is the URL of the local identity service, which signs the tokens that calls carry."""

    def __call__(self, *, identity: str, port: int, state: Path | None, deadlines: DeadlineRange) -> Service: ...


@dataclass(frozen=True)
class CallingService:
    rpc: RpcServer
    dispatcher: Dispatcher
    store: Store

    @property
    def address(self) -> str:
        return self.rpc.address

    def stop(self) -> None:
        self.rpc.stop()
        self.dispatcher.stop()
        self.store.close()


def serve(name: str, start: Start, *, summary: str) -> None:
    """The command `python -m infra.local.<name>`, until it is told to end."""
    parser = argument_parser(name, summary=summary)
    parser.add_argument("--identity", required=True, help="URL of the local identity service")
    parser.add_argument("--min-deadline-s", type=float, default=DeadlineRange.min_s, help="shortest deadline of a call")
    options = parser.parse_args()
    deadlines = DeadlineRange(min_s=options.min_deadline_s)
    run_until_terminated(
        name, start(identity=options.identity, port=options.port, state=options.state, deadlines=deadlines)
    )
