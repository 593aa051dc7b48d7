"""Where a worker is wired: settings and clients into a lane whose runs are exports."""

from uuid import uuid4
from zoneinfo import ZoneInfo

from backend.accounts.google import GoogleOAuth
from backend.accounts.repository import AccountRepository
from backend.accounts.service import AccountService, Credential
from backend.automations.model import SUMS, Configuration, RowMode, Status
from backend.automations.repository import AutomationRepository
from backend.budgets.model import Kind
from backend.budgets.repository import BudgetRepository
from backend.budgets.service import SharedBudget, project_quota, user_quota
from backend.clock import Clock, utc_now
from backend.connections.access import ConnectionTokens
from backend.connections.model import Connection
from backend.connections.repository import ConnectionRepository
from backend.database import Database
from backend.errors import RunCancelled, RunGivenUp
from backend.notifications.outbox import Outbox
from backend.notifications.repository import NotificationRepository
from backend.notifications.tasks import NotificationTasks
from backend.platforms.daily_sales import DailySales
from backend.platforms.registry import platforms_from
from backend.platforms.sales_day import fields_of_orders
from backend.platforms.source import Pause, Source
from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneRepository
from backend.runs.model import MAX_ATTEMPTS_WITHOUT_PROGRESS, Run
from backend.runs.queues import queues_parent
from backend.runs.repository import RunRepository
from backend.sealing import Sealer
from backend.settings import Settings
from backend.tasks import BackendTasks, tasks_client
from backend.timed_request import TimedRequest
from jobs.export.export import Export
from jobs.export.journal import Journal
from jobs.export.orders import Orders
from jobs.hold import Hold
from jobs.lane import Lane
from jobs.pulse import Pulse
from jobs.sheets.api import SheetsApi
from jobs.sheets.budget import Budget
from jobs.sheets.tab import ManagedTab
from jobs.shift import Shift
from jobs.stop import Stop
from jobs.stopwatch import Stopwatch


