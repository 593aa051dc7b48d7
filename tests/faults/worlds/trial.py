import httpx
import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.local.sheets.server import start
from tests.faults.worlds.machine import RandomWorld
from tests.faults.worlds.tally import Tally


def try_worlds(tally: Tally, *, worlds: int, steps: int, seed: int, smallest: bool = False) -> None:
    """So many worlds, the same ones for the same seed, at a Sheets service of their own.

    Raises what the first one that breaks a promise raised, with its steps; or what the smallest such one raised, which
    takes up to five minutes more.
    """
    chosen = settings(
        max_examples=worlds,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=(Phase.generate, *([Phase.shrink] if smallest else [])),
        suppress_health_check=list(HealthCheck),
    )
    service = start()
    headers = {"Authorization": "Bearer reader"}
    try:
        with httpx.Client(base_url=f"http://{service.address}", headers=headers, timeout=60.0) as wire:
            machine = hypothesis.seed(seed)(lambda: RandomWorld(wire, tally))
            try:
                run_state_machine_as_test(machine, settings=chosen)  # type: ignore[arg-type]
            finally:
                tally.faults += sum(wire.get("/control/stats").json()["faults"].values())
    finally:
        service.stop()
