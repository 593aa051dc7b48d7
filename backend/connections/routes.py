from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from backend.connections.consent import ShopConsent
from backend.connections.model import Connection, ConnectionStatus, PlatformName
from backend.connections.service import ConnectionService
from backend.consents.model import ConsentPage
from backend.platforms.access import Tokens
from backend.web.page import Page
from backend.web.route import Auth, Call, Nothing, Routes

CONNECTED = (
    "{asked_by} asked for this, and can now see the orders of this shop. If that is right, you can close this window."
    " If not, remove Tabkeeper from the shop's apps."
)


class Connect(BaseModel):
    model_config = ConfigDict(extra="forbid")

    platform: PlatformName
    shop_domain: str = Field(max_length=255)
    access_token: str = Field(min_length=1, max_length=512)


class Authorize(BaseModel):
    model_config = ConfigDict(extra="forbid")

    platform: PlatformName
    shop_domain: str = Field(max_length=255)
    """`my-shop` will do."""


class ShopifyAnswer(BaseModel):
    """What Shopify's consent page sends the browser back with; all of it is signed, whatever more it may be."""

    model_config = ConfigDict(extra="allow")

    state: str = ""
    shop: str = ""
    code: str = ""
    hmac: str = ""


class ConnectionAnswer(BaseModel):
    id: str
    platform: PlatformName
    shop_domain: str
    shop_name: str
    currency: str
    time_zone: str
    scopes: list[str]
    status: ConnectionStatus
    created_at: datetime
    updated_at: datetime


class ConnectionsAnswer(BaseModel):
    connections: list[ConnectionAnswer]


def routes(connections: ConnectionService, consent: ShopConsent) -> Routes:
    routes = Routes("connections")

    @routes.declare("POST", "/v1/connections", auth=Auth.SESSION, takes=Connect, answers={201: ConnectionAnswer})
    def connect(call: Call[Connect]) -> ConnectionAnswer:
        """Connect a shop, or give a connected one a new access token"""
        wanted = call.taken
        return _shown(
            connections.connect(
                call.tenant_id,
                platform=wanted.platform,
                shop=wanted.shop_domain,
                tokens=Tokens(wanted.access_token),
            )
        )

    @routes.declare("POST", "/v1/connections/authorize", auth=Auth.SESSION, takes=Authorize, answers={201: ConsentPage})
    def authorize(call: Call[Authorize]) -> ConsentPage:
        """Where a person lets Tabkeeper read her shop's orders; open it in a window of its own"""
        return consent.ask(call.caller, platform=call.taken.platform, shop=call.taken.shop_domain)

    @routes.declare("GET", "/v1/oauth/shopify", auth=Auth.PUBLIC, takes=ShopifyAnswer, answers={200: Page})
    def authorized(call: Call[ShopifyAnswer]) -> Page:
        """Where Shopify's consent page leads back to"""
        connection, state = consent.answered(PlatformName.SHOPIFY, call.taken.model_dump(exclude_unset=True))
        text = CONNECTED.format(asked_by=state.asked_by)
        return Page(heading=f"{connection.shop_name} is connected", text=text, closes=True)

    @routes.declare("GET", "/v1/connections", auth=Auth.SESSION, takes=Nothing, answers={200: ConnectionsAnswer})
    def list_all(call: Call[Nothing]) -> ConnectionsAnswer:
        """The connected shops, the oldest first"""
        return ConnectionsAnswer(connections=[_shown(each) for each in connections.all(call.tenant_id)])

    @routes.declare(
        "GET", "/v1/connections/{connection_id}", auth=Auth.SESSION, takes=Nothing, answers={200: ConnectionAnswer}
    )
    def read(call: Call[Nothing]) -> ConnectionAnswer:
        """One connection"""
        return _shown(connections.get(call.tenant_id, call.path["connection_id"]))

    @routes.declare("DELETE", "/v1/connections/{connection_id}", auth=Auth.SESSION, takes=Nothing, answers={204: None})
    def disconnect(call: Call[Nothing]) -> None:
        """Forget a shop that no automation uses"""
        connections.disconnect(call.tenant_id, call.path["connection_id"])

    return routes


def _shown(connection: Connection) -> ConnectionAnswer:
    return ConnectionAnswer.model_validate(connection.model_dump(include=set(ConnectionAnswer.model_fields)))
