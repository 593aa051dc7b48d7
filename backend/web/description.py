"""What the service tells about itself: that it answers, and what it offers."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, RootModel

from backend.web.openapi import openapi_document
from backend.web.route import Auth, Call, Nothing, Route, Routes


class Health(BaseModel):
    status: str = "ok"


class OpenApi(RootModel[dict[str, Any]]):
    """OpenAPI 3.1"""


def described(features: Sequence[Route], *, public_url: str) -> list[Route]:
    """The features' routes, and those that describe them all."""
    routes = Routes("service")

    @routes.declare("GET", "/health", auth=Auth.PUBLIC, takes=Nothing, answers={200: Health})
    def health(_call: Call[Nothing]) -> Health:
        """The process answers; says nothing about what it depends on"""
        return Health()

    @routes.declare("GET", "/openapi.json", auth=Auth.PUBLIC, takes=Nothing, answers={200: OpenApi})
    def openapi(_call: Call[Nothing]) -> OpenApi:
        """This description"""
        return document

    everything = [*routes.all, *features]
    document = OpenApi(openapi_document(everything, public_url=public_url))
    return everything
