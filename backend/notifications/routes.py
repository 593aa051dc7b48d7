from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from backend.notifications.address import MAX_URL
from backend.notifications.delivery import Delivery
from backend.notifications.model import Endpoint, EndpointStatus, NotificationStatus, Topic
from backend.notifications.service import NotificationService
from backend.web.route import Answer, Auth, Call, Nothing, Routes, TenantTask

MAX_PAGE = 100
ENDPOINT = "/v1/notifications/endpoint"


class EndpointWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=MAX_URL)


class EndpointAnswer(BaseModel):
    url: str
    status: EndpointStatus
    failing_since: datetime | None
    created_at: datetime


class SecretAnswer(EndpointAnswer):
    secret: str | None
    """Shown once, when it is new: what receivers verify signatures with."""


class NotificationAnswer(BaseModel):
    id: str
    topic: Topic
    data: dict[str, Any]
    created_at: datetime
    status: NotificationStatus
    attempts: int
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    problem: str


class NotificationsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20
    page_token: Annotated[str | None, Field(pattern="^evt_[0-9a-f]+$", max_length=100)] = None


class NotificationsAnswer(BaseModel):
    notifications: list[NotificationAnswer]
    next_page_token: str | None


class NotificationTask(TenantTask):
    attempt: int = Field(ge=0)


class NotificationTaskAnswer(BaseModel):
    status: NotificationStatus | None


def routes(notifications: NotificationService, delivery: Delivery) -> Routes:
    routes = Routes("notifications")

    @routes.declare(
        "PUT", ENDPOINT, auth=Auth.SESSION, takes=EndpointWish, answers={200: SecretAnswer, 201: SecretAnswer}
    )
    def set_endpoint(call: Call[EndpointWish]) -> Answer:
        """Have failures, automations that wait, and large runs told to an address, signed as Standard Webhooks are"""
        endpoint, secret = notifications.set_endpoint(call.tenant_id, call.taken.url)
        return Answer(201 if secret else 200, _with_secret(endpoint, secret))

    @routes.declare("GET", ENDPOINT, auth=Auth.SESSION, takes=Nothing, answers={200: EndpointAnswer})
    def read_endpoint(call: Call[Nothing]) -> EndpointAnswer:
        """Where notifications go, and whether they arrive"""
        return EndpointAnswer.model_validate(_public(notifications.endpoint(call.tenant_id)))

    @routes.declare("DELETE", ENDPOINT, auth=Auth.SESSION, takes=Nothing, answers={204: None})
    def forget_endpoint(call: Call[Nothing]) -> None:
        """Tell nobody any more"""
        notifications.forget_endpoint(call.tenant_id)

    @routes.declare("POST", f"{ENDPOINT}/rotate", auth=Auth.SESSION, takes=Nothing, answers={200: SecretAnswer})
    def rotate(call: Call[Nothing]) -> SecretAnswer:
        """Exchange the secret; for a day notifications carry a signature by the old one as well"""
        return _with_secret(*notifications.rotate_secret(call.tenant_id))

    @routes.declare(
        "GET", "/v1/notifications", auth=Auth.SESSION, takes=NotificationsQuery, answers={200: NotificationsAnswer}
    )
    def page(call: Call[NotificationsQuery]) -> NotificationsAnswer:
        """What was sent in the last thirty days, the newest first, by pages"""
        found, after = notifications.page(call.tenant_id, limit=call.taken.limit, after=call.taken.page_token)
        return NotificationsAnswer(
            notifications=[NotificationAnswer.model_validate(each.model_dump()) for each in found],
            next_page_token=after,
        )

    @routes.declare(
        "POST",
        "/v1/internal/notifications/{notification_id}",
        auth=Auth.TASKS,
        takes=NotificationTask,
        answers={200: NotificationTaskAnswer},
    )
    def deliver(call: Call[NotificationTask]) -> NotificationTaskAnswer:
        """Make one attempt to deliver a notification"""
        wanted = call.taken
        status = delivery.attempt(wanted.tenant_id, call.path["notification_id"], number=wanted.attempt)
        return NotificationTaskAnswer(status=status)

    return routes


def _public(endpoint: Endpoint) -> dict[str, Any]:
    return endpoint.model_dump(include=set(EndpointAnswer.model_fields))


def _with_secret(endpoint: Endpoint, secret: str | None) -> SecretAnswer:
    return SecretAnswer.model_validate(_public(endpoint) | {"secret": secret})
