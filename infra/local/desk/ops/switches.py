"""What can be made to go wrong: each switch is a few calls of a local service's control endpoints.

The switches keep nothing themselves: whether one is on, its service tells, also when a test or a command turned it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

ENDLESS = 1_000_000_000
"""So many calls, or until it is switched off."""
SLOW_S = 5.0
TIGHT = {"user": 6, "project": 30, "window_s": 60.0}
"""A tenth of Google's."""


@dataclass(frozen=True, slots=True)
class Order:
    method: str
    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    key: str
    service: str
    """sheets or shopify"""
    title: str
    effect: str
    look: Order
    is_on: Callable[[Any], bool]
    """By the answer to `look`."""
    on: tuple[Order, ...]
    off: Order


class Switchboard:
    def __init__(self, http: httpx.Client, urls: Mapping[str, str]) -> None:
        """`urls` by service."""
        self._http = http
        self._urls = urls

    def state(self) -> list[dict[str, Any]]:
        looks: dict[tuple[str, str], Any] = {}
        for each in SWITCHES:
            if (each.service, each.look.path) not in looks:
                looks[each.service, each.look.path] = self._obeyed(each.service, each.look)
        return [
            {
                "key": each.key,
                "service": each.service,
                "title": each.title,
                "effect": each.effect,
                "on": each.is_on(looks[each.service, each.look.path]),
            }
            for each in SWITCHES
        ]

    def turn(self, key: str, *, on: bool) -> None:
        """Raises KeyError for a switch that there is not."""
        switch = {each.key: each for each in SWITCHES}[key]
        for order in (switch.off, *(switch.on if on else ())):
            self._obeyed(switch.service, order)

    def all_off(self) -> None:
        for each in SWITCHES:
            self._obeyed(each.service, each.off)

    def limits(self) -> dict[str, int | None]:
        """Google's calls a minute just now, for a user and for the project; None is no limit."""
        terms = self._obeyed("sheets", QUOTA)["terms"] or {}
        return {scope: terms.get(scope) for scope in ("user", "project")}

    def _obeyed(self, service: str, order: Order) -> Any:
        answer = self._http.request(order.method, self._urls[service] + order.path, json=order.body)
        return answer.raise_for_status().json()


FAULTS = Order("GET", "/control/faults")
QUOTA = Order("GET", "/control/quota")
TROUBLE = Order("POST", "/control/webhooks", {})
"""Changes nothing, and tells how it stands."""


def _fault(
    service: str, kind: str, title: str, effect: str, *, variants: Sequence[Mapping[str, Any]] = ({},)
) -> Switch:
    """`variants` are further fields; one fault is ordered for each."""
    return Switch(
        key=f"{service}-{kind.replace('_', '-')}",
        service=service,
        title=title,
        effect=effect,
        look=FAULTS,
        is_on=lambda told: any(each["kind"] == kind for each in told["faults"]),
        on=tuple(Order("POST", "/control/faults", {"kind": kind, "times": ENDLESS, **variant}) for variant in variants),
        off=Order("DELETE", f"/control/faults?kind={kind}"),
    )


_READS_AND_WRITES = ({"calls": "read"}, {"calls": "write"})

SWITCHES = (
    _fault(
        "sheets",
        "429",
        "Sheets refuses every call",
        "It answers 429, too many requests. Runs wait, longer each time, and rest after five minutes.",
        variants=_READS_AND_WRITES,
    ),
    _fault(
        "sheets",
        "503_before",
        "Sheets is out of order",
        "Every call answers 503 and does nothing. Runs try again, then rest and go on from their checkpoint.",
        variants=_READS_AND_WRITES,
    ),
    _fault(
        "sheets",
        "503_after",
        "Sheets writes, and says it failed",
        "Each write is done and answers 503 all the same. No row may come twice.",
    ),
    _fault(
        "sheets",
        "drop_after",
        "Answers of Sheets are lost",
        "Each write is done, and the connection ends without an answer. No row may come twice.",
    ),
    _fault(
        "sheets",
        "delay",
        "Sheets is slow",
        f"Each call takes {SLOW_S:.0f} seconds longer.",
        variants=[{"delay_s": SLOW_S, **calls} for calls in _READS_AND_WRITES],
    ),
    Switch(
        key="sheets-quota",
        service="sheets",
        title="Google's quota is a tenth",
        effect=f"{TIGHT['user']:.0f} reads and writes a minute for a user, {TIGHT['project']:.0f} for all together.",
        look=QUOTA,
        is_on=lambda told: told["terms"] == TIGHT,
        on=(Order("PUT", "/control/quota", TIGHT),),
        off=Order("DELETE", "/control/quota"),
    ),
    _fault("shopify", "throttled", "Shops throttle", "Each request is refused: its shop's bucket of points is empty."),
    _fault("shopify", "429", "Shopify refuses every request", "It answers 429, too many requests."),
    _fault("shopify", "503", "Shopify is out of order", "Each request answers 503."),
    _fault("shopify", "drop", "Answers of Shopify are lost", "Each request is carried out, and its connection ends."),
    _fault(
        "shopify",
        "delay",
        "Shopify is slow",
        f"Each request takes {SLOW_S:.0f} seconds longer.",
        variants=[{"delay_s": SLOW_S}],
    ),
    _fault("shopify", "bulk_failed", "Bulk operations fail", "Each ends half-way, with what it has by then."),
    _fault("shopify", "download_cut", "Downloads are cut", "The result of a bulk operation ends half-way."),
    Switch(
        key="shopify-hold",
        service="shopify",
        title="Webhooks are held back",
        effect="Shops tell of no change until this is off; then of all at once.",
        look=TROUBLE,
        is_on=lambda told: bool(told["hold"]),
        on=(Order("POST", "/control/webhooks", {"hold": True}),),
        off=Order("POST", "/control/webhooks", {"hold": False}),
    ),
)
