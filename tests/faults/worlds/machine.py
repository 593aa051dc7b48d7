"""Random worlds: shops change, people edit, calls fail, workers die; and what must hold after each step and at the end."""

from collections.abc import Callable
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

TROUBLE = ("503_before", "503_after", "drop_before", "drop_after", "429")
NUMBERS = st.integers(0, 12)
CALLS = st.sampled_from(["read", "write"])


class RandomWorld(RuleBasedStateMachine):
    """One shop and its tab. Faults, a race and a death are laid out first; the next attempt meets them."""

    scene: Scene

    def __init__(self, wire: httpx.Client, tally: Tally) -> None:
        super().__init__()
        self._wire = wire
        self._tally = tally
        self._words = 0
        self._damaged = False
        self._strayed = False
        self._race: tuple[str, str, int, int, int] | None = None
        self._death: Death | None = None
        self._trouble: list[Json] = []
        self._late: Json | None = None

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

    @rule(kind=st.sampled_from(TROUBLE), calls=CALLS, skip=st.integers(0, 5), times=st.integers(1, 3))
    def let_calls_fail(self, kind: str, calls: str, skip: int, times: int) -> None:
        self._trouble.append({"kind": kind, "calls": calls, "skip": skip, "times": times})

    @rule(skip=st.integers(0, 4))
    def let_a_write_come_late(self, skip: int) -> None:
        self._late = {"kind": "delay", "calls": "write", "skip": skip, "delay_s": LATE_S}

    @rule(
        act=st.sampled_from(RACES),
        when=st.sampled_from(["edit_before", "edit_after"]),
        skip=st.integers(0, 4),
        a=NUMBERS,
        b=NUMBERS,
    )
    def let_a_person_interfere(self, act: str, when: str, skip: int, a: int, b: int) -> None:
        self._race = (act, when, skip, a, b)

    @rule(call=st.integers(0, 8), after=st.booleans())
    def let_the_worker_die(self, call: int, *, after: bool) -> None:
        self._death = Death(call, after)

    @rule(everything=st.booleans())
    def run(self, *, everything: bool) -> None:
        seen = self.scene.picture()
        leave = self._meet_race(seen)
        for fault in [*self._trouble, *([self._late] if self._late else [])]:
            self.scene.fault(**fault)
        attempt: Callable[..., Any] = self.scene.late_attempt if self._late else self.scene.attempt
        whole = False
        self._tally.runs += 1
        try:
            attempt(everything=everything, death=self._death)
            whole = True
        except Killed:
            self._tally.kills += 1
        except RetriableError:
            pass
        self._end_trouble()
        self._strayed |= leave.under_writes and not whole
        after = self.scene.picture()
        if seen is not None:
            assert after is not None
            assert_words_kept(seen, after, shop=self.shop, leave=leave)

    def teardown(self) -> None:
        """The faults stop; one more run puts everything in step, and after it none has anything to do."""
        if not hasattr(self, "scene"):
            return
        self._end_trouble()
        seen = self.scene.picture()
        self._tally.runs += 2
        self.scene.attempt(everything=True, repair=self._damaged)
        after = self.scene.picture()
        assert after is not None
        if seen is not None:
            assert_words_kept(seen, after, shop=self.shop, leave=Leave())
        assert_in_step(after, shop=self.shop)
        assert self._damaged or self._strayed or not after.strays(), after.strays()
        assert self.scene.attempt(everything=True) == 0, "a run that has nothing to do writes"

    def _meet_race(self, seen: Picture | None) -> Leave:
        """Let the person interfere with the next attempt; what that, and a late write, may do to words."""
        race, self._race = self._race, None
        removals = 0
        if seen is not None:
            columns = len(seen.own_columns) + len(seen.places)
            removals = columns * len(seen.identities().keys() - self.shop.staying())
        leave = Leave(may_move=self._late is not None, may_lose=2 * removals if self._late else 0)
        if race is None or seen is None:
            return leave
        act, when, skip, a, b = race
        requests = requests_of(act, seen, a=a, b=b, word=self._word())
        if not requests:
            return leave
        self.scene.fault(when, *requests, calls="write", skip=skip)
        deleted = len(seen.own_columns) + len(seen.places) if act == "delete a row" else 0
        return Leave(
            may_move=self._late is not None or act in MOVING_ROWS,
            may_lose=leave.may_lose + deleted + (removals if act in MOVING_ROWS else 0),
            under_writes=act in MOVING_COLUMNS or act in MOVING_ROWS,
        )

    def _end_trouble(self) -> None:
        self._wire.delete("/control/faults").raise_for_status()
        self._trouble = []
        self._late = None
        self._death = None

    def _word(self) -> str:
        self._words += 1
        return f"word-{self._words}"
