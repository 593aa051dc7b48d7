"""What a person was sent to a consent page for, until the answer comes back."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

ANSWERED_WITHIN = timedelta(minutes=10)


class Purpose(StrEnum):
    LINK_ACCOUNT = "link_account"
    CONNECT_SHOP = "connect_shop"


class ConsentState(BaseModel):
    """The document oauth_states/{id}; the id is the nonce's hash, and the nonce is only in the page's address."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    purpose: Purpose
    asked_by: str
    """The member's email, which whoever agrees is shown: somebody else may have sent her the page's address."""
    shop_domain: str | None = None
    """Which shop was asked, and no other may answer."""
    expires_at: datetime
    """Firestore deletes the document some time after this, so whoever takes it looks at the clock too."""


class ConsentPage(BaseModel):
    """Where a person is asked, and until when the answer counts."""

    url: str
    expires_at: datetime
