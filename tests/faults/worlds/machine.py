"""Random worlds: shops change, people edit, calls fail, workers die; what holds after each attempt and at the end.

Where columns move under a write that arrives late, or whose worker dies, cells of ours stay in the wrong columns beside
a key and a system cell that agree: as after people's own damage, only a repair run mends that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from backend.automations.model import OnRemoved
from backend.errors import ColumnGone, RetriableError, RunInterrupted, TabGone
from tests.contract.sheets.book import Json
from tests.faults.worlds.people import (
    ACTS,
    DAMAGING,
    MOVING_COLUMNS,
    MOVING_ROWS,
    RACES,
    TAKING,
    requests_of,
)
from tests.faults.worlds.picture import Picture
from tests.faults.worlds.promise import Leave, assert_in_step, assert_left_alone, assert_struck, assert_words_kept
from tests.faults.worlds.scene import LATE_S, Scene, Sizes
from tests.faults.worlds.shop import CHANGES, Shop, Terms
from tests.faults.worlds.tally import Tally
from tests.faults.worlds.worker import Death, Killed

NUMBERS = st.integers(0, 12)
SOON = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])
"""After so many calls: most runs of a small world make few."""
FAILURES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ["503_before", "503_after", "503_after", "drop_before", "drop_after", "drop_after", "429"]
        ),
        "calls": st.sampled_from(["read", "write", "write"]),
        "skip": SOON,
        "times": st.integers(1, 3),
    }
)
LATE = st.sampled_from([None] * 60 + [0, 0, 0, 1, 2])
"""Seldom: each one takes its time."""
DEATH = st.none() | st.builds(
    Death, call=st.sampled_from([0, 1, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8]), after=st.booleans(), gentle=st.booleans()
)
CHANGE = st.tuples(st.sampled_from(list(CHANGES)), NUMBERS, NUMBERS)
ACT = st.tuples(st.sampled_from(ACTS), NUMBERS, NUMBERS)
TERMS = st.builds(
    Terms,
    by_line=st.booleans(),
    on_removed=st.sampled_from([OnRemoved.MARK, OnRemoved.DELETE, OnRemoved.KEEP]),
    paid_only=st.sampled_from([False, False, True]),
)
"""What comes first is tried most: marks leave the most to see."""
SIZES = st.builds(
    Sizes,
    orders_a_batch=st.integers(1, 4),
    rows_a_batch=st.integers(2, 8),
    whole_rows=st.sampled_from([0, 4, 1000]),
)


@dataclass(frozen=True)
class Race:
    """What a person does right before or after a write, after so many others."""

    act: str
    when: str
    skip: int
    a: int
    b: int


RACE = st.none() | st.builds(
    Race,
    act=st.sampled_from(RACES),
    when=st.sampled_from(["edit_before", "edit_after"]),
    skip=SOON,
    a=NUMBERS,
    b=NUMBERS,
)


class RandomWorld(RuleBasedStateMachine):
    """One shop, its tab, and all that can happen to them."""

    scene: Scene

    def __init__(self, wire: httpx.Client, tally: Tally) -> None:
        super().__init__()
        self._wire = wire
        self._tally = tally
        self._words = 0
        self._damaged = False
        self._mingled = False
        """Looks of one row may stand in another: a sort of some columns takes them along, as Sheets does."""
        self._taken = False
        self._released = False
        """Columns that hold our values are the person's now: they were given up, or moved under a write."""
        self._untold = False
        """Orders were deleted at the shop, or shown again, since a run last went through everything."""

    @initialize(terms=TERMS, sizes=SIZES, orders=st.integers(1, 6), lines=st.integers(0, 3), new=st.booleans())
    def open(self, *, terms: Terms, sizes: Sizes, orders: int, lines: int, new: bool) -> None:
        """Unless the automation is new, its tab stands and a person has written beside every row."""
        self._tally.worlds += 1
        self.shop = Shop(terms)
        for _ in range(orders):
            self.shop.add(lines)
        self.scene = Scene(self._wire, self.shop, sizes=sizes)
        if not new:
            self.run()
            self.edit("append a column", 0, 0)
            for row in range(len(self.shop.rows())):
                self.edit("write beside", row, 0)

    def edit(self, act: str, a: int, b: int) -> None:
        seen = self.scene.picture()
        requests = requests_of(act, seen, a=a, b=b, word=self._word()) if seen else []
        if requests:
            self._tally.edits += 1
            self._damaged |= act in DAMAGING
            self._mingled |= act == "sort some columns"
            self._taken |= act in TAKING
            self.scene.edit(*requests)

    @rule(
        changes=st.lists(CHANGE, max_size=4),
        acts=st.lists(ACT, max_size=2),
        terms=st.sampled_from([False] * 5 + [True]).flatmap(lambda asked: TERMS if asked else st.none()),
        everything=st.sampled_from([False, False, False, True]),
        failures=st.lists(FAILURES, max_size=2),
        late=LATE,
        race=RACE,
        death=DEATH,
    )
    def live(
        self,
        *,
        changes: Sequence[tuple[str, int, int]],
        acts: Sequence[tuple[str, int, int]],
        terms: Terms | None,
        **trouble: Any,
    ) -> None:
        """Things happen in the shop and in the tab, the merchant asks for something else, and a run is attempted."""
        for change, a, b in changes:
            CHANGES[change](self.shop, a, b)
            self._untold |= change == "delete an order"
        for act, a, b in acts:
            self.edit(act, a, b)
        if terms:
            self._released |= terms.keys != self.shop.terms.keys
            self.scene.ask(terms)
        self.run(**trouble)

    def run(
        self,
        *,
        everything: bool = False,
        failures: Sequence[Json] = (),
        late: int | None = None,
        race: Race | None = None,
        death: Death | None = None,
    ) -> None:
        """`late`: the write after so many others arrives when its sender has given up."""
        seen = self.scene.picture()
        leave = self._meet(race, seen, late=late is not None)
        for failure in failures:
            self.scene.fault(**failure)
        if late is not None:
            self.scene.fault("delay", calls="write", skip=late, delay_s=LATE_S)
        attempt = self.scene.attempt if late is None else self.scene.late_attempt
        was_complete = self.scene.was_complete
        self._tally.runs += 1
        unread = late is not None
        try:
            attempt(everything=everything, death=death)
        except RunInterrupted:
            pass
        except (Killed, RetriableError) as stopped:
            self._tally.kills += isinstance(stopped, Killed)
            unread = True
        except (ColumnGone, TabGone) as stopped:
            assert race or not self.scene.writes, "a tab that lacks something is written to"
            self.scene.resume(stopped)
        else:
            self._taken &= not everything
            self._untold &= not (everything and was_complete)
        columns_moved = race is not None and race.act in MOVING_COLUMNS
        self._damaged |= unread and columns_moved
        self._mingled |= unread and columns_moved
        self._released |= columns_moved and any(failure["calls"] == "write" for failure in failures)
        self._taken |= race is not None and race.act in TAKING
        self._end_trouble()
        self._look_after_words(seen, leave)

    def teardown(self) -> None:
        """The faults stop; one more run puts everything in step, and after it none has anything to do.

        It only brings what changed, unless people took rows away, or orders were deleted and nobody told: after those a
        tab is looked through once it was complete.
        """
        if not hasattr(self, "scene"):
            return
        self._end_trouble()
        self._tally.runs += 2
        seen = self.scene.picture()
        if self._untold and not self.scene.was_complete:
            self._end()
        self._end()
        after = self._look_after_words(seen, Leave())
        assert after is not None
        assert_in_step(after, shop=self.shop)
        assert self._damaged or self._released or not after.strays(), after.strays()
        if not self._mingled:
            assert_struck(self.scene.struck(after), shop=self.shop)
        self.scene.attempt(everything=True)
        assert not self.scene.writes, "a run that has nothing to do writes"

    def _end(self) -> None:
        everything = self._taken or self._untold
        try:
            self.scene.attempt(everything=everything, repair=self._damaged)
        except (ColumnGone, TabGone) as stopped:
            self.scene.resume(stopped)
            self.scene.attempt(everything=everything, repair=self._damaged)

    def _look_after_words(self, before: Picture | None, leave: Leave) -> Picture | None:
        after = self.scene.picture()
        if before is not None and not leave.all:
            assert after is not None
            assert_words_kept(before, after, shop=self.shop, leave=leave)
            assert_left_alone(before, after, shop=self.shop)
        return after

    def _meet(self, race: Race | None, seen: Picture | None, *, late: bool) -> Leave:
        """Lay out what a person does under the next attempt; what that, and a late write, may do to words."""
        if seen is None:
            return Leave()
        width = len(seen.own_columns) + len(seen.places)
        removals = width * sum(not self.shop.keeps(identity) for identity in seen.identities())
        leave = Leave(may_move=late, may_lose=2 * removals if late else 0)
        requests = requests_of(race.act, seen, a=race.a, b=race.b, word=self._word()) if race else []
        if race is None or not requests:
            return leave
        self.scene.fault(race.when, *requests, calls="write", skip=race.skip)
        rows_move = race.act in MOVING_ROWS
        taken = width * (race.act == "delete a row")
        return Leave(
            may_move=late or rows_move,
            may_lose=leave.may_lose + taken + removals * rows_move,
            under_writes=rows_move or race.act in MOVING_COLUMNS,
            all=race.act == "delete the tab",
        )

    def _end_trouble(self) -> None:
        self._wire.delete("/control/faults").raise_for_status()

    def _word(self) -> str:
        self._words += 1
        return f"word-{self._words}"
