"""From the end of a run to a tenant's own program, over HTTP."""

import json

import pytest
from standardwebhooks import Webhook

from backend.errors import LeaseLost
from backend.notifications.model import RETRY_AFTER, EndpointStatus, NotificationStatus
from tests.contract.notifications.desk import PATH, Desk


@pytest.fixture
def secret(desk: Desk) -> str:
    """That of the tenant's endpoint."""
    _endpoint, secret = desk.service.set_endpoint(desk.tenant_id, desk.url)
    assert secret is not None
    return secret


def test_receiver_can_verify_what_it_is_told(desk: Desk, secret: str) -> None:
    """By the published implementation; also with a secret that was exchanged less than a day ago."""
    _endpoint, second = desk.service.rotate_secret(desk.tenant_id)
    run = desk.large_run()
    desk.finish(run)
    assert desk.attempt(204) is NotificationStatus.DELIVERED
    (delivery,) = desk.receiver.at(PATH)
    for each in (secret, second):
        told = Webhook(each).verify(delivery.body, {name.lower(): value for name, value in delivery.headers.items()})
        assert (told["type"], told["data"]["run_id"]) == ("run.large_finished", run.id)
    assert delivery.headers["Content-Type"] == "application/json"


def test_failed_delivery_is_tried_again_as_the_same(desk: Desk, secret: str) -> None:
    """The receiver knows it by its id; that it fails can be seen until it works again."""
    desk.finish(desk.large_run())
    assert desk.attempt(500) is NotificationStatus.PENDING
    endpoint = desk.service.endpoint(desk.tenant_id)
    assert (endpoint.status, endpoint.failing_since) == (EndpointStatus.FAILING, desk.now)
    assert desk.notification().problem == "It answered 500."
    assert desk.notification().next_attempt_at == desk.now + RETRY_AFTER[0]
    assert desk.attempt(200) is NotificationStatus.DELIVERED
    first, second = desk.receiver.at(PATH)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert json.loads(first.body) == json.loads(second.body)
    assert desk.service.endpoint(desk.tenant_id).status is EndpointStatus.WORKING


def test_redirect_is_not_followed(desk: Desk, secret: str) -> None:
    """It could lead anywhere."""
    desk.finish(desk.large_run())
    assert desk.attempt(302) is NotificationStatus.PENDING
    assert len(desk.receiver.deliveries) == 1


def test_delivery_that_fails_for_days_is_given_up(desk: Desk, secret: str) -> None:
    """It stays visible as undelivered, and its endpoint as failing since the first failure."""
    desk.finish(desk.large_run())
    began = desk.now
    for _ in RETRY_AFTER:
        assert desk.attempt(503) is NotificationStatus.PENDING
    assert desk.attempt(503) is NotificationStatus.UNDELIVERED
    assert desk.attempt(200) is None
    assert len(desk.receiver.deliveries) == len(RETRY_AFTER) + 1
    assert desk.service.endpoint(desk.tenant_id).failing_since == began


def test_endpoint_that_is_gone_is_told_nothing_more(desk: Desk, secret: str) -> None:
    """Until it is set again."""
    desk.finish(desk.large_run())
    assert desk.attempt(410) is NotificationStatus.UNDELIVERED
    assert desk.service.endpoint(desk.tenant_id).status is EndpointStatus.GONE
    desk.finish(desk.large_run(cause="key:2"))
    assert len(desk.service.page(desk.tenant_id, limit=10, after=None)[0]) == 1
    desk.service.set_endpoint(desk.tenant_id, desk.url)
    desk.finish(desk.large_run(cause="key:3"))
    assert desk.attempt(200) is NotificationStatus.DELIVERED


def test_task_that_comes_twice_delivers_once(desk: Desk, secret: str) -> None:
    """Cloud Tasks may deliver a task again; each attempt has its number."""
    desk.finish(desk.large_run())
    notification = desk.notification()
    for _ in range(2):
        desk.delivery.attempt(desk.tenant_id, notification.id, number=0)
    assert len(desk.receiver.deliveries) == 1


def test_notification_is_written_with_what_it_tells_or_not_at_all(desk: Desk, secret: str) -> None:
    """A worker that lost its lease ends no run, and tells of no end."""
    run = desk.large_run()
    desk.runs.take_up(run, epoch=2, at=desk.now)
    with pytest.raises(LeaseLost):
        desk.finish(run)
    assert desk.service.page(desk.tenant_id, limit=10, after=None)[0] == []
    assert desk.tasks() == 0


def test_tick_enqueues_what_was_not_enqueued(desk: Desk, secret: str) -> None:
    """Or what Cloud Tasks lost; not sooner than a task may take, and once in ten minutes."""
    desk.finish(desk.large_run())
    assert desk.tasks() == 1
    desk.lose_tasks()
    desk.pass_time(seconds=119)
    desk.tick()
    assert desk.tasks() == 0
    desk.pass_time(seconds=1)
    assert desk.tick() >= 1
    desk.tick()
    assert desk.tasks() == 1
    assert desk.attempt(200) is NotificationStatus.DELIVERED
    desk.pass_time(hours=1)
    assert desk.tick() == 0


def test_tenant_without_an_endpoint_is_told_nothing(desk: Desk) -> None:
    """Nothing is written that nobody would ever be sent."""
    desk.finish(desk.large_run())
    assert desk.service.page(desk.tenant_id, limit=10, after=None)[0] == []
