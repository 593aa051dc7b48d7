"""Every setting, read once. Production and one machine differ by these values and by nothing else."""

import os
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.errors import ConfigurationError

PREFIX = "TABKEEPER_"

Seconds = Annotated[float, Field(gt=0)]


class Deployment(BaseSettings):
    """What each of the programs needs. Read from TABKEEPER_* variables; an unknown one is an error.

    The Firestore client reads FIRESTORE_EMULATOR_HOST itself; it is not ours.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    project_id: str
    location: str = "europe-west1"

    public_url: str
    """Where Cloud Tasks and Cloud Scheduler reach the backend; also the audience of their tokens."""
    tasks_service_account: str
    """The only caller that the routes for Cloud Tasks accept."""
    tasks_endpoint: str | None = None
    """host:port of a local Cloud Tasks; None is Google's."""

    changes_window_s: Seconds = 10.0
    """A connection's webhooks of this long are one run."""
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls) -> Self:
        """Raises ConfigurationError, naming each setting that is missing, wrong or unknown."""
        known = {PREFIX + name.upper() for name in cls.model_fields}
        unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            raise ConfigurationError(f"Unknown settings: {', '.join(unknown)}. Known are: {', '.join(sorted(known))}.")
        try:
            return cls()
        except ValidationError as error:
            wrong = (f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError("; ".join(wrong)) from error


class Settings(Deployment):
    """Those of the backend and its jobs."""

    scheduler_service_account: str
    """The only caller that /v1/internal/tick accepts."""
    identity_audience: str
    """The OAuth client id of the add-on's script: sidebar tokens for anything else are refused."""

    oauth_client_id: str
    oauth_client_secret: SecretStr
    envelope_key_file: Path
    """32 bytes in base64, which seal refresh tokens and shop tokens."""

    shopify_client_id: str
    shopify_app_secret: SecretStr
    """With which Shopify signs what it sends a browser back with; the ingress has it too."""
    shopify_scopes: str = "read_orders,read_customers,read_products"
    """What shops are asked for. Orders older than 60 days need read_all_orders as well, which Shopify has to approve
    for the app first."""
    webhooks_url: str
    """Where platforms reach the ingress."""
    scheduler_endpoint: str | None = None
    """host:port of a local Cloud Scheduler; None is Google's."""
    run_endpoint: str | None = None
    run_job: str = "tabkeeper-jobs"
    sheets_endpoint: str | None = None
    google_auth_uri: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a secret
    certs_url: str = "https://www.googleapis.com/oauth2/v1/certs"
    shopify_base_url: str = "https://{shop}"
    shopify_api_version: str = "2026-10"

    session_ttl_s: Seconds = 3600.0
    lease_s: Seconds = 240.0
    """How long a lane's lease lasts without a heartbeat. Longer than sheets_timeout_s, so that a write which a dead
    worker left in flight has been applied or refused before another worker reads the tab."""
    sheets_timeout_s: Seconds = 180.0
    """Google's own limit for one call; giving up earlier would only make outcomes unclear."""
    sheets_calls_a_minute: Annotated[int, Field(ge=1)] = 60
    """Google's quota a user, for reads and for writes apart."""
    sheets_project_calls_a_minute: Annotated[int, Field(ge=1)] = 300
    """Google's quota for all of our users together, for reads and for writes apart; it can be raised on request."""
    shop_timeout_s: Seconds = 60.0
    request_timeout_s: Seconds = 10.0
    """One call to the outside while a request of the API waits for it."""
    linger_s: Annotated[float, Field(ge=0)] = 5.0
    """How long a worker with an empty lane waits for more, there or elsewhere, before it ends."""
    worker_s: Annotated[float, Field(ge=0)] = 3600.0
    """A worker that has worked for so long takes no further lane: it ends, and the next one starts with a fresh
    process and the newest release. With 0 it drains the lane that it was started for, and no other."""
    tenant_lanes: Annotated[int, Field(ge=1)] = 5
    """Lanes of one tenant that run at once; the others wait, so that one tenant does not hold up the rest."""
    max_lanes: Annotated[int, Field(ge=1)] = 50
    """Lanes that run at once before no further job is started: Google allows a project 300 reads and 300 writes of
    Sheets a minute, of which a lane takes a few, and each job is a container that is paid for."""
    start_s: Seconds = 60.0
    """How long a lane is kept for a job that was told to start; one that takes longer has to ask for it like others."""
    run_silent_s: Annotated[float, Field(gt=0, le=1800)] = 1800.0
    """A run whose worker lives, and has written nothing for so long, is taken from that worker."""
    run_given_up_s: Seconds = 86400.0
    """A run for which workers were called in vain for so long is failed, and its merchant told; one that waits its turn
    is not."""
    large_run_rows: Annotated[int, Field(ge=1)] = 10_000
    """A run that added, changed or removed so many rows is worth a notification when it has finished."""
    notifications_to_loopback: bool = False
    """For one machine: tenants' endpoints may be at http://127.0.0.1. Elsewhere they must be public, and https."""
    shop_bulk_from_orders: Annotated[int, Field(ge=1)] = 2_500
    """From this many orders on, an export takes the platform's bulk way instead of paging."""

    cloud_run_execution: Annotated[str, Field(validation_alias="CLOUD_RUN_EXECUTION")] = ""
    """Set by Cloud Run in a job: the same for all attempts of one execution."""
    cloud_run_task_attempt: Annotated[int, Field(validation_alias="CLOUD_RUN_TASK_ATTEMPT")] = 0

    @classmethod
    def from_environment(cls) -> Self:
        """As above; also when two settings contradict each other."""
        settings = super().from_environment()
        if settings.lease_s <= settings.sheets_timeout_s:
            raise ConfigurationError(f"{PREFIX}LEASE_S must be longer than {PREFIX}SHEETS_TIMEOUT_S.")
        return settings
