"""The platforms by name: what the rest of the program knows of them. A new one is a folder and an entry here."""

from collections.abc import Collection, Mapping
from contextlib import closing
from typing import Protocol

from backend.platforms.access import Access, Tokens
from backend.platforms.field import Catalogue
from backend.platforms.sales_day import DAILY_SALES
from backend.platforms.shopify.access import ShopIdentity, check_access
from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.shopify.oauth import ShopifyOAuth
from backend.platforms.shopify.shop_domain import SHOP_DOMAIN
from backend.platforms.shopify.source import ShopifyOrders
from backend.platforms.shopify.subscriptions import keep_subscriptions
from backend.platforms.shopify.throttle import Throttle
from backend.platforms.source import Order, Pause, Source
from backend.settings import Settings


class Platform(Protocol):
    @property
    def catalogues(self) -> Mapping[str, Catalogue]:
        """What can be put into columns, by resource."""

    def shop_domain(self, text: str) -> str:
        """The canonical name of the shop; raises ValueError with a sentence."""

    def consent_url(self, shop_domain: str, *, nonce: str, redirect_uri: str) -> str:
        """The page on which the shop's owner agrees; it sends her back with the nonce as `state`."""

    def is_consent(self, query: Mapping[str, str]) -> bool:
        """Whether the platform itself sent a browser back with this query."""

    def redeem(self, shop_domain: str, code: str, *, timeout_s: float) -> Tokens:
        """Those for a consent's code. Raises ConsentExpired, UpstreamUnavailable or SourceBroken."""

    def renew(self, shop_domain: str, refresh_token: str, *, timeout_s: float) -> Tokens:
        """The next ones. Raises ConnectionRefused, UpstreamUnavailable or SourceBroken."""

    def check_access(self, shop_domain: str, access: Access, *, timeout_s: float, pause: Pause) -> ShopIdentity:
        """Ask the shop who it is. Raises ConnectionRefused, ScopeMissing or a RetriableError."""

    def keep_subscriptions(
        self, shop_domain: str, access: Access, *, webhooks_url: str, timeout_s: float, pause: Pause
    ) -> None:
        """See to it that the shop tells of every change. Raises ConnectionRefused, ScopeMissing, SourceBroken or a
        RetriableError.
        """

    def open_source(
        self, shop_domain: str, access: Access, *, fields: Collection[str], lines: bool, pause: Pause
    ) -> Source:
        """The shop's orders with these fields of the catalogue, and with their lines when asked.

        What one source learned of how fast the shop lets itself be asked, the next one of the shop knows: for one
        thread.
        """

    def newest_orders(
        self,
        shop_domain: str,
        access: Access,
        *,
        fields: Collection[str],
        lines: bool,
        limit: int,
        timeout_s: float,
        pause: Pause,
    ) -> list[Order]:
        """Those that were made last, the newest first, in one call: for a look. Raises as a source does."""


class Shopify:
    catalogues: Mapping[str, Catalogue] = {"orders": ORDERS, "daily_sales": DAILY_SALES}

    def __init__(
        self, *, base_url: str, api_version: str, oauth: ShopifyOAuth, timeout_s: float, bulk_from_orders: int
    ) -> None:
        self._oauth = oauth
        self._base_url = base_url
        self._api_version = api_version
        self._timeout_s = timeout_s
        self._bulk_from_orders = bulk_from_orders
        self._throttles: dict[str, Throttle] = {}

    def shop_domain(self, text: str) -> str:
        """Also from the shop's name alone, and from the address of its admin."""
        address = text.strip().lower().removeprefix("https://").removeprefix("admin.shopify.com/store/")
        name = address.partition("/")[0]
        domain = name if "." in name else f"{name}.myshopify.com"
        if not SHOP_DOMAIN.fullmatch(domain):
            raise ValueError("must be the shop's own Shopify address, like my-shop.myshopify.com")
        return domain

    def consent_url(self, shop_domain: str, *, nonce: str, redirect_uri: str) -> str:
        return self._oauth.consent_url(self._base_url.format(shop=shop_domain), nonce=nonce, redirect_uri=redirect_uri)

    def is_consent(self, query: Mapping[str, str]) -> bool:
        return self._oauth.is_signed(query)

    def redeem(self, shop_domain: str, code: str, *, timeout_s: float) -> Tokens:
        return self._oauth.redeem(self._base_url.format(shop=shop_domain), code, timeout_s=timeout_s)

    def renew(self, shop_domain: str, refresh_token: str, *, timeout_s: float) -> Tokens:
        return self._oauth.renew(self._base_url.format(shop=shop_domain), refresh_token, timeout_s=timeout_s)

    def check_access(self, shop_domain: str, access: Access, *, timeout_s: float, pause: Pause) -> ShopIdentity:
        return check_access(
            base_url=self._base_url.format(shop=shop_domain),
            api_version=self._api_version,
            access=access,
            timeout_s=timeout_s,
            pause=pause,
        )

    def keep_subscriptions(
        self, shop_domain: str, access: Access, *, webhooks_url: str, timeout_s: float, pause: Pause
    ) -> None:
        keep_subscriptions(
            base_url=self._base_url.format(shop=shop_domain),
            api_version=self._api_version,
            access=access,
            address=f"{webhooks_url.rstrip('/')}/shopify",
            timeout_s=timeout_s,
            pause=pause,
        )

    def open_source(
        self, shop_domain: str, access: Access, *, fields: Collection[str], lines: bool, pause: Pause
    ) -> Source:
        return ShopifyOrders(
            base_url=self._base_url.format(shop=shop_domain),
            api_version=self._api_version,
            access=access,
            fields=fields,
            lines=lines,
            bulk_from_orders=self._bulk_from_orders,
            timeout_s=self._timeout_s,
            pause=pause,
            throttle=self._throttles.setdefault(shop_domain, Throttle()),
        )

    def newest_orders(
        self,
        shop_domain: str,
        access: Access,
        *,
        fields: Collection[str],
        lines: bool,
        limit: int,
        timeout_s: float,
        pause: Pause,
    ) -> list[Order]:
        source = ShopifyOrders(
            base_url=self._base_url.format(shop=shop_domain),
            api_version=self._api_version,
            access=access,
            fields=fields,
            lines=lines,
            bulk_from_orders=self._bulk_from_orders,
            timeout_s=timeout_s,
            pause=pause,
        )
        with closing(source):
            return source.newest(limit)


def platforms_from(settings: Settings) -> dict[str, Platform]:
    """The platforms that a connection can name."""
    return {
        "shopify": Shopify(
            base_url=settings.shopify_base_url,
            api_version=settings.shopify_api_version,
            oauth=ShopifyOAuth(
                client_id=settings.shopify_client_id,
                secret=settings.shopify_app_secret,
                scopes=settings.shopify_scopes,
            ),
            timeout_s=settings.shop_timeout_s,
            bulk_from_orders=settings.shop_bulk_from_orders,
        )
    }
