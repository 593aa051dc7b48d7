"""What is not Shopify's of the app: how it is registered, and what happens to it that only a webhook tells of."""

import secrets
from dataclasses import asdict, replace
from typing import Annotated

from flask import Blueprint, Response, jsonify
from pydantic import Field

from infra.local.shopify.body import Body, Refused, read_body
from infra.local.shopify.change import Event
from infra.local.shopify.control import shop_row
from infra.local.shopify.installs import Installs
from infra.local.shopify.order import Order
from infra.local.shopify.order_search import Condition
from infra.local.shopify.orders import Orders
from infra.local.shopify.shop_payloads import compliance_payload, product_payload, shop_payload
from infra.local.shopify.shops import Shops
from infra.local.shopify.simulator import Simulator
from infra.local.shopify.subscriptions import Subscriptions
from infra.local.shopify.topics import ComplianceTopic

NO_COMPLIANCE_URI = "the app is registered with no compliance_uri; name one with POST /control/app"


class AppInput(Body):
    """What is left out stays as it is."""

    secret: Annotated[str, Field(min_length=1)] | None = None
    compliance_uri: str | None = None


class ProductInput(Body):
    sku: str
    title: str


class ComplianceInput(Body):
    topic: ComplianceTopic
    customer: int | None = None


def control_app_routes(simulator: Simulator) -> Blueprint:
    routes = Blueprint("control_app", __name__, url_prefix="/control")
    webhooks = simulator.webhooks

    @routes.post("/app")
    def change_app() -> Response:
        for name, value in read_body(AppInput).model_dump(exclude_none=True).items():
            setattr(webhooks.app, name, value)
        return jsonify(asdict(webhooks.app))

    @routes.post("/shops/<domain>/uninstall")
    def uninstall(domain: str) -> Response:
        """The token is revoked and the subscriptions are gone; one last webhook says so."""
        with webhooks.writing() as outbox:
            shops = Shops(outbox.connection)
            row = shop_row(shops, domain)
            outbox.announce(row, [Event("APP_UNINSTALLED", lambda: shop_payload(row))])
            Subscriptions(outbox.connection, row.number).remove_all()
            shops.save(replace(row.shop, access_token=secrets.token_urlsafe(24)))
            Installs(outbox.connection, row.number, now=simulator.clock()).revoke()
        return jsonify(domain=domain)

    @routes.post("/shops/<domain>/token/expire")
    def expire_tokens(domain: str) -> Response:
        """As an hour does it to the tokens that an app was given on the consent page."""
        with simulator.store.writing() as connection:
            row = shop_row(Shops(connection), domain)
            Installs(connection, row.number, now=simulator.clock()).expire()
        return jsonify(domain=domain)

    @routes.post("/shops/<domain>/products")
    def update_product(domain: str) -> Response:
        asked = read_body(ProductInput)
        with webhooks.writing() as outbox:
            row = shop_row(Shops(outbox.connection), domain)
            payload = product_payload(row, sku=asked.sku, title=asked.title, at=simulator.clock())
            outbox.announce(row, [Event("PRODUCTS_UPDATE", lambda: payload)])
        return jsonify(id=payload["admin_graphql_api_id"])

    @routes.post("/shops/<domain>/compliance")
    def demand_compliance(domain: str) -> Response:
        asked = read_body(ComplianceInput)
        if webhooks.app.compliance_uri is None:
            raise Refused(409, NO_COMPLIANCE_URI)
        if (asked.customer is None) != (asked.topic == "shop/redact"):
            raise Refused(422, "customer: is needed for customers/..., and has no place in shop/redact")
        with webhooks.writing() as outbox:
            row = shop_row(Shops(outbox.connection), domain)
            orders = _orders_of(asked.customer, Orders(outbox.connection, row.number))
            payload = compliance_payload(row, asked.topic, customer_id=asked.customer, orders=orders)
            outbox.address(row, uri=webhooks.app.compliance_uri, topic=asked.topic, payload=payload)
        return jsonify(payload)

    return routes


def _orders_of(customer: int | None, orders: Orders) -> list[Order]:
    if customer is None:
        return []
    return list(orders.every(Condition("customer_id = ?", (customer,)), sort="id", reverse=False))
