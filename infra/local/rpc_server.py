"""A gRPC service on loopback: one method of an object answers each RPC of the same name."""

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.message import Message

from infra.local.rpc_error import RpcError
from infra.local.service import LOOPBACK

THREADS = 8
STOP_GRACE_S = 2.0


class RpcServer:
    """Serves `api` until `stop()`. Each of its public methods takes `request`, whose class its annotation tells.

    A call that may take longer than `max_deadline_s` is refused; None sets no limit.
    """

    def __init__(self, name: str, api: object, *, port: int = 0, max_deadline_s: float | None = None) -> None:
        thread_names = f"{name.rpartition('.')[2]}-rpc"
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=thread_names)
        self._server = grpc.server(self._threads)
        handlers = _handlers(api, max_deadline_s=max_deadline_s)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
        self._port = self._server.add_insecure_port(f"{LOOPBACK}:{port}")
        self._server.start()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    def stop(self) -> None:
        self._server.stop(STOP_GRACE_S).wait()
        self._threads.shutdown()


def _handlers(api: object, *, max_deadline_s: float | None) -> "dict[str, grpc.RpcMethodHandler[Any, Any]]":
    methods = [(name, method) for name, method in inspect.getmembers(api, inspect.ismethod) if name[0].isupper()]
    return {
        name: grpc.unary_unary_rpc_method_handler(
            _answer_with(method, max_deadline_s=max_deadline_s),
            request_deserializer=inspect.signature(method).parameters["request"].annotation.deserialize,
            response_serializer=_serialize,
        )
        for name, method in methods
    }


def _answer_with(
    method: Callable[[Any], Any], *, max_deadline_s: float | None
) -> Callable[[Any, grpc.ServicerContext], Any]:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        remaining_s = context.time_remaining()
        if max_deadline_s is not None and remaining_s is not None and remaining_s > max_deadline_s:
            context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"The request deadline is {remaining_s:.0f}s away."
                f" The deadline cannot be more than {max_deadline_s:.0f}s in the future.",
            )
        try:
            return method(request)
        except RpcError as error:
            context.abort(error.code, error.message)

    return answer


def _serialize(response: Any) -> bytes:
    return response.SerializeToString() if isinstance(response, Message) else type(response).serialize(response)
