"""Sending people to consent pages, and believing what comes back once."""

from datetime import datetime

from backend.clock import Clock
from backend.consents.model import ANSWERED_WITHIN, ConsentState, Purpose
from backend.consents.repository import ConsentRepository
from backend.errors import ConsentExpired
from backend.tenants.model import hash_token, new_token


class ConsentService:
    def __init__(self, states: ConsentRepository, *, clock: Clock) -> None:
        self._states = states
        self._clock = clock

    def ask(self, tenant_id: str, purpose: Purpose, *, shop_domain: str | None = None) -> tuple[str, datetime]:
        """The nonce for the page's address, and until when it is worth anything."""
        nonce, expires_at = new_token(), self._clock() + ANSWERED_WITHIN
        self._states.add(
            ConsentState(
                id=hash_token(nonce),
                tenant_id=tenant_id,
                purpose=purpose,
                shop_domain=shop_domain,
                expires_at=expires_at,
            )
        )
        return nonce, expires_at

    def take(self, nonce: str, purpose: Purpose) -> ConsentState:
        """Raises ConsentExpired for one that was never given, was given for something else, was taken or is too old."""
        state = self._states.take(hash_token(nonce))
        if state is None or state.purpose is not purpose or self._clock() >= state.expires_at:
            raise ConsentExpired
        return state
