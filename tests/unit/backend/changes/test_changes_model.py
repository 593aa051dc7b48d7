"""Windows, and what makes two sets of changes the same cause."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.changes.model import cause_of, window_end, window_of

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 2 * 10**15).map(lambda us: BEGINNING + timedelta(microseconds=us))
WINDOWS_S = st.sampled_from([0.5, 1.0, 10.0, 60.0])


@given(INSTANTS, WINDOWS_S)
def test_window_ends_after_every_instant_in_it(at: datetime, window_s: float) -> None:
    """A task at the window's end sees what was written before it, and does not keep the merchant waiting for longer."""
    end = window_end(window_of(at, window_s=window_s), window_s=window_s)
    assert at < end <= at + timedelta(seconds=window_s, microseconds=1)


def test_cause_is_the_set_of_notes() -> None:
    """In any order; one more note, or one written anew, is another cause, so that no change is taken for done."""
    notes = ["con_1:orders:1@10", "con_1:orders:2@11"]
    assert cause_of(notes) == cause_of(reversed(notes))
    assert (
        len({cause_of(notes), cause_of([*notes, "con_1:orders:3@12"]), cause_of([notes[0], "con_1:orders:2@13"])}) == 3
    )
