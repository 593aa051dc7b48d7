"""What is not Shopify's of webhooks: what goes wrong on the way, and what was sent."""

from dataclasses import asdict
from typing import Annotated

from flask import Blueprint, Response, jsonify, request
from pydantic import Field

from infra.local.shopify.body import Body, read_body
from infra.local.shopify.simulator import Simulator

Count = Annotated[int, Field(ge=0)]


class TroubleInput(Body):
    """What is left out stays as it is."""

    double: Count | None = None
    lose: Count | None = None
    hold: bool | None = None
    shuffle: bool | None = None
    delay_s: Annotated[float, Field(ge=0)] | None = None
    retried_for_s: Annotated[float, Field(gt=0)] | None = None


def control_webhook_routes(simulator: Simulator) -> Blueprint:
    routes = Blueprint("control_webhooks", __name__, url_prefix="/control/webhooks")
    courier = simulator.webhooks.courier

    @routes.get("")
    def list_sent() -> Response:
        """Of one shop, where the query names it."""
        shop = request.args.get("shop")
        return jsonify([each for each in courier.sent() if shop in {None, each["shop"]}])

    @routes.post("")
    def ask_for_trouble() -> Response:
        return jsonify(asdict(courier.make_trouble(**read_body(TroubleInput).model_dump(exclude_none=True))))

    @routes.delete("")
    def end_trouble() -> Response:
        courier.end_trouble()
        return jsonify({})

    return routes
