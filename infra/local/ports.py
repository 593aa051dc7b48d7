"""Ports that are chosen free once and kept: what was stored about an address stays true after a restart."""

import json
import socket
from pathlib import Path

from infra.local.service import LOOPBACK


class Ports:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def of(self, name: str) -> int:
        """The port of the last time where it is still free, else another."""
        port = self._known.get(name)
        if port is None or not _free(port):
            port = _any_free()
        self._known[name] = port
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._known, indent=2))
        fresh.replace(self._file)
        return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
