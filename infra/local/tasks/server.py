import inspect
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message

from infra.local.service import LOOPBACK, Service
from infra.local.tasks.api import CloudTasks
from infra.local.tasks.dispatcher import Dispatcher
from infra.local.tasks.errors import RpcError
from infra.local.tasks.new_task import DeadlineRange
from infra.local.tasks.store import Store

RPC_SERVICE = "google.cloud.tasks.v2.CloudTasks"
RPC_THREADS = 8
MAX_RPC_DEADLINE_S = 30.0
STOP_GRACE_S = 2.0


class TasksService:
    def __init__(
        self, *, rpc: grpc.Server, threads: ThreadPoolExecutor, port: int, dispatcher: Dispatcher, store: Store
    ) -> None:
        self._rpc = rpc
        self._threads = threads
        self._port = port
        self._dispatcher = dispatcher
        self._store = store

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    def stop(self) -> None:
        self._rpc.stop(STOP_GRACE_S).wait()
        self._threads.shutdown()
        self._dispatcher.stop()
        self._store.close()


def start(
    *,
    identity: str,
    port: int = 0,
    state: Path | None = None,
    deadlines: DeadlineRange | None = None,
    clock: Callable[[], float] = time.time,
) -> Service:
    """`identity` is the URL of the local identity service, which signs the tokens that tasks carry."""
    if not identity.startswith(("http://", "https://")):
        raise ValueError(f"identity must be a URL like http://127.0.0.1:8080, not {identity!r}")
    store = Store(state)
    dispatcher = Dispatcher(store, identity=identity.rstrip("/"), clock=clock)
    api = CloudTasks(store=store, dispatcher=dispatcher, deadlines=deadlines or DeadlineRange(), clock=clock)
    threads = ThreadPoolExecutor(RPC_THREADS, thread_name_prefix="tasks-rpc")
    rpc = grpc.server(threads)
    rpc.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(RPC_SERVICE, _handlers(api)),))
    bound_port = rpc.add_insecure_port(f"{LOOPBACK}:{port}")
    rpc.start()
    return TasksService(rpc=rpc, threads=threads, port=bound_port, dispatcher=dispatcher, store=store)


def _handlers(api: CloudTasks) -> "dict[str, grpc.RpcMethodHandler[Any, Any]]":
    """One handler for each public method of the API; the request's class is read from the method's annotation."""
    methods = [(name, method) for name, method in inspect.getmembers(api, inspect.ismethod) if name[0].isupper()]
    return {
        name: grpc.unary_unary_rpc_method_handler(
            _answer_with(method),
            request_deserializer=inspect.signature(method).parameters["request"].annotation.deserialize,
            response_serializer=_serialize,
        )
        for name, method in methods
    }


def _answer_with(method: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        remaining_s = context.time_remaining()
        if remaining_s is not None and remaining_s > MAX_RPC_DEADLINE_S:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"The request deadline is {remaining_s:.0f}s away. The deadline cannot be more than 30s in the future.",
            )
        try:
            return method(request)
        except RpcError as error:
            context.abort(error.code, error.message)

    return answer


def _serialize(response: Any) -> bytes:
    return response.SerializeToString() if isinstance(response, Message) else type(response).serialize(response)
