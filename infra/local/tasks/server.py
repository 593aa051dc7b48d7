import time
from collections.abc import Callable
from pathlib import Path

from infra.local.http_target.limits import DeadlineRange
from infra.local.http_target.service import CallingService
from infra.local.rpc_server import RpcServer
from infra.local.service import Service
from infra.local.tasks.api import CloudTasks
from infra.local.tasks.dispatcher import Dispatcher
from infra.local.tasks.store import Store

RPC_SERVICE = "google.cloud.tasks.v2.CloudTasks"
MAX_RPC_DEADLINE_S = 30.0


def start(
    *,
    identity: str,
    port: int = 0,
    state: Path | None = None,
    deadlines: DeadlineRange | None = None,
    clock: Callable[[], float] = time.time,
) -> Service:
    """`identity` is the URL of the local identity service, which signs the tokens that tasks carry."""
    store = Store(state)
    dispatcher = Dispatcher(store, identity=identity, clock=clock)
    api = CloudTasks(store=store, dispatcher=dispatcher, deadlines=deadlines or DeadlineRange(), clock=clock)
    rpc = RpcServer(RPC_SERVICE, api, port=port, max_deadline_s=MAX_RPC_DEADLINE_S)
    return CallingService(rpc=rpc, dispatcher=dispatcher, store=store)
