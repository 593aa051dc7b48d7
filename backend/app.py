"""Where everything is wired: settings and clients into repositories, services and routes."""

from itertools import chain
from typing import Any

from flask import Flask
from pydantic import BaseModel, RootModel

from backend import telemetry
from backend.accounts.google import GoogleOAuth
from backend.accounts.repository import AccountRepository
from backend.accounts.routes import routes as account_routes
from backend.accounts.service import AccountLinking, AccountService
from backend.automations.repository import AutomationRepository
from backend.automations.routes import routes as automation_routes
from backend.automations.service import AutomationService
from backend.clients import Clients
from backend.clock import Clock, utc_now
from backend.connections.model import PlatformName
from backend.connections.repository import ConnectionRepository
from backend.connections.routes import routes as connection_routes
from backend.connections.service import ConnectionService
from backend.platforms.registry import Platform, Shopify
from backend.runs.dispatch import LaneStarter, LaneTasks
from backend.runs.lanes import LaneRepository
from backend.runs.queues import queues_parent
from backend.runs.repository import RunRepository
from backend.runs.routes import routes as run_routes
from backend.runs.service import RunService
from backend.sealing import Sealer
from backend.settings import Settings
from backend.tenants.certificates import CachedCertificates
from backend.tenants.identity import IdentityVerifier
from backend.tenants.repository import TenantRepository
from backend.tenants.routes import routes as tenant_routes
from backend.tenants.service import TasksGate, TenantService
from backend.web.mount import mount
from backend.web.openapi import openapi_document
from backend.web.route import Auth, Call, Nothing, Route, Routes


def create_app(settings: Settings | None = None, clients: Clients | None = None, clock: Clock = utc_now) -> Flask:
    """Called after the fork, once a process: it makes the Google clients. Raises ConfigurationError."""
    settings = settings or Settings.from_environment()
    telemetry.configure(level=settings.log_level, project_id=settings.project_id)
    clients = clients or Clients.from_settings(settings)
    sealer = Sealer.from_file(settings.envelope_key_file)
    identities = IdentityVerifier(
        certs_url=settings.certs_url, transport=CachedCertificates(clients.google, clock=clock)
    )
    platforms: dict[str, Platform] = {
        PlatformName.SHOPIFY: Shopify(
            base_url=settings.shopify_base_url,
            api_version=settings.shopify_api_version,
            timeout_s=settings.shop_timeout_s,
            bulk_from_orders=settings.shop_bulk_from_orders,
        )
    }
    oauth = GoogleOAuth(
        client_id=settings.oauth_client_id,
        client_secret=settings.oauth_client_secret,
        token_uri=settings.token_uri,
        transport=clients.google,
    )
    parent = queues_parent(settings.project_id, settings.location)

    accounts = AccountRepository(clients.firestore)
    automations = AutomationRepository(clients.firestore)
    connections = ConnectionRepository(clients.firestore)
    lanes = LaneRepository(clients.firestore)
    runs = RunRepository(clients.firestore)

    tenant_service = TenantService(
        TenantRepository(clients.firestore),
        identities,
        audience=settings.identity_audience,
        session_ttl_s=settings.session_ttl_s,
        clock=clock,
    )
    account_linking = AccountLinking(
        accounts,
        automations,
        oauth=oauth,
        identities=identities,
        audience=settings.oauth_client_id,
        sealer=sealer,
        clock=clock,
    )
    connection_service = ConnectionService(
        connections,
        automations,
        platforms=platforms,
        sealer=sealer,
        timeout_s=settings.request_timeout_s,
        clock=clock,
    )
    automation_service = AutomationService(
        automations, connections=connections, accounts=accounts, platforms=platforms, clock=clock
    )
    lane_tasks = LaneTasks(
        clients.tasks,
        parent=parent,
        public_url=settings.public_url,
        service_account=settings.tasks_service_account,
        timeout_s=settings.request_timeout_s,
    )
    run_service = RunService(runs, automations=automations, lanes=lanes, tasks=lane_tasks, clock=clock)
    lane_starter = LaneStarter(runs, lanes, run_admin=clients.run, job=f"{parent}/jobs/{settings.run_job}", clock=clock)
    tasks_gate = TasksGate(
        identities, audience=settings.public_url.rstrip("/"), service_account=settings.tasks_service_account
    )

    features = (
        tenant_routes(tenant_service),
        account_routes(AccountService(accounts, oauth=oauth, sealer=sealer), account_linking),
        connection_routes(connection_service),
        automation_routes(automation_service),
        run_routes(run_service, lane_starter),
    )
    app = Flask(__name__, static_folder=None)
    mount(
        app,
        _with_description(list(chain.from_iterable(feature.all for feature in features)), settings.public_url),
        doors={
            Auth.PUBLIC: lambda _authorization: None,
            Auth.SESSION: tenant_service.authenticate,
            Auth.TASKS: tasks_gate.authenticate,
        },
    )
    return app


class Health(BaseModel):
    status: str = "ok"


class OpenApi(RootModel[dict[str, Any]]):
    """OpenAPI 3.1"""


def _with_description(features: list[Route], public_url: str) -> list[Route]:
    """The features' routes, and those that tell about the service itself."""
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
