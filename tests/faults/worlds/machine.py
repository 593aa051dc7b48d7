"""Random worlds: shops change, people edit, calls fail, workers die; what holds after each attempt and at the end.

Not generated: deleted managed columns and deleted tabs, which stop a run on purpose (tests/contract/tab).
Where columns move under a write whose answer nobody reads (it arrives late, or its worker dies), cells of ours stay in
the wrong columns beside a key and a system cell that agree: as after people's own damage, only a repair run mends that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from backend.automations.model import OnRemoved
from backend.errors import RetriableError
from tests.contract.sheets.book import Json
from tests.faults.worlds.people import (
    ACTS,
    DAMAGING,
    MOVING_COLUMNS,
    MOVING_ROWS,
    RACES,
    requests_of,
)
from tests.faults.worlds.picture import Picture
from tests.faults.worlds.promise import Leave, assert_in_step, assert_words_kept
from tests.faults.worlds.scene import LATE_S, Scene
from tests.faults.worlds.shop import Shop
from tests.faults.worlds.tally import Tally
from tests.faults.worlds.worker import Death, Killed

NUMBERS = st.integers(0, 12)
FAILURES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["503_before", "503_after", "drop_before", "drop_after", "429"]),
        "calls": st.sampled_from(["read", "write"]),
        "skip": st.integers(0, 5),
        "times": st.integers(1, 3),
    }
)

LATE = st.sampled_from([None] * 25 + [0, 1, 2, 3, 4])
"""Seldom: each one takes its time."""


@dataclass(frozen=True)
class Race:
    """What a person does right before or after a write, after so many others."""

    act: str
    when: str
    skip: int
    a: int
    b: int


RACE = st.builds(
    Race,
    act=st.sampled_from(RACES),
    when=st.sampled_from(["edit_before", "edit_after"]),
    skip=st.integers(0, 4),
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

    @initialize(
        by_line=st.booleans(),
        on_removed=st.sampled_from(OnRemoved),
        a_batch=st.integers(1, 4),
        orders=st.integers(1, 6),
        lines=st.integers(0, 3),
        new=st.booleans(),
    )
    def open(self, *, by_line: bool, on_removed: OnRemoved, a_batch: int, orders: int, lines: int, new: bool) -> None:
        """Unless the automation is new, its tab stands and a person has written beside every row."""
        self._tally.worlds += 1
        self.shop = Shop(by_line=by_line, on_removed=on_removed)
        for _ in range(orders):
            self.shop.add(lines=lines)
        self.scene = Scene(self._wire, self.shop, a_batch=a_batch)
        if not new:
            self.run(everything=False)
            self.edit("append a column", 0, 0)
            for row in range(len(self.shop) * max(1, lines if by_line else 1)):
                self.edit("write beside", row, 0)

    @rule(lines=st.integers(0, 3))
    def add_order(self, lines: int) -> None:
        self.shop.add(lines=lines)

    @rule(which=NUMBERS, touched=st.booleans())
    def change_order(self, which: int, *, touched: bool) -> None:
        (self.shop.touch if touched else self.shop.change)(which)

    @rule(which=NUMBERS, at=NUMBERS, added=st.booleans())
    def change_lines(self, which: int, at: int, *, added: bool) -> None:
        (self.shop.add_line if added else self.shop.drop_line)(which, at=at)

    @rule(which=NUMBERS)
    def cancel_order(self, which: int) -> None:
        self.shop.cancel(which)

    @rule(acts=st.lists(st.tuples(st.sampled_from(ACTS), NUMBERS, NUMBERS), min_size=1, max_size=3))
    def people_edit(self, acts: list[tuple[str, int, int]]) -> None:
        for act, a, b in acts:
            self.edit(act, a, b)

    def edit(self, act: str, a: int, b: int) -> None:
        seen = self.scene.picture()
        requests = requests_of(act, seen, a=a, b=b, word=self._word()) if seen else []
        if requests:
            self._tally.edits += 1
            self._damaged |= act in DAMAGING
            self.scene.edit(*requests)

    @rule(
        everything=st.booleans(),
        failures=st.lists(FAILURES, max_size=2),
        late=LATE,
        race=st.none() | RACE,
        death=st.none() | st.builds(Death, st.integers(0, 8), after=st.booleans()),
    )
    def run_in_trouble(
        self, *, everything: bool, failures: list[Json], late: int | None, race: Race | None, death: Death | None
    ) -> None:
        """`late`: the write after so many others arrives when its sender has given up."""
        seen = self.scene.picture()
        leave = self._meet(race, seen, late=late is not None)
        for failure in failures:
            self.scene.fault(**failure)
        if late is not None:
            self.scene.fault("delay", calls="write", skip=late, delay_s=LATE_S)
        attempt: Callable[..., Any] = self.scene.attempt if late is None else self.scene.late_attempt
        self._tally.runs += 1
        unread = late is not None
        try:
            attempt(everything=everything, death=death)
        except (Killed, RetriableError) as stopped:
            self._tally.kills += isinstance(stopped, Killed)
            unread = True
        self._damaged |= unread and race is not None and race.act in MOVING_COLUMNS
        self._end_trouble()
        self._look_after_words(seen, leave)

    @rule(everything=st.booleans())
    def run(self, *, everything: bool) -> None:
        self.run_in_trouble(everything=everything, failures=[], late=None, race=None, death=None)

    def teardown(self) -> None:
        """The faults stop; one more run puts everything in step, and after it none has anything to do."""
        if not hasattr(self, "scene"):
            return
        self._end_trouble()
        seen = self.scene.picture()
        self._tally.runs += 2
        self.scene.attempt(everything=True, repair=self._damaged)
        after = self._look_after_words(seen, Leave())
        assert after is not None
        assert_in_step(after, shop=self.shop)
        assert self._damaged or not after.strays(), after.strays()
        assert self.scene.attempt(everything=True) == 0, "a run that has nothing to do writes"

    def _look_after_words(self, before: Picture | None, leave: Leave) -> Picture | None:
        after = self.scene.picture()
        if before is not None:
            assert after is not None
            assert_words_kept(before, after, shop=self.shop, leave=leave)
        return after

    def _meet(self, race: Race | None, seen: Picture | None, *, late: bool) -> Leave:
        """Lay out what a person does under the next attempt; what that, and a late write, may do to words."""
        if seen is None:
            return Leave()
        width = len(seen.own_columns) + len(seen.places)
        removals = width * len(seen.identities().keys() - self.shop.staying())
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
        )

    def _end_trouble(self) -> None:
        self._wire.delete("/control/faults").raise_for_status()

    def _word(self) -> str:
        self._words += 1
        return f"word-{self._words}"
