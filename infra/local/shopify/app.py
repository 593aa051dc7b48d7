"""The app that shops have installed: there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_CLIENT_ID = "local-app"
DEFAULT_SECRET = "local-app-secret"  # noqa: S105 - of an app that exists on this machine only


@dataclass(slots=True)
class App:
    """How it is registered with Shopify; /control/app changes it until the service ends.

    `secret` signs. `compliance_uri` is where the compliance topics go. `allows_http` lets webhooks go by plain http, to
    this machine only. `redirect_uris` are where people may be sent back to who have agreed.
    """

    secret: str
    compliance_uri: str | None = None
    allows_http: bool = False
    client_id: str = DEFAULT_CLIENT_ID
    redirect_uris: Sequence[str] = ()
