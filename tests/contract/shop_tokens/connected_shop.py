"""A shop that was connected on its consent page, at whatever time it is told, and callers who hold its tokens."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
from google.cloud import firestore
from pydantic import SecretStr

from backend.connections.access import ConnectionAccess, ConnectionTokens
from backend.connections.model import Connection, PlatformName
from backend.connections.repository import ConnectionRepository
from backend.platforms.registry import Shopify
from backend.platforms.shopify.oauth import ShopifyOAuth
from backend.platforms.shopify.source import ShopifyOrders
from backend.sealing import Sealer
from infra.local.shopify.app import App
from infra.local.shopify.server import start
from tests.contract.shopify_shop import ShopifyShop, new_shop
from tests.person import Person

BACK = "https://api.example/v1/oauth/shopify"
TENANT = "ten_1"


class LocalShopify:
    """And somebody at a browser."""

    def __init__(self) -> None:
        self.now_s = 1_800_000_000
        app = App("secret", client_id="app", redirect_uris=[BACK])
        self._service = start(app=app, clock=lambda: self.now_s, throttle="off")
        self.url = f"http://{self._service.address}"
        self.http = httpx.Client(base_url=self.url)
        self.person = Person()

    def close(self) -> None:
        self.person.close()
        self.http.close()
        self._service.stop()


class ConnectedShop:
    """One that no other test has seen."""

    def __init__(self, shopify: LocalShopify, db: firestore.Client) -> None:
        self._shopify = shopify
        self.shop: ShopifyShop = new_shop(shopify.http)
        self.repository = ConnectionRepository(db)
        oauth = ShopifyOAuth(client_id="app", secret=SecretStr("secret"), scopes="read_orders")
        self.platform = Shopify(
            base_url=f"{self._shopify.url}/shops/{{shop}}",
            api_version="2026-10",
            oauth=oauth,
            timeout_s=10.0,
            bulk_from_orders=10**9,
        )
        self.tokens = ConnectionTokens(
            self.repository,
            platforms={"shopify": self.platform},
            sealer=Sealer(bytes(32)),
            timeout_s=10.0,
            clock=lambda: datetime.fromtimestamp(self.now_s, UTC),
        )
        self.connect()

    def connect(self) -> None:
        """Or again, which makes new tokens."""
        url = self.platform.consent_url(self.shop.domain, nonce="nonce", redirect_uri=BACK)
        back = self._shopify.person.open(url).press("Install", follow=False).page.headers["Location"]
        (code,) = parse_qs(urlsplit(back).query)["code"]
        tokens = self.platform.redeem(self.shop.domain, code, timeout_s=10.0)
        now = self.tokens.clock()
        self.repository.save(
            Connection(
                id="con_1",
                tenant_id=TENANT,
                platform=PlatformName.SHOPIFY,
                shop_domain=self.shop.domain,
                shop_name="Shop",
                currency="GBP",
                time_zone="UTC",
                scopes=["read_orders"],
                created_at=now,
                updated_at=now,
                **self.tokens.sealed(TENANT, "con_1", tokens),
            )
        )

    @property
    def stored(self) -> Connection:
        return self.repository.get(TENANT, "con_1")

    def caller(self, *, pause: Callable[[float], None] | None = None) -> ConnectionAccess:
        """Somebody who knows the connection as it is now. Waiting moves the clock."""
        return self.tokens.access(self.stored, pause=pause or self.pass_time)

    def source(self, caller: ConnectionAccess) -> ShopifyOrders:
        return ShopifyOrders(
            base_url=f"{self._shopify.url}/shops/{self.shop.domain}",
            api_version="2026-10",
            access=caller,
            fields=["order_name"],
            bulk_from_orders=10**9,
            timeout_s=10.0,
            pause=self.pass_time,
        )

    @property
    def now_s(self) -> int:
        return self._shopify.now_s

    def pass_time(self, seconds: float) -> None:
        self._shopify.now_s += int(seconds)

    def uninstall(self) -> None:
        self._shopify.http.post(f"/control/shops/{self.shop.domain}/uninstall").raise_for_status()

    def opens(self, token: str) -> bool:
        return self.shop.ask("{ shop { name } }", token=token).status_code == httpx.codes.OK
