"""The Firestore client as Tabkeeper uses it: it gives up in time, says why, and is back as soon as Firestore is.

The client has settings for none of this, so it is made here from its own parts: its transport, its calls.
"""

from typing import Any

import grpc
from google.cloud import firestore
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

CHANNEL_OPTIONS = [
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]
"""The client's own, but for the first: gRPC would not look for up to two minutes whether Firestore is back."""


class Transaction(firestore.Transaction):
    def _rollback(self) -> None:
        """Of one that has not begun, the client's own raises ValueError, in place of what kept it from beginning."""
        if self.in_progress:
            super()._rollback()


class Database(firestore.Client):
    def __init__(self, *, project: str, patience_s: float | None = None) -> None:
        """Calls that say nothing else give up after `patience_s`: the client's own one to five minutes outlast any
        request, and while Firestore is away all threads of a server would soon wait for it. None leaves it at that.
        """
        super().__init__(project=project)
        self._transport: Any = FirestoreGrpcTransport(host=self._target, channel=self._channel())
        self._firestore_api_internal = FirestoreClient(transport=self._transport)
        if patience_s is not None:
            _shorten(self._transport, patience_s)

    def transaction(self, *args: Any, **options: Any) -> Transaction:
        return Transaction(self, *args, **options)

    def _channel(self) -> Any:
        if self._emulator_host:
            return grpc.insecure_channel(self._emulator_host, options=CHANNEL_OPTIONS)
        return FirestoreGrpcTransport.create_channel(
            self._target, credentials=self._credentials, options=CHANNEL_OPTIONS
        )


def _shorten(transport: Any, patience_s: float) -> None:
    for call in transport._wrapped_methods.values():  # noqa: SLF001 - where the calls' defaults are
        call._timeout = patience_s  # noqa: SLF001
        call._retry = call._retry and call._retry.with_timeout(patience_s)  # noqa: SLF001
