"""The app that shops have installed: there is one."""

from dataclasses import dataclass

DEFAULT_SECRET = "local-app-secret"  # noqa: S105 - of an app that exists on this machine only


@dataclass(slots=True)
class App:
    """How it is registered with Shopify; /control/app changes it until the service ends.

    `secret` signs. `compliance_uri` is where the compliance topics go. `allows_http` lets webhooks go by plain http, to
    this machine only.
    """

    secret: str
    compliance_uri: str | None = None
    allows_http: bool = False
