import httpx
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.local.sheets.server import start
from tests.faults.worlds.machine import RandomWorld
from tests.faults.worlds.tally import Tally


def try_worlds(tally: Tally, *, worlds: int, steps: int, derandomize: bool) -> None:
    """So many worlds at a Sheets service of their own. Raises what the smallest one that breaks a promise raised."""
    chosen = settings(
        max_examples=worlds,
        stateful_step_count=steps,
        derandomize=derandomize,
        deadline=None,
        database=None,
        print_blob=False,
        verbosity=Verbosity.normal,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    service = start()
    headers = {"Authorization": "Bearer reader"}
    try:
        with httpx.Client(base_url=f"http://{service.address}", headers=headers, timeout=60.0) as wire:
            try:
                run_state_machine_as_test(lambda: RandomWorld(wire, tally), settings=chosen)  # type: ignore[arg-type]
            finally:
                tally.faults += sum(wire.get("/control/stats").json()["faults"].values())
    finally:
        service.stop()
