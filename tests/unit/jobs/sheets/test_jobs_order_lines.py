"""Orders whose lines come and go for long, in a tab where people put rows of their own between them."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.sheets.index import FOREIGN, TabIndex
from jobs.sheets.plan import apply, make_plan
from jobs.sheets.system_cell import hash64
from tests.unit.jobs.properties import checked
from tests.unit.jobs.shop import order, rows_of

ORDERS = "12"
LINES = "abc"
BATCHES = st.dictionaries(st.sampled_from(ORDERS), st.sets(st.sampled_from(LINES)), min_size=1)
"""The lines that orders have from now on; an order without any has a row of its own."""
PLACES = st.lists(st.floats(0, 1), max_size=2)
"""Where people insert rows after a batch, from 0 for the top to 1 for the bottom."""


@given(steps=st.lists(st.tuples(BATCHES, PLACES), min_size=1, max_size=8), upwards=st.booleans())
@settings(checked, max_examples=200)
def test_rows_of_an_order_stay_together(
    steps: Sequence[tuple[dict[str, set[str]], Sequence[float]]], *, upwards: bool
) -> None:
    """In the shop's order, with no row of another order between them."""
    index = TabIndex()
    lines: dict[str, list[str]] = {}
    for version, (batch, places) in enumerate(steps, start=1):
        lines |= {name: sorted(wanted, reverse=upwards) for name, wanted in batch.items()}
        changed = rows_of(*(order(name, lines=lines[name], version=version) for name in batch))
        apply(make_plan(index, changed), index)
        assert _standing(index) == {hash64(name): [hash64(line) for line in lines[name] or [""]] for name in lines}
        for place in places:
            index.insert(round(place * len(index)), [FOREIGN])


def _standing(index: TabIndex) -> dict[int, list[int]]:
    """The lines of each order, top to bottom, in the tab without people's rows; fails where an order is torn apart."""
    found: dict[int, list[int]] = {}
    last = 0
    for entry in (index[position] for position in range(len(index))):
        if entry.order:
            assert entry.order == last or entry.order not in found, "another order's row stands between"
            found.setdefault(entry.order, []).append(entry.line)
            last = entry.order
    return found
