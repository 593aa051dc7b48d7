"""What a route says about itself: who may call it, what it takes and what it answers.

The declaration is the only one: requests are checked against it, and the OpenAPI document is made from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from backend.tenants.model import Session
from backend.web.page import Page


class Auth(StrEnum):
    PUBLIC = "public"
    SESSION = "session"  #: a bearer token of ours, from POST /v1/token
    TASKS = "tasks"  #: an identity token of the service account that Cloud Tasks calls with
    SCHEDULER = "scheduler"  #: an identity token of the service account that Cloud Scheduler calls with


class IdempotencyKey(StrEnum):
    UNUSED = "unused"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Nothing(BaseModel):
    """For routes that take no body and no query."""

    model_config = ConfigDict(extra="forbid")


class TenantTask(BaseModel):
    """The body of a Cloud Task: on whose behalf it comes."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: str = Field(pattern="^ten_[0-9a-f]+$", max_length=100)


Taken = TypeVar("Taken", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call(Generic[Taken]):
    """One request, authenticated and parsed."""

    taken: Taken
    path: Mapping[str, str]
    session: Session | None = None
    idempotency_key: str | None = None

    @property
    def caller(self) -> Session:
        if self.session is None:
            raise TypeError("only a route with Auth.SESSION has a caller")
        return self.session

    @property
    def tenant_id(self) -> str:
        return self.caller.tenant_id


@dataclass(frozen=True, slots=True)
class Answer:
    """For a view that has more than one successful status; a plain model takes the first one declared."""

    status: int
    body: BaseModel


View: TypeAlias = Callable[[Call[Taken]], BaseModel | Answer | None]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    auth: Auth
    takes: type[BaseModel]
    answers: Mapping[int, type[BaseModel] | None]
    """By status, the usual one first; None is an empty body."""
    view: View[Any]
    tag: str
    idempotency_key: IdempotencyKey = IdempotencyKey.UNUSED

    @property
    def name(self) -> str:
        return f"{self.tag}.{self.view.__name__}"

    @property
    def takes_query(self) -> bool:
        return self.method in {"GET", "DELETE"}

    @property
    def is_for_people(self) -> bool:
        """Its refusals are pages too."""
        return Page in self.answers.values()


@dataclass(slots=True)
class Routes:
    """The routes of one feature."""

    tag: str
    all: list[Route] = field(default_factory=list)

    def declare(
        self,
        method: str,
        path: str,
        *,
        auth: Auth,
        takes: type[Taken],
        answers: Mapping[int, type[BaseModel] | None],
        idempotency_key: IdempotencyKey = IdempotencyKey.UNUSED,
    ) -> Callable[[View[Taken]], View[Taken]]:
        """Register a view. `takes` is parsed from the query string of a GET or DELETE, else from the JSON body."""

        def register(view: View[Taken]) -> View[Taken]:
            self.all.append(Route(method, path, auth, takes, answers, view, self.tag, idempotency_key))
            return view

        return register
