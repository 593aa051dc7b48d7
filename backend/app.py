"""Where everything is wired: settings and clients into repositories, services and routes."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask

from backend import telemetry
from backend.accounts.consent import CALLBACK as GOOGLE_CALLBACK
from backend.accounts.consent import AccountConsent
from backend.accounts.google import GoogleOAuth
from backend.accounts.google_consent import GoogleConsent
from backend.accounts.repository import AccountRepository
from backend.accounts.routes import routes as account_routes
from backend.accounts.service import AccountLinking, AccountService
from backend.automations.repository import AutomationRepository
from backend.automations.routes import routes as automation_routes
from backend.automations.service import AutomationService
from backend.changes.repository import ChangeRepository
from backend.changes.routes import routes as change_routes
from backend.changes.service import ChangeService
from backend.changes.tasks import ChangeTasks
from backend.clients import Clients
from backend.clock import Clock, utc_now
from backend.connections.access import ConnectionTokens
from backend.connections.consent import ShopConsent
from backend.connections.repository import ConnectionRepository
from backend.connections.routes import routes as connection_routes
from backend.connections.service import ConnectionService
from backend.consents.repository import ConsentRepository
from backend.consents.service import ConsentService
from backend.notifications.delivery import Delivery
from backend.notifications.outbox import Outbox
from backend.notifications.post import Post
from backend.notifications.repository import NotificationRepository
from backend.notifications.routes import routes as notification_routes
from backend.notifications.service import NotificationService
from backend.notifications.tasks import NotificationTasks
from backend.platforms.registry import platforms_from
from backend.runs.dispatch import LaneStarter, LaneTasks
from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneRepository
from backend.runs.queues import queues_parent
from backend.runs.repository import RunRepository
from backend.runs.routes import routes as run_routes
from backend.runs.service import RunService
from backend.sealing import Sealer
from backend.settings import Settings
from backend.tasks import BackendTasks
from backend.tenants.certificates import CachedCertificates
from backend.tenants.identity import IdentityVerifier
from backend.tenants.repository import TenantRepository
from backend.tenants.routes import routes as tenant_routes
from backend.tenants.service import ServiceGate, TenantService
from backend.tick.changes import LeftChanges
from backend.tick.claim import Claims
from backend.tick.due import Due
from backend.tick.routes import routes as tick_routes
from backend.tick.service import Part, TickService
from backend.tick.subscriptions import Subscriptions
from backend.tick.sweep import Limits, Sweep
from backend.tick.unsent import Unsent
from backend.web.description import described
from backend.web.mount import mount
from backend.web.route import Auth, Routes


def create_app(settings: Settings | None = None, clients: Clients | None = None, clock: Clock = utc_now) -> Flask:
    """Called after the fork, once a process: it makes the Google clients. Raises ConfigurationError."""
    settings = settings or Settings.from_environment()
    telemetry.configure(level=settings.log_level, project_id=settings.project_id)
    clients = clients or Clients.from_settings(settings)
    identities = IdentityVerifier(
        certs_url=settings.certs_url, transport=CachedCertificates(clients.google, clock=clock)
    )
    tenants = TenantService(
        TenantRepository(clients.firestore),
        identities,
        audience=settings.identity_audience,
        session_ttl_s=settings.session_ttl_s,
        clock=clock,
    )
    audience = settings.public_url.rstrip("/")
    tasks_gate = ServiceGate(
        identities, audience=audience, service_account=settings.tasks_service_account, caller="Cloud Tasks"
    )
    scheduler_gate = ServiceGate(
        identities, audience=audience, service_account=settings.scheduler_service_account, caller="Cloud Scheduler"
    )
    features = [tenant_routes(tenants), *_features(settings, clients, clock=clock, identities=identities)]
    app = Flask(__name__, static_folder=None)
    mount(
        app,
        described([route for feature in features for route in feature.all], public_url=settings.public_url),
        doors={
            Auth.PUBLIC: lambda _authorization: None,
            Auth.SESSION: tenants.authenticate,
            Auth.TASKS: tasks_gate.authenticate,
            Auth.SCHEDULER: scheduler_gate.authenticate,
        },
    )
    return app


def _features(settings: Settings, clients: Clients, *, clock: Clock, identities: IdentityVerifier) -> Iterator[Routes]:
    """What tenants do once they are signed in."""
    sealer = Sealer.from_file(settings.envelope_key_file)
    platforms = platforms_from(settings)
    parent = queues_parent(settings.project_id, settings.location)
    oauth = GoogleOAuth(
        client_id=settings.oauth_client_id,
        client_secret=settings.oauth_client_secret,
        token_uri=settings.token_uri,
        transport=clients.google,
    )
    tasks = BackendTasks(
        clients.tasks,
        parent=parent,
        public_url=settings.public_url,
        service_account=settings.tasks_service_account,
        timeout_s=settings.request_timeout_s,
    )
    accounts = AccountRepository(clients.firestore)
    automations = AutomationRepository(clients.firestore)
    connections = ConnectionRepository(clients.firestore)
    lanes = LaneRepository(clients.firestore, tenant_lanes=settings.tenant_lanes)
    runs = RunRepository(clients.firestore)
    notifications = NotificationRepository(clients.firestore)
    notification_tasks = NotificationTasks(tasks)
    outbox = Outbox(notifications, notification_tasks, large_from_rows=settings.large_run_rows)

    consents = ConsentService(ConsentRepository(clients.firestore), TenantRepository(clients.firestore), clock=clock)
    linking = AccountLinking(
        accounts,
        automations,
        oauth=oauth,
        identities=identities,
        audience=settings.oauth_client_id,
        sealer=sealer,
        clock=clock,
    )
    yield account_routes(
        AccountService(accounts, oauth=oauth, sealer=sealer),
        linking,
        AccountConsent(
            GoogleConsent(
                client_id=settings.oauth_client_id,
                client_secret=settings.oauth_client_secret,
                auth_uri=settings.google_auth_uri,
                token_uri=settings.token_uri,
                redirect_uri=settings.public_url.rstrip("/") + GOOGLE_CALLBACK,
                transport=clients.google,
            ),
            linking,
            consents=consents,
        ),
    )
    connection_service = ConnectionService(
        connections,
        automations,
        platforms=platforms,
        tokens=ConnectionTokens(
            connections, platforms=platforms, sealer=sealer, timeout_s=settings.request_timeout_s, clock=clock
        ),
        webhooks_url=settings.webhooks_url,
        timeout_s=settings.request_timeout_s,
        clock=clock,
    )
    yield connection_routes(
        connection_service,
        ShopConsent(
            platforms,
            connection_service,
            shops=connections,
            consents=consents,
            public_url=settings.public_url,
            timeout_s=settings.request_timeout_s,
        ),
    )
    yield automation_routes(
        AutomationService(
            automations,
            connections=connections,
            shops=connection_service,
            accounts=accounts,
            platforms=platforms,
            clock=clock,
        )
    )
    everywhere = Everywhere(clients.firestore)
    run_service = RunService(runs, automations=automations, lanes=lanes, tasks=LaneTasks(tasks), clock=clock)
    yield run_routes(
        run_service,
        LaneStarter(
            runs,
            lanes,
            everywhere=everywhere,
            run_admin=clients.run,
            job=f"{parent}/jobs/{settings.run_job}",
            clock=clock,
            max_lanes=settings.max_lanes,
            start_s=settings.start_s,
        ),
    )
    yield change_routes(
        ChangeService(
            ChangeRepository(clients.firestore),
            connections=connections,
            automations=automations,
            outbox=outbox,
            runs=run_service,
            clock=clock,
        )
    )
    loopback = settings.notifications_to_loopback
    yield notification_routes(
        NotificationService(notifications, sealer=sealer, loopback=loopback, clock=clock),
        Delivery(
            notifications,
            notification_tasks,
            post=Post(timeout_s=settings.request_timeout_s, loopback=loopback),
            sealer=sealer,
            clock=clock,
        ),
    )
    parts: dict[str, Part] = {
        "changes_called": LeftChanges(
            everywhere,
            ChangeTasks(tasks, window_s=settings.changes_window_s, clock=clock),
            window_s=settings.changes_window_s,
        ),
        "swept": Sweep(
            everywhere,
            runs=runs,
            automations=automations,
            lanes=lanes,
            outbox=outbox,
            service=run_service,
            limits=Limits(
                silent=timedelta(seconds=settings.run_silent_s), given_up=timedelta(seconds=settings.run_given_up_s)
            ),
        ),
        "started": Due(everywhere, Claims(clients.firestore), run_service),
        "subscribed": Subscriptions(everywhere, connection_service),
        "notified": Unsent(everywhere, notification_tasks),
    }
    yield tick_routes(TickService(parts, clock=clock))
