"""Whom a tenant may have called."""

import pytest

from backend.notifications.address import is_public, parse_url

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "2001:0:1::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd20:ce::254",
    "fe80::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_nobody_reaches_into_a_private_network(address: str) -> None:
    """Neither ours, nor the metadata server, nor by an address that carries another."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "2001:4860:4860::8888", "2606:4700::1111"])
def test_public_addresses_are_called(address: str) -> None:
    """Of either family."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example/hook",
        "http://shop.example/hook",
        "ftp://shop.example",
        "file:///etc/passwd",
        "https://",
        "https:///hook",
        "https://ann:secret@shop.example/",
        "https://shop.example/#part",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://[::1/",
        "https://shop.example/a b",
        "https://shop.example/\r\nX-More: 1",
        "https://shöp.example/",
        "https://shop.example/" + "a" * 2_000,
    ],
)
def test_url_that_is_no_plain_https_address_is_refused(url: str) -> None:
    """Before anything is stored."""
    with pytest.raises(ValueError, match=r"must|[Pp]ort|IPv6"):
        parse_url(url, loopback=False)


def test_loopback_is_for_one_machine_only() -> None:
    """And for that address alone."""
    assert parse_url("http://127.0.0.1:8080/hook", loopback=True).port == 8080
    assert parse_url("https://shop.example/hook?a=1", loopback=False).hostname == "shop.example"
    for url, loopback in (("http://127.0.0.1:8080/", False), ("http://localhost/", True), ("http://10.0.0.1/", True)):
        with pytest.raises(ValueError, match="must begin with https"):
            parse_url(url, loopback=loopback)
