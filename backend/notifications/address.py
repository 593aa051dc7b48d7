"""Which addresses a tenant's endpoint may have: public ones, so that nobody reaches into our network through us."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

MAX_URL = 2_000
LOOPBACK = "127.0.0.1"
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_CARRIES_IPV4 = (IPv6Network("2001::/23"), IPv6Network("2002::/16"))
"""Teredo and 6to4 lead to the IPv4 address within."""


def is_public(address: str) -> bool:
    match ip_address(address):
        case IPv4Address() as ip:
            return ip.is_global and not ip.is_multicast
        case IPv6Address() as ip:
            return ip.is_global and ip in _GLOBAL_UNICAST and not any(ip in network for network in _CARRIES_IPV4)


def parse_url(text: str, *, loopback: bool) -> SplitResult:
    """`loopback` also lets http://127.0.0.1 in, for one machine. Raises ValueError with a sentence."""
    url = urlsplit(text)
    if len(text) > MAX_URL or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"must be a plain web address of at most {MAX_URL} characters")
    if url.scheme != "https" and not (loopback and url.scheme == "http" and url.hostname == LOOPBACK):
        raise ValueError("must begin with https://")
    if not url.hostname or url.username is not None or url.password is not None or url.fragment:
        raise ValueError("must name a host, and neither a user, a password nor a fragment")
    if url.port == 0:
        raise ValueError("must name a port that exists")
    return url
