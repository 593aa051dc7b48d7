"""Connecting a shop by its platform's consent page, as a person does it from the sidebar."""

from collections.abc import Mapping

import structlog

from backend import telemetry
from backend.connections.model import Connection, PlatformName
from backend.connections.repository import ConnectionRepository
from backend.connections.service import ConnectionService, shop_domain
from backend.consents.model import ConsentPage, ConsentState, Purpose
from backend.consents.service import ConsentService
from backend.errors import ConsentExpired
from backend.platforms.registry import Platform
from backend.tenants.model import Session

_log = structlog.get_logger()


class ShopConsent:
    def __init__(
        self,
        platforms: Mapping[str, Platform],
        connections: ConnectionService,
        *,
        shops: ConnectionRepository,
        consents: ConsentService,
        public_url: str,
        timeout_s: float,
    ) -> None:
        self._platforms = platforms
        self._connections = connections
        self._shops = shops
        self._consents = consents
        self._public_url = public_url.rstrip("/")
        self._timeout_s = timeout_s

    def ask(self, caller: Session, *, platform: PlatformName, shop: str) -> ConsentPage:
        """Raises InvalidInput for what is no shop of the platform."""
        adapter = self._platforms[platform]
        domain = shop_domain(adapter, shop)
        nonce, state = self._consents.ask(caller, Purpose.CONNECT_SHOP, shop_domain=domain)
        url = adapter.consent_url(domain, nonce=nonce, redirect_uri=f"{self._public_url}/v1/oauth/{platform}")
        return ConsentPage(url=url, expires_at=state.expires_at)

    def answered(self, platform: PlatformName, query: Mapping[str, str]) -> tuple[Connection, ConsentState]:
        """Raises ConsentExpired for a query that the platform did not send, or that answers no question of ours; and
        what ConnectionService.connect does.
        """
        adapter = self._platforms[platform]
        if not adapter.is_consent(query):
            _log.warning("consent_not_signed", platform=platform)
            raise ConsentExpired
        state = self._consents.take(query.get("state", ""), Purpose.CONNECT_SHOP)
        if state.shop_domain is None or query.get("shop") != state.shop_domain:
            raise ConsentExpired
        with telemetry.bound(tenant_id=state.tenant_id):
            # An exchange ends the tokens that whoever has the shop holds.
            self._shops.ensure_free(state.tenant_id, platform, state.shop_domain, timeout_s=self._timeout_s)
            tokens = adapter.redeem(state.shop_domain, query.get("code", ""), timeout_s=self._timeout_s)
            connection = self._connections.connect(
                state.tenant_id, platform=platform, shop=state.shop_domain, tokens=tokens
            )
            return connection, state
