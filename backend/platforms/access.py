"""What opens a shop: tokens, and who has one that is good right now."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """As a platform gave them. Those without a lifetime are good until somebody revokes them."""

    access_token: str
    refresh_token: str | None = None
    lifetime_s: float | None = None
    """Of the access token; the refresh token brings the next two."""


class Access(Protocol):
    """Whoever calls a shop for longer than a token lasts asks here before each call. For one thread."""

    def token(self) -> str:
        """Raises ConnectionRefused when there can be none any more, or a RetriableError."""

    def after_refusal(self, token: str) -> str:
        """What to try in place of a token that the shop has just refused: the same one, when there is nothing better.
        Raises as `token` does.
        """


@dataclass(frozen=True, slots=True)
class FixedAccess:
    """For a token that nobody renews."""

    access_token: str

    def token(self) -> str:
        return self.access_token

    def after_refusal(self, token: str) -> str:
        return token
