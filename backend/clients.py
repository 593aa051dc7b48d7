"""The Google clients, built from Settings.

Made once a process and after the fork: gRPC channels do not survive one. Every call that a request waits for has a
time-out.
"""

from dataclasses import dataclass
from typing import Any

import google.auth
import grpc
import httplib2
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import CloudSchedulerGrpcTransport
from google.cloud.tasks_v2 import CloudTasksClient
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.http import HttpRequest

from backend.database import Database
from backend.settings import Settings
from backend.tasks import tasks_client
from backend.timed_request import TimedRequest

CLOUD_PLATFORM_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@dataclass(frozen=True, slots=True)
class Clients:
    firestore: firestore.Client
    tasks: CloudTasksClient
    run: Any
    """The Cloud Run Admin resource; every request it makes has a connection of its own."""
    google: TimedRequest

    @classmethod
    def from_settings(cls, settings: Settings) -> "Clients":
        return cls(
            firestore=Database(project=settings.project_id, patience_s=settings.request_timeout_s),
            tasks=tasks_client(settings.tasks_endpoint),
            run=run_client(settings.run_endpoint, timeout_s=settings.request_timeout_s),
            google=TimedRequest(timeout_s=settings.request_timeout_s),
        )


def scheduler_client(endpoint: str | None) -> CloudSchedulerClient:
    if endpoint is None:
        return CloudSchedulerClient()
    return CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=grpc.insecure_channel(endpoint)))


def run_client(endpoint: str | None, *, timeout_s: float) -> Any:
    if endpoint:
        credentials: Any = AnonymousCredentials()  # type: ignore[no-untyped-call]
    else:
        credentials, _project = google.auth.default(scopes=[CLOUD_PLATFORM_SCOPE])

    def request_of_its_own(_http: Any, *args: Any, **options: Any) -> HttpRequest:
        """httplib2 is not thread-safe: https://googleapis.github.io/google-api-python-client/docs/thread_safety.html"""
        return HttpRequest(AuthorizedHttp(credentials, http=httplib2.Http(timeout=timeout_s)), *args, **options)

    build_api: Any = build
    return build_api(
        "run",
        "v2",
        http=AuthorizedHttp(credentials, http=httplib2.Http(timeout=timeout_s)),
        requestBuilder=request_of_its_own,
        static_discovery=True,
        client_options=ClientOptions(api_endpoint=endpoint) if endpoint else None,
    )
