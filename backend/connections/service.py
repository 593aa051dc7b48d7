"""Connecting shops and disconnecting them, and opening a connection for a run."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import structlog

from backend.automations.repository import AutomationRepository
from backend.clock import Clock
from backend.connections.access import ConnectionTokens
from backend.connections.model import Connection, PlatformName, connection_id
from backend.connections.repository import ConnectionRepository
from backend.errors import ConnectionRefused, InvalidInput, RateLimited, ScopeMissing, TabkeeperError
from backend.platforms.access import FixedAccess, Tokens
from backend.platforms.registry import Platform
from backend.platforms.source import Order

SUBSCRIPTIONS_EVERY = timedelta(days=1)
SUBSCRIPTIONS_AGAIN = timedelta(hours=1)
"""After a failure."""
SUBSCRIPTIONS_CLAIMED = timedelta(minutes=10)
"""Longer than looking at those of one shop can take: whoever has not ended by then is dead."""
_log = structlog.get_logger()


class ConnectionService:
    def __init__(
        self,
        connections: ConnectionRepository,
        automations: AutomationRepository,
        *,
        platforms: Mapping[str, Platform],
        tokens: ConnectionTokens,
        webhooks_url: str,
        timeout_s: float,
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._automations = automations
        self._platforms = platforms
        self._tokens = tokens
        self._webhooks_url = webhooks_url
        self._timeout_s = timeout_s
        self._clock = clock

    def connect(self, tenant_id: str, *, platform: PlatformName, shop: str, tokens: Tokens) -> Connection:
        """Ask the shop first: what does not work is not stored. Connecting again replaces the token."""
        adapter = self._platforms[platform]
        domain = shop_domain(adapter, shop)
        try:
            identity = adapter.check_access(
                domain, FixedAccess(tokens.access_token), timeout_s=self._timeout_s, pause=_impatient
            )
        except ConnectionRefused as error:
            raise _refused(f"{domain} does not accept this access token.", error) from error
        except ScopeMissing as error:
            raise _refused(error.message, error) from error
        now = self._clock()
        made_id = connection_id(tenant_id, platform=platform, shop_domain=domain)
        connection = self._connections.save(
            Connection(
                id=made_id,
                tenant_id=tenant_id,
                platform=platform,
                shop_domain=domain,
                shop_name=identity.name,
                currency=identity.currency,
                time_zone=identity.time_zone,
                scopes=sorted(identity.scopes),
                **self._tokens.sealed(tenant_id, made_id, tokens),
                created_at=now,
                updated_at=now,
                subscriptions_due_at=now + SUBSCRIPTIONS_CLAIMED,
            )
        )
        _log.info("shop_connected", connection_id=made_id, platform=platform)
        self._ensure_subscriptions(connection)
        return connection

    def ensure_due_subscriptions(self, found: Connection) -> bool:
        """Look at the subscriptions of a connection that was found to be due, unless somebody else does; whether they
        are as they should be by this.
        """
        now = self._clock()
        claimed = self._connections.claim_subscriptions(found, at=now, until=now + SUBSCRIPTIONS_CLAIMED)
        return claimed is not None and self._ensure_subscriptions(claimed)

    def _ensure_subscriptions(self, connection: Connection) -> bool:
        """See to it that the shop tells of its changes, now and again within a day; within an hour after a failure,
        which is logged. What webhooks do not tell, a reconciling run brings later.
        """
        try:
            self._platforms[connection.platform].keep_subscriptions(
                connection.shop_domain,
                self._tokens.access(connection, pause=_impatient),
                webhooks_url=self._webhooks_url,
                timeout_s=self._timeout_s,
                pause=_impatient,
            )
        except TabkeeperError as error:
            _log.warning("subscriptions_not_kept", connection_id=connection.id, code=error.code, detail=error.detail)
            wait, kept = SUBSCRIPTIONS_AGAIN, False
        else:
            wait, kept = SUBSCRIPTIONS_EVERY, True
        self._connections.record_subscriptions(connection, due_at=self._clock() + wait)
        return kept

    def newest_orders(self, connection: Connection, *, fields: Collection[str], lines: bool, limit: int) -> list[Order]:
        """For somebody who waits for the answer: where the shop would let it wait, it raises RateLimited."""
        return self._platforms[connection.platform].newest_orders(
            connection.shop_domain,
            self._tokens.access(connection, pause=_impatient),
            fields=fields,
            lines=lines,
            limit=limit,
            timeout_s=self._timeout_s,
            pause=_impatient,
        )

    def get(self, tenant_id: str, wanted_id: str) -> Connection:
        return self._connections.get(tenant_id, wanted_id)

    def all(self, tenant_id: str) -> list[Connection]:
        return self._connections.all(tenant_id)

    def disconnect(self, tenant_id: str, removed_id: str) -> None:
        """Raises Conflict while automations use the connection."""
        self._connections.delete(
            tenant_id,
            removed_id,
            ensure_unused=lambda transaction: self._automations.ensure_connection_unused(
                tenant_id, removed_id, transaction=transaction
            ),
        )
        _log.info("shop_disconnected", connection_id=removed_id)


def shop_domain(adapter: Platform, shop: str) -> str:
    """Its canonical name, however a person wrote it. Raises InvalidInput."""
    try:
        return adapter.shop_domain(shop)
    except ValueError as error:
        raise InvalidInput(fields={"shop_domain": str(error)}) from error


def _impatient(seconds: float) -> None:
    """A request does not wait until the shop feels better."""
    raise RateLimited("The shop cannot answer right now; try again in a moment.", retry_after_s=seconds)


def _refused(why: str, error: ConnectionRefused | ScopeMissing) -> InvalidInput:
    return InvalidInput(why, fields={"access_token": why}, detail=error.detail)
