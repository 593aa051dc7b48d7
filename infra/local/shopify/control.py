"""What is not Shopify's: shops are made, filled and counted here, and trouble is asked for."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

from flask import Blueprint, Response, jsonify, request
from pydantic import Field

from infra.local.shopify.body import Body, Refused, read_body
from infra.local.shopify.bulk_operations import BulkOperations
from infra.local.shopify.faults import Fault, Faults, Kind
from infra.local.shopify.invoices import BrokenCsv, read_file
from infra.local.shopify.loader import load
from infra.local.shopify.order_search import Condition
from infra.local.shopify.orders import Orders
from infra.local.shopify.shop import ALL_SCOPES, Plan, Shop
from infra.local.shopify.shops import ShopRow, Shops
from infra.local.shopify.simulator import Simulator


class ShopInput(Body):
    domain: Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com$")]
    access_token: Annotated[str, Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "GBP"
    scopes: tuple[str, ...] = ALL_SCOPES
    plan: Plan | None = None
    timezone: str = "UTC"
    points_per_s: Annotated[int, Field(gt=0)] | None = None


class TokenInput(Body):
    access_token: Annotated[str, Field(min_length=1)]


class LoadInput(Body):
    path: Path


class FaultInput(Body):
    kind: Kind
    times: Annotated[int, Field(gt=0)] = 1
    skip: Annotated[int, Field(ge=0)] = 0
    delay_s: Annotated[float, Field(gt=0)] = 1.0


def control_routes(simulator: Simulator) -> Blueprint:
    routes = Blueprint("control", __name__, url_prefix="/control")

    @routes.post("/shops")
    def make_shop() -> Response:
        """Makes the shop, or changes it; its orders stay."""
        asked = read_body(ShopInput)
        with simulator.store.writing() as connection:
            Shops(connection).save(Shop(**asked.model_dump()))
        return jsonify(domain=asked.domain)

    @routes.get("/shops/<domain>")
    def count(domain: str) -> Response:
        with simulator.store.reading() as connection:
            row = shop_row(Shops(connection), domain)
            orders = Orders(connection, row.number)
            return jsonify(
                domain=domain,
                orders=orders.count(Condition()),
                lines=orders.line_count(),
                bulk_operations=len(BulkOperations(connection, row.number).all()),
                throttled=simulator.buckets.of(row.shop).refused,
            )

    @routes.post("/shops/<domain>/token")
    def rotate_token(domain: str) -> Response:
        """The old token is revoked."""
        asked = read_body(TokenInput)
        with simulator.store.writing() as connection:
            shops = Shops(connection)
            shops.save(replace(shop_row(shops, domain).shop, access_token=asked.access_token))
        return jsonify(domain=domain)

    @routes.delete("/shops/<domain>/points")
    def spend_points(domain: str) -> Response:
        """The next call finds the shop's bucket empty; from then on it fills up as ever."""
        with simulator.store.reading() as connection:
            simulator.buckets.of(shop_row(Shops(connection), domain).shop).run_dry()
        return jsonify(domain=domain)

    @routes.post("/shops/<domain>/load")
    def load_file(domain: str) -> Response:
        """All of the file or nothing."""
        path = read_body(LoadInput).path
        try:
            invoices = read_file(path)
        except BrokenCsv as broken:
            details = {"line": broken.line, "column": broken.column, "expected": broken.expected}
            raise Refused(422, f"{path}: {broken}", **details) from broken
        except OSError as missing:
            raise Refused(422, f"{path} cannot be read: {missing.strerror or missing}") from missing
        with simulator.store.writing() as connection:
            row = shop_row(Shops(connection), domain)
            loaded = load(invoices, orders=Orders(connection, row.number), currency=row.shop.currency)
        return jsonify(asdict(loaded))

    fault_routes(routes, simulator.faults)
    return routes


def fault_routes(routes: Blueprint, faults: Faults) -> None:
    @routes.post("/faults")
    def ask_for_trouble() -> Response:
        asked = read_body(FaultInput)
        faults.add(Fault(**asked.model_dump()))
        return jsonify(kind=asked.kind)

    @routes.get("/faults")
    def list_trouble() -> Response:
        """What has not happened yet."""
        return jsonify(faults=[asdict(fault) for fault in faults.pending()])

    @routes.delete("/faults")
    def end_trouble() -> Response:
        """All, or that of the kind which the query names."""
        faults.call_off(request.args.get("kind"))
        return jsonify({})


def shop_row(shops: Shops, domain: str) -> ShopRow:
    row = shops.find(domain)
    if row is None:
        raise Refused(404, f"there is no shop {domain}; make it with POST /control/shops")
    return row
