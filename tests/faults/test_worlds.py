from tests.faults.worlds.tally import Tally
from tests.faults.worlds.trial import try_worlds


def test_random_worlds_end_in_step() -> None:
    """Shops change, people edit, calls fail and workers die; afterwards the tab equals the shop and words are kept."""
    tally = Tally()
    try_worlds(tally, worlds=20, steps=8, seed=1)
    assert min(tally.runs, tally.edits, tally.faults, tally.kills) > 0
