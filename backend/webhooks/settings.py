"""The settings of the ingress: few, so that it holds no more secrets than its own."""

from typing import Annotated

from pydantic import Field, SecretStr

from backend.settings import Deployment, Seconds


class WebhookSettings(Deployment):
    """Read as the backend's are."""

    shopify_app_secret: SecretStr
    shopify_app_secret_previous: SecretStr | None = None
    """The one before, while Shopify may still sign with it: up to an hour after a rotation."""
    webhook_call_timeout_s: Seconds = 1.5
    """One call to Firestore or Cloud Tasks, of which a webhook needs three: Shopify waits five seconds in all."""
    webhook_max_bytes: Annotated[int, Field(ge=1)] = 8 * 1024 * 1024
    """Shopify sends "upwards of a megabyte"; what is refused again and again ends the subscription."""

    @property
    def shopify_secrets(self) -> list[str]:
        pair = (self.shopify_app_secret, self.shopify_app_secret_previous)
        return [secret.get_secret_value() for secret in pair if secret]
