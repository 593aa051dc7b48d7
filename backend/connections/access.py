"""A connection's access token, renewed when its time is nearly over.

A renewal makes a new pair, and the old access token is dead at once: so one caller at a time may do it, and the others
take what came of it. The platform lets a refresh token be used again until its successor was used: a renewal whose
answer was lost, or whose caller died before it was stored, is made again.
https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from backend.clock import Clock
from backend.connections.model import Connection, seal_place
from backend.connections.repository import ConnectionRepository
from backend.errors import UpstreamUnavailable
from backend.platforms.access import Tokens
from backend.platforms.registry import Platform
from backend.platforms.source import Pause
from backend.sealing import Sealer

RENEWED_BEFORE = timedelta(minutes=5)
RENEWAL_TIME = timedelta(seconds=30)
"""After that another caller may renew: longer than one call to the shop and two to Firestore."""
LOOK_EVERY_S = 1.0
LOOKS = 40
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ConnectionTokens:
    """Those of all connections."""

    connections: ConnectionRepository
    platforms: Mapping[str, Platform]
    sealer: Sealer
    timeout_s: float
    clock: Clock

    def access(self, connection: Connection, *, pause: Pause) -> "ConnectionAccess":
        """`pause` is waited with while somebody else renews."""
        return ConnectionAccess(connection, self, pause=pause)

    def sealed(self, tenant_id: str, connection_id: str, tokens: Tokens) -> dict[str, Any]:
        """The fields of a connection that hold tokens which were given just now."""
        place = seal_place(tenant_id, connection_id)
        refresh_token, lifetime_s = tokens.refresh_token, tokens.lifetime_s
        return {
            "sealed_access_token": self.sealer.seal(tokens.access_token, place=place),
            "sealed_refresh_token": self.sealer.seal(refresh_token, place=place) if refresh_token else None,
            "access_expires_at": self.clock() + timedelta(seconds=lifetime_s) if lifetime_s else None,
            "renewal_until": None,
        }


class ConnectionAccess:
    """backend.platforms.access.Access of one connection."""

    def __init__(self, connection: Connection, tokens: ConnectionTokens, *, pause: Pause) -> None:
        self._connection = connection
        self._tokens = tokens
        self._pause = pause

    def token(self) -> str:
        expires_at = self._connection.access_expires_at
        if expires_at is not None and self._tokens.clock() >= expires_at - RENEWED_BEFORE:
            self._renew()
        return self._unsealed(self._connection.sealed_access_token)

    def after_refusal(self, token: str) -> str:
        self._read_again()
        stored = self._unsealed(self._connection.sealed_access_token)
        if stored != token or self._connection.sealed_refresh_token is None:
            return stored
        self._renew()
        return self._unsealed(self._connection.sealed_access_token)

    def _renew(self) -> None:
        for _look in range(LOOKS):
            known = self._connection.sealed_access_token
            if self._tokens.connections.claim_renewal(self._connection, at=self._tokens.clock(), lasts=RENEWAL_TIME):
                return self._renew_alone()
            self._read_again()
            if self._connection.sealed_access_token != known:
                return None
            self._pause(LOOK_EVERY_S)
        raise UpstreamUnavailable("The shop's access could not be renewed.", detail="another renewal does not end")

    def _renew_alone(self) -> None:
        connection, tokens = self._connection, self._tokens
        renewed = tokens.platforms[connection.platform].renew(
            connection.shop_domain,
            self._unsealed(connection.sealed_refresh_token or b""),
            timeout_s=tokens.timeout_s,
        )
        fields = tokens.sealed(connection.tenant_id, connection.id, renewed)
        self._connection = tokens.connections.record_renewal(connection, fields)
        _log.info("access_renewed", connection_id=connection.id)

    def _read_again(self) -> None:
        self._connection = self._tokens.connections.get(self._connection.tenant_id, self._connection.id)

    def _unsealed(self, sealed: bytes) -> str:
        place = seal_place(self._connection.tenant_id, self._connection.id)
        return self._tokens.sealer.unseal(sealed, place=place)
