"""What is promised to people and to the shop, whatever went wrong.

The exceptions are those that docs/delivery.md names: Sheets has no write on condition, so what a person does between a
read and its write, and a write that arrives late, can let words end beside another row, or take those that are hit.
"""

from collections import Counter
from dataclasses import dataclass

from tests.faults.worlds.picture import Picture
from tests.faults.worlds.shop import Shop


@dataclass(frozen=True)
class Leave:
    """What may become of people's words in one attempt, besides what the shop's own removals take with their rows.

    `may_move`: beside another row. `may_lose`: so many of them, wherever they stand. `under_writes`: those beside rows
    that were to be written.
    """

    may_move: bool = False
    may_lose: int = 0
    under_writes: bool = False


def assert_words_kept(before: Picture, after: Picture, *, shop: Shop, leave: Leave) -> None:
    """Each word beside the same row; and as often as before, but for rows that leave the shop and take theirs along."""
    staying = shop.staying()
    wanted = shop.rows(removed=False) | shop.rows(removed=True)
    standing = before.managed(shop.keys)
    copies = before.identities()
    there = Counter(word.text for word in after.words())
    beside = {(word.text, word.identity) for word in after.words()}
    due: Counter[str] = Counter()
    for word in before.words():
        stays = word.identity is None or word.identity in staying
        written = (
            word.identity is None or copies[word.identity] > 1 or standing[word.identity] != wanted.get(word.identity)
        )
        due[word.text] += stays and not (leave.under_writes and written)
        loose = leave.may_move or word.identity is None or copies[word.identity] > 1 or not stays
        assert loose or not there[word.text] or (word.text, word.identity) in beside, f"{word} left its row"
    lost = due - there
    assert lost.total() <= leave.may_lose, f"{lost.total()} words are lost: {', '.join(lost)}"


def assert_in_step(seen: Picture, *, shop: Shop) -> None:
    """Each row of the shop once, with its managed cells.

    A removed order is all there or not at all: whether it stood before it was removed, nobody can tell afterwards.
    """
    standing = seen.managed(shop.keys)
    kept = shop.staying() - shop.rows(removed=False).keys()
    there = {order_id for order_id, _ in standing.keys() & kept}
    removed = {identity: cells for identity, cells in shop.rows(removed=True).items() if identity[0] in there}
    assert standing == shop.rows(removed=False) | removed
    assert {*seen.identities().values()} <= {1}, "an identity is there twice"
