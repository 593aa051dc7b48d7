"""Shop and AppInstallation, as the schema has them."""

from infra.local.shopify.gid import article_id, gid
from infra.local.shopify.session import Session

PLAN_NAMES = {"standard": "Grow", "advanced": "Advanced", "plus": "Plus"}


class ShopNode:
    kind = "Shop"

    def __init__(self, session: Session) -> None:
        shop = session.shop
        self.id = gid("Shop", session.shop_number)
        self.name = shop.name
        self.myshopifyDomain = shop.domain
        self.currencyCode = shop.currency
        self.ianaTimezone = shop.timezone
        self.email = shop.email
        self.plan = {"publicDisplayName": PLAN_NAMES[shop.plan or "standard"], "shopifyPlus": shop.plan == "plus"}


class AppInstallationNode:
    kind = "AppInstallation"

    def __init__(self, session: Session) -> None:
        self.id = gid("AppInstallation", article_id(session.shop.domain))
        self.accessScopes = [{"handle": scope} for scope in session.shop.scopes]
