"""The gRPC surface: which method takes which request, and how an error becomes a status."""

import logging
from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any, NoReturn

import grpc

from infra.local.firestore.handlers import Handlers
from infra.local.firestore.listen import ListenStream
from infra.local.firestore.wire import Message, message
from infra.local.rpc_error import RpcError
from infra.local.service import LOOPBACK

SERVICE = "google.firestore.v1.Firestore"
UNARY = (
    "BatchWrite",
    "BeginTransaction",
    "Commit",
    "CreateDocument",
    "DeleteDocument",
    "GetDocument",
    "ListCollectionIds",
    "ListDocuments",
    "PartitionQuery",
    "Rollback",
    "UpdateDocument",
)
STREAMED = ("BatchGetDocuments", "RunAggregationQuery", "RunQuery")

MAX_REQUEST_BYTES = 10 * 1024 * 1024
"""https://firebase.google.com/docs/firestore/quotas: the largest API request."""
THREADS = 256
"""Each open Listen stream keeps one."""

NewStream = Callable[[], ListenStream]


def bind(handlers: Handlers, new_stream: NewStream, *, port: int) -> tuple[grpc.Server, int]:
    """A server that is not started yet, and its port."""
    methods = {name: _unary(getattr(handlers, name), f"{name}Request") for name in UNARY}
    methods |= {name: _streamed(getattr(handlers, name), f"{name}Request") for name in STREAMED}
    methods["Listen"] = _listen(new_stream)
    server = grpc.server(
        futures.ThreadPoolExecutor(THREADS, thread_name_prefix="firestore"),
        options=[
            ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
            ("grpc.max_send_message_length", -1),
            ("grpc.so_reuseport", 0),
        ],
    )
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    bound = server.add_insecure_port(f"{LOOPBACK}:{port}")
    return server, bound


def _unary(method: Callable[[Message], Message], request_name: str) -> "grpc.RpcMethodHandler[Any, Any]":
    def answer(request: Message, context: grpc.ServicerContext) -> Message:
        try:
            return method(request)
        except Exception as error:  # noqa: BLE001 - the entry point of a request
            _abort(context, error)

    return grpc.unary_unary_rpc_method_handler(answer, message(request_name).FromString, _serialized)


def _streamed(method: Callable[[Message], Iterator[Message]], request_name: str) -> "grpc.RpcMethodHandler[Any, Any]":
    def answer(request: Message, context: grpc.ServicerContext) -> Iterator[Message]:
        try:
            yield from method(request)
        except Exception as error:  # noqa: BLE001 - the entry point of a request
            _abort(context, error)

    return grpc.unary_stream_rpc_method_handler(answer, message(request_name).FromString, _serialized)


def _listen(new_stream: NewStream) -> "grpc.RpcMethodHandler[Any, Any]":
    def answer(requests: Iterator[Message], context: grpc.ServicerContext) -> Iterator[Message]:
        stream = new_stream()
        context.add_callback(stream.close)
        yield from stream.responses(requests)

    return grpc.stream_stream_rpc_method_handler(answer, message("ListenRequest").FromString, _serialized)


def _serialized(response: Message) -> bytes:
    body: bytes = response.SerializeToString()
    return body


def _abort(context: grpc.ServicerContext, error: Exception) -> NoReturn:
    if isinstance(error, RpcError):
        context.abort(error.code, error.message)
    logging.getLogger(__name__).error("request_failed", exc_info=error)
    context.abort(grpc.StatusCode.INTERNAL, f"{type(error).__name__}: {error}")