class Worker:
    """One process's clients and repositories. Made after any fork, never at import."""

    def __init__(self, settings: Settings, *, stop: Stop, clock: Clock = utc_now) -> None:
        self._settings = settings
        self._stop = stop
        self._clock = clock
        execution = settings.cloud_run_execution or f"worker-{uuid4().hex[:12]}"
        self._name = f"{execution}/{settings.cloud_run_task_attempt}"
        db = Database(project=settings.project_id)
        sealer = Sealer.from_file(settings.envelope_key_file)
        self._platforms = platforms_from(settings)
        self._connections = ConnectionRepository(db)
        self._tokens = ConnectionTokens(
            self._connections,
            platforms=self._platforms,
            sealer=sealer,
            timeout_s=settings.request_timeout_s,
            clock=clock,
        )
        self.automations = AutomationRepository(db)
        self.runs = RunRepository(db)
        self.lanes = LaneRepository(db, tenant_lanes=settings.tenant_lanes)
        self._everywhere = Everywhere(db)
        oauth = GoogleOAuth(
            client_id=settings.oauth_client_id,
            client_secret=settings.oauth_client_secret,
            token_uri=settings.token_uri,
            transport=TimedRequest(timeout_s=settings.request_timeout_s),
        )
        self._accounts = AccountService(AccountRepository(db), oauth=oauth, sealer=sealer)
        self._ledgers = BudgetRepository(db)
        tasks = BackendTasks(
            tasks_client(settings.tasks_endpoint),
            parent=queues_parent(settings.project_id, settings.location),
            public_url=settings.public_url,
            service_account=settings.tasks_service_account,
            timeout_s=settings.request_timeout_s,
        )
        self._outbox = Outbox(
            NotificationRepository(db), NotificationTasks(tasks), large_from_rows=settings.large_run_rows
        )
        self._budgets: dict[tuple[str, str, Kind], Budget] = {}

    def shift(self) -> Shift:
        return Shift(
            self.lane,
            name=self._name,
            everywhere=self._everywhere,
            clock=self._clock,
            worker_s=self._settings.worker_s,
            tenant_lanes=self._settings.tenant_lanes,
        )

    def lane(self, connection_id: str) -> Lane:
        return Lane(
            connection_id,
            holder=self._name,
            lanes=self.lanes,
            runs=self.runs,
            automations=self.automations,
            connections=self._connections,
            outbox=self._outbox,
            attempt=self.export,
            stop=self._stop,
            clock=self._clock,
            lease_s=self._settings.lease_s,
            write_s=self._settings.sheets_timeout_s,
            linger_s=self._settings.linger_s,
        )

    def export(self, run: Run, hold: Hold) -> Export:
        """An attempt at the run. Raises what its merchant must know, and RunCancelled when nobody wants it any more."""
        automation = self.automations.get(run.tenant_id, run.automation_id)
        if run.cancel_requested or automation.status is Status.PAUSED:
            raise RunCancelled
        if run.attempts_without_progress > MAX_ATTEMPTS_WITHOUT_PROGRESS:
            raise RunGivenUp
        configuration = automation.configuration
        connection = self._connections.get(run.tenant_id, configuration.connection_id)
        platform = self._platforms[connection.platform]
        catalogue = platform.catalogues[configuration.resource]
        credential = self._accounts.credential(run.tenant_id, configuration.destination.account_id)
        stopwatch = Stopwatch()
        pulse = Pulse(
            run,
            runs=self.runs,
            epoch=hold.lease.epoch,
            stop=self._stop,
            clock=self._clock,
            silent_s=self._settings.run_silent_s,
        )
        lane, spreadsheet_id = run.connection_id, configuration.destination.spreadsheet_id
        api = self._sheets(spreadsheet_id, credential, stopwatch, lane=lane, pause=pulse.pause)
        source = self._source(connection, configuration, pause=pulse.pause)
        return Export(
            automation,
            catalogue,
            orders=Orders(source, named=run.order_ids, stopwatch=stopwatch),
            tab=ManagedTab(automation, catalogue, api=api, stopwatch=stopwatch, hold=hold.ensure),
            journal=Journal(
                run, runs=self.runs, api=api, stopwatch=stopwatch, epoch=hold.lease.epoch, clock=self._clock
            ),
            automations=self.automations,
            stop=self._stop,
        )

    def _source(self, connection: Connection, configuration: Configuration, *, pause: Pause) -> Source:
        """What the automation's rows show: orders, or what they add up to."""
        sums = configuration.resource in SUMS
        orders = self._platforms[connection.platform].open_source(
            connection.shop_domain,
            self._tokens.access(connection, pause=self._stop.pause),
            fields=fields_of_orders(configuration.fields) if sums else configuration.fields,
            lines=configuration.row_mode is RowMode.LINE,
            pause=pause,
        )
        if not sums:
            return orders
        return DailySales(
            orders,
            zone=ZoneInfo(connection.time_zone),
            currency=connection.currency,
            clock=self._clock,
            pause=pause,
        )

    def _sheets(
        self, spreadsheet_id: str, credential: Credential, stopwatch: Stopwatch, *, lane: str, pause: Pause
    ) -> SheetsApi:
        return SheetsApi(
            spreadsheet_id,
            credentials=credential.google,
            endpoint=self._settings.sheets_endpoint,
            timeout_s=self._settings.sheets_timeout_s,
            budgets=(self._budget(credential, Kind.READS, lane), self._budget(credential, Kind.WRITES, lane)),
            stopwatch=stopwatch,
            pause=pause,
        )

    def _budget(self, credential: Credential, kind: Kind, lane: str) -> Budget:
        """Runs of one lane go on with what the last one was granted and did not use."""
        known = (lane, credential.subject, kind)
        if known not in self._budgets:
            settings = self._settings
            shared = SharedBudget(
                self._ledgers,
                user=user_quota(credential.subject, kind, calls_a_minute=settings.sheets_calls_a_minute),
                project=project_quota(kind, calls_a_minute=settings.sheets_project_calls_a_minute),
                holder=lane,
                clock=self._clock,
            )
            self._budgets[known] = Budget(shared, clock=self._clock)
        return self._budgets[known]
