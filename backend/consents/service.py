"""Sending people to consent pages, and believing what comes back once."""

from backend.clock import Clock
from backend.consents.model import ANSWERED_WITHIN, ConsentState, Purpose
from backend.consents.repository import ConsentRepository
from backend.errors import ConsentExpired
from backend.tenants.model import Session, hash_token, new_token
from backend.tenants.repository import TenantRepository


class ConsentService:
    def __init__(self, states: ConsentRepository, members: TenantRepository, *, clock: Clock) -> None:
        self._states = states
        self._members = members
        self._clock = clock

    def ask(self, caller: Session, purpose: Purpose, *, shop_domain: str | None = None) -> tuple[str, ConsentState]:
        """The nonce for the page's address, and what is kept of it."""
        nonce = new_token()
        state = ConsentState(
            id=hash_token(nonce),
            tenant_id=caller.tenant_id,
            purpose=purpose,
            asked_by=self._members.member(caller.tenant_id, caller.member_id).email,
            shop_domain=shop_domain,
            expires_at=self._clock() + ANSWERED_WITHIN,
        )
        self._states.add(state)
        return nonce, state

    def take(self, nonce: str, purpose: Purpose) -> ConsentState:
        """Raises ConsentExpired for one that was never given, was given for something else, was taken or is too old."""
        state = self._states.take(hash_token(nonce))
        if state is None or state.purpose is not purpose or self._clock() >= state.expires_at:
            raise ConsentExpired
        return state
