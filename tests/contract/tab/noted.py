"""A tab of twelve orders with a person's remark beside each, and a run that changes three of them and brings four."""

from jobs.sheets.system_cell import parse
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import append_column, write
from tests.contract.tab.orders import CATALOGUE, order, rows_of, some

FIRST = some(12)
THEN = [order(number, version=2, email="new@example.com") for number in (3, 5, 6)]
"""Orders that changed."""
ALL = [*FIRST[:2], THEN[0], FIRST[3], *THEN[1:], *FIRST[6:], *some(16)[12:]]
"""Everything that the tab is to hold after the run."""
RUN = [*THEN, *some(16)[12:], *FIRST]
"""As the run gets it."""
A_BATCH = 5
"""Orders: the first batch holds the changed orders and two new ones, the second the other two."""
WIDTH = 5


def write_remarks(desk: Desk) -> None:
    """Order, the system column, Email, Total, Remarks."""
    desk.bring(FIRST)
    desk.edit(append_column(), write(0, 4, "Remarks", *(remark(number) for number in range(1, 13))))


def remark(number: int) -> str:
    return f"on #{1000 + number}"


def remarks(*, without: tuple[int, ...] = ()) -> dict[str, str]:
    """By the order beside which each was written."""
    return {f"#{1000 + number}": remark(number) for number in range(1, 13) if number not in without}


def assert_in_step(desk: Desk) -> None:
    """The tab holds all orders, each once, and nothing of them stands where it does not belong."""
    head, *rows = desk.grid()
    headers = ["Amount" if "Amount" in head and key == "total" else CATALOGUE[key].label for key in desk.keys]
    places = [head.index(header) for header in headers]
    system = head.index("Tabkeeper")
    ours = [row for row in rows if parse(row[system])]
    assert sorted(tuple(row[place] for place in places) for row in ours) == sorted(rows_of(ALL, desk.keys))
    own = {head.index("Remarks"), *places, system}
    assert not any(row[place] for row in [head, *rows] for place in range(len(head)) if place not in own)
    assert not any(row[place] for row in rows if not parse(row[system]) for place in [system, *places])
