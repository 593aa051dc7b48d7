"""The tick's way in: the declared job, through Cloud Scheduler, to a route that only the scheduler may call."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from flask import Flask

from backend.tenants.identity import IdentityVerifier
from backend.tenants.service import ServiceGate
from backend.tick_job import TICK_PATH, tick_job
from backend.timed_request import TimedRequest
from backend.web.mount import mount
from backend.web.route import Auth, Call, Nothing, Routes
from infra.local.http import HttpServer
from tests.contract.scheduler.cloud import ACCOUNT, LOCATION, Cloud
from tests.contract.worker import until

PUBLIC_URL = "https://api.example"


class Backend:
    """One route behind the gate, on the real wire."""

    def __init__(self, identity: str) -> None:
        self.ticks = 0
        routes = Routes("ticks")

        @routes.declare("POST", TICK_PATH, auth=Auth.SCHEDULER, takes=Nothing, answers={204: None})
        def tick(_call: Call[Nothing]) -> None:
            self.ticks += 1

        verifier = IdentityVerifier(certs_url=f"{identity}/oauth2/v1/certs", transport=TimedRequest(timeout_s=5))
        gate = ServiceGate(verifier, audience=PUBLIC_URL, service_account=ACCOUNT, caller="Cloud Scheduler")
        app = Flask(__name__)
        mount(app, routes.all, doors={Auth.SCHEDULER: gate.authenticate})
        self._server = HttpServer(app)
        self.url = f"http://{self._server.address}"
        self.stop = self._server.stop


@pytest.fixture
def backend(identity: str) -> Iterator[Backend]:
    backend = Backend(identity)
    yield backend
    backend.stop()


def test_tick_job_is_let_in(cloud: Cloud, backend: Backend) -> None:
    """With the token that Cloud Scheduler makes for its service account and audience."""
    job: dict[str, Any] = tick_job(parent=LOCATION, public_url=PUBLIC_URL, service_account=ACCOUNT)
    job["http_target"]["uri"] = backend.url + TICK_PATH
    job["schedule"] = "0 0 1 1 *"
    cloud.client.run_job(name=cloud.client.create_job(parent=LOCATION, job=job).name)
    until(lambda: backend.ticks == 1)


@pytest.mark.parametrize(
    ("email", "audience", "status"),
    [
        (ACCOUNT, PUBLIC_URL, 204),
        ("tasks@tabkeeper.iam.gserviceaccount.com", PUBLIC_URL, 403),
        (ACCOUNT, "https://elsewhere.example", 401),
    ],
)
def test_gate_lets_in_the_scheduler_only(
    identity: str, backend: Backend, email: str, audience: str, status: int
) -> None:
    """Not another service account, not Cloud Tasks', not the scheduler on its way to somebody else."""
    body = {"email": email, "audience": audience}
    token = httpx.post(f"{identity}/control/identity-tokens", json=body).raise_for_status().json()["id_token"]
    answer = httpx.post(backend.url + TICK_PATH, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, backend.ticks) == (status, int(status == 204))
