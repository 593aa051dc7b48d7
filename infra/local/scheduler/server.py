import time
from collections.abc import Callable
from pathlib import Path

from infra.local.http_target.limits import DeadlineRange
from infra.local.http_target.service import CallingService
from infra.local.rpc_server import RpcServer
from infra.local.scheduler.api import CloudScheduler
from infra.local.scheduler.dispatcher import Dispatcher
from infra.local.scheduler.store import Store
from infra.local.service import Service

RPC_SERVICE = "google.cloud.scheduler.v1.CloudScheduler"


def start(
    *,
    identity: str,
    port: int = 0,
    state: Path | None = None,
    deadlines: DeadlineRange | None = None,
    clock: Callable[[], float] = time.time,
) -> Service:
    """`identity` is the URL of the local identity service, which signs the tokens that jobs carry."""
    store = Store(state, now_s=clock())
    dispatcher = Dispatcher(store, identity=identity, clock=clock)
    api = CloudScheduler(store=store, dispatcher=dispatcher, deadlines=deadlines or DeadlineRange(), clock=clock)
    return CallingService(rpc=RpcServer(RPC_SERVICE, api, port=port), dispatcher=dispatcher, store=store)
