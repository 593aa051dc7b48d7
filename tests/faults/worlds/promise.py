"""What is promised to people and to the shop, whatever went wrong.

The exceptions are those that docs/delivery.md names: Sheets has no write on condition, so what a person does between a
read and its write, and a write that arrives late, can let words end beside another row, or take those that are hit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tests.faults.worlds.picture import Picture
from tests.faults.worlds.shop import Identity, Shop


@dataclass(frozen=True)
class Leave:
    """What may become of people's words in one attempt, besides what the shop's own removals take with their rows.

    `may_move`: beside another row. `may_lose`: so many of them, wherever they stand. `under_writes`: those beside rows
    that were to be written. `all`: the tab itself is gone.
    """

    may_move: bool = False
    may_lose: int = 0
    under_writes: bool = False
    all: bool = False


def assert_words_kept(before: Picture, after: Picture, *, shop: Shop, leave: Leave) -> None:
    """Each word beside the same row; and as often as before, but for rows that leave the shop and take theirs along."""
    wanted = shop.rows() | shop.rows_if_present()
    standing = before.managed(shop.terms.keys)
    copies = before.identities()
    there = Counter(word.text for word in after.words())
    beside = {(word.text, word.identity) for word in after.words()}
    due: Counter[str] = Counter()
    for word in before.words():
        stays = word.identity is None or shop.keeps(word.identity)
        written = (
            word.identity is None or copies[word.identity] > 1 or standing[word.identity] != wanted.get(word.identity)
        )
        due[word.text] += stays and not (leave.under_writes and written)
        loose = leave.may_move or word.identity is None or copies[word.identity] > 1 or not stays
        assert loose or not there[word.text] or (word.text, word.identity) in beside, f"{word} left its row"
    lost = due - there
    assert lost.total() <= leave.may_lose, f"{lost.total()} words are lost: {', '.join(lost)}"


def assert_left_alone(before: Picture, after: Picture, *, shop: Shop) -> None:
    """The rows of orders that were deleted at the shop are as they stood, where the automation does not delete them."""
    keys = [key for key in shop.terms.keys if key in before.places and key in after.places]
    standing, copies = before.managed(keys), before.identities()
    for identity, cells in after.managed(keys).items():
        if shop.is_left_alone(identity) and copies[identity] == 1:
            assert cells == standing[identity], f"{identity} was deleted at the shop, and its row was changed"


def assert_in_step(seen: Picture, *, shop: Shop) -> None:
    """Each row of the shop once, with its managed cells; and none of another, but for those that are left alone.

    An order that the automation no longer asks for, and that stays where it stood, is all there or not at all.
    """
    managed = seen.managed(shop.terms.keys)
    standing = {identity: cells for identity, cells in managed.items() if not shop.is_left_alone(identity)}
    kept = shop.rows_if_present()
    there = {order_id for order_id, _ in standing.keys() & kept}
    wanted = shop.rows() | {identity: cells for identity, cells in kept.items() if identity[0] in there}
    missing, surplus = wanted.items() - standing.items(), standing.items() - wanted.items()
    assert not missing, f"not in the tab: {missing}; instead: {surplus}"
    assert not surplus, f"not in the shop: {surplus}"
    assert {*seen.identities().values()} <= {1}, "an identity is there twice"


def assert_struck(struck: Mapping[Identity, bool], *, shop: Shop) -> None:
    """The rows of those orders, and of no others, that left the shop or the filter and are to be marked."""
    wrong = {identity for identity, through in struck.items() if through != shop.is_struck(identity)}
    assert not wrong, f"struck through or not, against what was asked: {wrong}"
