from datetime import datetime

from pydantic import BaseModel, ConfigDict

from backend.automations.change import ConfigurationChange, Resumption
from backend.automations.model import Attention, Automation, Configuration, Resource, Status
from backend.automations.operand import OPERATORS
from backend.automations.preview import Preview
from backend.automations.service import AutomationService
from backend.automations.templates import TEMPLATES, Template
from backend.automations.validation import column_types
from backend.connections.model import PlatformName
from backend.platforms.field import ColumnType, Level
from backend.platforms.field import Field as PlatformField
from backend.runs.model import RecentRun
from backend.web.route import Auth, Call, IdempotencyKey, Nothing, Routes


class AutomationAnswer(BaseModel):
    id: str
    version: int
    """Name it in the next change."""
    status: Status
    attention: Attention | None
    configuration: Configuration
    sheet_id: int
    """The tab it fills, also when that tab is yet to be made."""
    next_run_at: datetime | None
    """When it runs by itself next, in UTC; up to a minute later, so that not all start at once. Null when it is not
    active, or has neither a schedule nor webhooks to follow."""
    rows: int | None
    """How many rows it had in the tab at the end of the last run that looked; null before the first."""
    recent_runs: list[RecentRun]
    """The last ones that ended, the oldest first."""
    created_at: datetime
    updated_at: datetime


class AutomationsAnswer(BaseModel):
    automations: list[AutomationAnswer]


class CatalogueQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    platform: PlatformName
    resource: Resource = "orders"


class TemplatesQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    platform: PlatformName


class TemplatesAnswer(BaseModel):
    templates: list[Template]


class FieldAnswer(BaseModel):
    key: str
    label: str
    type: ColumnType
    level: Level
    identifies: bool
    """One such column is needed: a person can tell the order by it."""
    column_types: list[ColumnType]
    """How a column can show it, its own type first."""
    operators: list[str]
    """What a filter can ask of it; none for a field of a line."""
    choices: list[str]
    """What it can be, where that is a short list; a filter may ask for other texts all the same."""


class CatalogueAnswer(BaseModel):
    fields: list[FieldAnswer]


def routes(automations: AutomationService) -> Routes:
    routes = Routes("automations")

    @routes.declare(
        "POST",
        "/v1/automations",
        auth=Auth.SESSION,
        takes=Configuration,
        answers={201: AutomationAnswer},
        idempotency_key=IdempotencyKey.OPTIONAL,
    )
    def create(call: Call[Configuration]) -> AutomationAnswer:
        """Create an automation and claim its tab"""
        return _shown(automations.create(call.tenant_id, call.taken, idempotency_key=call.idempotency_key))

    @routes.declare("GET", "/v1/automations", auth=Auth.SESSION, takes=Nothing, answers={200: AutomationsAnswer})
    def list_all(call: Call[Nothing]) -> AutomationsAnswer:
        """The tenant's automations, the oldest first"""
        return AutomationsAnswer(automations=[_shown(each) for each in automations.all(call.tenant_id)])

    @routes.declare("POST", "/v1/automations/preview", auth=Auth.SESSION, takes=Configuration, answers={200: Preview})
    def preview(call: Call[Configuration]) -> Preview:
        """What the tab would show of the shop's newest orders; nothing is stored or written"""
        return automations.preview(call.tenant_id, call.taken)

    one = "/v1/automations/{automation_id}"

    @routes.declare("GET", one, auth=Auth.SESSION, takes=Nothing, answers={200: AutomationAnswer})
    def read(call: Call[Nothing]) -> AutomationAnswer:
        """One automation"""
        return _shown(automations.get(call.tenant_id, call.path["automation_id"]))

    @routes.declare("PATCH", one, auth=Auth.SESSION, takes=ConfigurationChange, answers={200: AutomationAnswer})
    def change(call: Call[ConfigurationChange]) -> AutomationAnswer:
        """Change parts of the configuration, seen at a version"""
        return _shown(automations.change(call.tenant_id, call.path["automation_id"], call.taken))

    @routes.declare("DELETE", one, auth=Auth.SESSION, takes=Nothing, answers={204: None})
    def delete(call: Call[Nothing]) -> None:
        """Delete an automation and free its tab; its rows and its runs stay"""
        automations.delete(call.tenant_id, call.path["automation_id"])

    @routes.declare("POST", f"{one}/pause", auth=Auth.SESSION, takes=Nothing, answers={200: AutomationAnswer})
    def pause(call: Call[Nothing]) -> AutomationAnswer:
        """Start no more runs until it is resumed"""
        return _shown(automations.pause(call.tenant_id, call.path["automation_id"]))

    @routes.declare("POST", f"{one}/resume", auth=Auth.SESSION, takes=Resumption, answers={200: AutomationAnswer})
    def resume(call: Call[Resumption]) -> AutomationAnswer:
        """Let it run again, after a pause or after what needed attention was put right"""
        account_id = call.taken.account_id
        return _shown(automations.resume(call.tenant_id, call.path["automation_id"], account_id=account_id))

    _declare_offers(routes, automations)
    return routes


def _declare_offers(routes: Routes, automations: AutomationService) -> None:
    """What there is to make an automation of."""

    @routes.declare("GET", "/v1/catalogue", auth=Auth.SESSION, takes=CatalogueQuery, answers={200: CatalogueAnswer})
    def catalogue(call: Call[CatalogueQuery]) -> CatalogueAnswer:
        """The fields that a platform can put into columns"""
        offered = automations.catalogue(call.taken.platform, call.taken.resource)
        return CatalogueAnswer(fields=[_field(each) for each in offered.values()])

    @routes.declare("GET", "/v1/templates", auth=Auth.SESSION, takes=TemplatesQuery, answers={200: TemplatesAnswer})
    def templates(call: Call[TemplatesQuery]) -> TemplatesAnswer:
        """Configurations to start from, yet without a name, a connection and a destination"""
        return TemplatesAnswer(templates=list(TEMPLATES[call.taken.platform]))


def _shown(automation: Automation) -> AutomationAnswer:
    shown = automation.model_dump(include=set(AutomationAnswer.model_fields))
    return AutomationAnswer.model_validate(shown | {"rows": automation.progress.rows})


def _field(field: PlatformField) -> FieldAnswer:
    return FieldAnswer(
        key=field.key,
        label=field.label,
        type=field.type,
        level=field.level,
        identifies=field.identifies,
        column_types=column_types(field),
        operators=sorted(OPERATORS[field.type]) if field.level is Level.ORDER else [],
        choices=list(field.choices),
    )
