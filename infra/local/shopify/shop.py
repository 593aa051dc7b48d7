"""A shop and what the app may do there."""

from dataclasses import dataclass
from typing import Literal

Plan = Literal["standard", "advanced", "plus"]

ALL_SCOPES = ("read_orders", "read_all_orders", "read_customers", "read_products")


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop without a plan has the one the service was started with."""

    domain: str
    access_token: str
    currency: str = "GBP"
    plan: Plan | None = None
    scopes: tuple[str, ...] = ALL_SCOPES
    timezone: str = "UTC"
    points_per_s: int | None = None
    """How fast its bucket fills up, in place of what its plan says."""
    email: str = "owner@example.com"

    @property
    def name(self) -> str:
        return self.domain.removesuffix(".myshopify.com")
