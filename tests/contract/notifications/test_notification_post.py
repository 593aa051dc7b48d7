"""One POST over real sockets: whom it reaches, how long it lasts, what it trusts."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backend.clock import utc_now
from backend.notifications.post import Post, Reply
from tests.contract.worker import Worker


def send(url: str, *, loopback: bool = True, tls: ssl.SSLContext | None = None, timeout_s: float = 20) -> Reply:
    return Post(timeout_s=timeout_s, loopback=loopback, tls=tls).send(urlsplit(url), b"{}", headers={})


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port at which one caller is answered so."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connected, _ = server.accept()
            with connected:
                try:
                    answer(connected)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by nobody else; with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = utc_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "receiver.pem"
    file.write_bytes(key.private_bytes(*pem) + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_name_that_leads_into_a_private_network_is_not_called(receiver: Worker) -> None:
    """What counts is the address that is connected to, whatever the name promised before."""
    port = urlsplit(receiver.url).port
    for url in (f"http://localhost:{port}/", f"http://127.0.0.1:{port}/", f"http://[::1]:{port}/"):
        assert send(url, loopback=False) == Reply(None, "The address leads into a private network.")
    assert receiver.deliveries == []
    assert send(f"http://127.0.0.1:{port}/") == Reply(200)


def test_name_that_does_not_exist_is_told() -> None:
    """RFC 2606 keeps it from ever existing."""
    assert send("https://receiver.invalid/").problem == "The address could not be found."


def test_nobody_there_is_told() -> None:
    """The port is closed."""
    assert send("http://127.0.0.1:1/").problem.startswith("It could not be reached")


def test_answer_that_comes_byte_by_byte_is_cut_off() -> None:
    """Each byte is quick, the whole of them never ends."""

    def drip(connected: socket.socket) -> None:
        while True:
            connected.sendall(b"H")
            threading.Event().wait(0.05)

    with listening(drip) as port:
        told = send(f"http://127.0.0.1:{port}/", timeout_s=0.5)
        assert told.problem.startswith("It could not be reached, or did not answer")


def test_answer_that_is_no_http_is_a_failure() -> None:
    """Whatever it is."""
    with listening(lambda connected: connected.sendall(b"220 mail ready\r\n\r\n")) as port:
        assert send(f"http://127.0.0.1:{port}/").status is None


@pytest.mark.parametrize("trusted", [True, False])
def test_certificate_is_verified(certificate: Path, trusted: bool) -> None:
    """Nobody else is told what is meant for the tenant."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)

    def answer(connected: socket.socket) -> None:
        with server.wrap_socket(connected, server_side=True) as secure:
            with secure.makefile("rb") as request:
                while request.readline() != b"\r\n":
                    pass
                request.read(len(b"{}"))
            secure.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with listening(answer) as port:
        ours = ssl.create_default_context(cafile=str(certificate) if trusted else None)
        reply = send(f"https://127.0.0.1:{port}/", tls=ours)
    assert reply == (Reply(204) if trusted else Reply(None, "The certificate of the address is not valid."))
