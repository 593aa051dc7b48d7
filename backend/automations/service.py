"""Creating automations and changing them, and a look at what they would bring."""

import hashlib
import secrets
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import structlog
from google.cloud import firestore

from backend.accounts.repository import AccountRepository
from backend.automations.change import (
    ConfigurationChange,
    ensure_version,
    new_sheet_id,
    paused,
    reconfigured,
    resumed,
)
from backend.automations.model import SUMS, Automation, Configuration, RowMode
from backend.automations.preview import MAX_ADDED_UP, MAX_LOOKED_AT, Preview, preview
from backend.automations.repository import AutomationRepository, Guard
from backend.automations.timetable import timed
from backend.automations.validation import problems
from backend.clock import Clock
from backend.connections.model import Connection, PlatformName
from backend.connections.repository import ConnectionRepository
from backend.connections.service import ConnectionService
from backend.errors import Conflict, InvalidInput, NotFound
from backend.parsing import parse
from backend.platforms.daily_sales import newest_days
from backend.platforms.field import Catalogue
from backend.platforms.registry import Platform
from backend.platforms.sales_day import fields_of_orders
from backend.platforms.source import Order

_log = structlog.get_logger()


class AutomationService:
    def __init__(
        self,
        automations: AutomationRepository,
        *,
        connections: ConnectionRepository,
        shops: ConnectionService,
        accounts: AccountRepository,
        platforms: Mapping[str, Platform],
        clock: Clock,
    ) -> None:
        self._automations = automations
        self._connections = connections
        self._shops = shops
        self._accounts = accounts
        self._platforms = platforms
        self._clock = clock

    def create(self, tenant_id: str, configuration: Configuration, *, idempotency_key: str | None) -> Automation:
        """Raises Conflict when the tab is taken. The same key makes the same automation once."""
        self._ensure_valid(tenant_id, configuration)
        now = self._clock()
        wanted_tab = configuration.destination.sheet_id
        wanted = Automation(
            id=_automation_id(tenant_id, idempotency_key),
            tenant_id=tenant_id,
            configuration=configuration,
            sheet_id=new_sheet_id() if wanted_tab is None else wanted_tab,
            created_at=now,
            updated_at=now,
        )
        automation, created = self._automations.create(
            timed(wanted, at=now), guard=self._needs(tenant_id, configuration)
        )
        if not created and automation.configuration != configuration:
            raise Conflict("This Idempotency-Key was used for another automation.")
        if created:
            _log.info("automation_created", automation_id=automation.id)
        return automation

    def get(self, tenant_id: str, automation_id: str) -> Automation:
        return self._automations.get(tenant_id, automation_id)

    def all(self, tenant_id: str) -> list[Automation]:
        return self._automations.all(tenant_id)

    def change(self, tenant_id: str, automation_id: str, change: ConfigurationChange) -> Automation:
        """Raises Conflict with the current version when someone changed it since."""
        seen = self._automations.get(tenant_id, automation_id)
        ensure_version(seen, change.version)
        configuration = parse(Configuration, change.applied_to(seen.configuration))
        self._ensure_valid(tenant_id, configuration)

        def apply(current: Automation) -> Automation:
            ensure_version(current, change.version)
            return reconfigured(current, configuration, at=self._clock())

        changed = self._automations.change(tenant_id, automation_id, apply, guard=self._needs(tenant_id, configuration))
        _log.info("automation_changed", automation_id=automation_id, version=changed.version)
        return changed

    def pause(self, tenant_id: str, automation_id: str) -> Automation:
        changed = self._automations.change(
            tenant_id, automation_id, lambda current: paused(current, at=self._clock()), guard=_nothing
        )
        _log.info("automation_paused", automation_id=automation_id)
        return changed

    def resume(self, tenant_id: str, automation_id: str, *, account_id: str | None) -> Automation:
        """With another account when one is given."""

        def guard(transaction: firestore.Transaction) -> None:
            if account_id is not None and not self._accounts.exists(tenant_id, account_id, transaction=transaction):
                raise InvalidInput(fields={"account_id": "there is no such linked account"})

        def apply(current: Automation) -> Automation:
            return resumed(current, at=self._clock(), account_id=account_id)

        changed = self._automations.change(tenant_id, automation_id, apply, guard=guard)
        _log.info("automation_resumed", automation_id=automation_id)
        return changed

    def delete(self, tenant_id: str, automation_id: str) -> None:
        self._automations.delete(tenant_id, automation_id)
        _log.info("automation_deleted", automation_id=automation_id)

    def preview(self, tenant_id: str, configuration: Configuration) -> Preview:
        """What the tab would show of the newest orders, with or without a Google account to write it.

        Raises InvalidInput as `create` does, and what the shop's refusal means.
        """
        if wrong := self._problems(tenant_id, configuration):
            raise InvalidInput(fields=wrong)
        connection = self._connections.get(tenant_id, configuration.connection_id)
        zone = ZoneInfo(connection.time_zone)
        orders = self._newest(connection, configuration, zone=zone)
        catalogue = self.catalogue(connection.platform, configuration.resource)
        return preview(configuration, catalogue, orders, zone=zone, at=self._clock())

    def catalogue(self, platform: PlatformName, resource: str) -> Catalogue:
        return self._platforms[platform].catalogues[resource]

    def _ensure_valid(self, tenant_id: str, configuration: Configuration) -> None:
        wrong = self._problems(tenant_id, configuration)
        account_id = configuration.destination.account_id
        if account_id is None:
            if self._accounts.default_id(tenant_id) is None:
                wrong["destination.account_id"] = "no Google account is linked; link one first"
        elif not self._accounts.exists(tenant_id, account_id):
            wrong["destination.account_id"] = "there is no such linked account"
        if wrong:
            raise InvalidInput(fields=wrong)

    def _problems(self, tenant_id: str, configuration: Configuration) -> dict[str, str]:
        """All but those with the Google account."""
        try:
            connection = self._connections.get(tenant_id, configuration.connection_id)
        except NotFound:
            return {"connection_id": "there is no such connection; connect the shop first"}
        return problems(configuration, self.catalogue(connection.platform, configuration.resource))

    def _newest(self, connection: Connection, configuration: Configuration, *, zone: ZoneInfo) -> list[Order]:
        """Orders, or what they add up to; the newest first."""
        sums = configuration.resource in SUMS
        limit = MAX_ADDED_UP if sums else MAX_LOOKED_AT
        orders = self._shops.newest_orders(
            connection,
            fields=fields_of_orders(configuration.fields) if sums else configuration.fields,
            lines=configuration.row_mode is RowMode.LINE,
            limit=limit,
        )
        if not sums:
            return orders
        return newest_days(orders, zone=zone, currency=connection.currency, more=len(orders) == limit)

    def _needs(self, tenant_id: str, configuration: Configuration) -> Guard:
        """What was valid a moment ago still is: neither its connection nor its account was removed meanwhile."""

        def guard(transaction: firestore.Transaction) -> None:
            self._connections.get(tenant_id, configuration.connection_id, transaction=transaction)
            if account_id := configuration.destination.account_id:
                self._accounts.get(tenant_id, account_id, transaction=transaction)

        return guard


def _nothing(_transaction: object) -> None:
    """Pausing needs nothing to be there."""


def _automation_id(tenant_id: str, idempotency_key: str | None) -> str:
    if idempotency_key is None:
        return "aut_" + secrets.token_hex(12)
    return "aut_" + hashlib.sha256(f"{tenant_id}\n{idempotency_key}".encode()).hexdigest()[:24]
