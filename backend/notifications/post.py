"""One POST to an address that a tenant chose: public, resolved once, within a time, and no further than told."""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult

from backend.notifications.address import LOOPBACK, is_public


@dataclass(frozen=True, slots=True)
class Reply:
    """The status of the answer, or None and why there is none."""

    status: int | None
    problem: str = ""


class Post:
    """Redirects are not followed, and bodies of answers are not read."""

    def __init__(self, *, timeout_s: float, loopback: bool, tls: ssl.SSLContext | None = None) -> None:
        self._timeout_s = timeout_s
        self._loopback = loopback
        self._tls = tls or ssl.create_default_context()

    def send(self, url: SplitResult, body: bytes, *, headers: Mapping[str, str]) -> Reply:
        host, secure = url.hostname or "", url.scheme == "https"
        try:
            plain = self._connected(host, url.port or (443 if secure else 80))
            if plain is None:
                return Reply(None, "The address leads into a private network.")
            with plain if not secure else self._wrapped(plain, host) as connected, self._cut_off(connected):
                if isinstance(connected, ssl.SSLSocket):
                    connected.do_handshake()
                http = HTTPSConnection(host, url.port, context=self._tls) if secure else HTTPConnection(host, url.port)
                http.sock = connected
                path = (url.path or "/") + (f"?{url.query}" if url.query else "")
                http.request("POST", path, body, {"User-Agent": "Tabkeeper", "Connection": "close", **headers})
                with closing(http.getresponse()) as answer:
                    return Reply(answer.status)
        except socket.gaierror:
            return Reply(None, "The address could not be found.")
        except ssl.SSLCertVerificationError:
            return Reply(None, "The certificate of the address is not valid.")
        except (OSError, HTTPException, UnicodeError):
            return Reply(None, f"It could not be reached, or did not answer within {self._timeout_s:.0f} seconds.")

    def _connected(self, host: str, port: int) -> socket.socket | None:
        """To one of the host's addresses as they were looked at; None when none of them may be called."""
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        allowed = [each for each in found if is_public(each) or (self._loopback and each == LOOPBACK)]
        for address in allowed[:-1]:
            try:
                return socket.create_connection((address, port), self._timeout_s / len(allowed))
            except OSError:
                continue
        return socket.create_connection((allowed[-1], port), self._timeout_s / len(allowed)) if allowed else None

    def _wrapped(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        return self._tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)

    @contextmanager
    def _cut_off(self, connected: socket.socket) -> Iterator[None]:
        """However slowly it answers: a socket's own time-out begins anew with each byte."""
        connected.settimeout(self._timeout_s)
        end = threading.Timer(self._timeout_s, _shut, [connected])
        end.start()
        try:
            yield
        finally:
            end.cancel()


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
