"""What else a transaction writes, so that both are written or neither."""

from collections.abc import Callable
from typing import TypeAlias

from google.cloud import firestore

Along: TypeAlias = Callable[[firestore.Transaction], None]
"""Called once the transaction has read all that it reads, and is going to write."""


def nothing(_transaction: firestore.Transaction) -> None:
    """For a transaction that is alone."""
