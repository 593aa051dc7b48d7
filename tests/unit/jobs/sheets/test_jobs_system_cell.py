"""The text of the hidden cell, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.sheets.system_cell import SystemCell, content_of, hash64, key_hash, parse
from tests.unit.jobs.properties import checked

IDS = st.text() | st.text(alphabet="%|7C25\n")
CELLS = st.builds(
    SystemCell,
    order_id=IDS.filter(bool),
    line_id=IDS,
    version=st.integers(0, 2**63),
    content=st.integers(1, 2**64 - 1),
    key=st.text().map(key_hash),
)
WRITTEN = SystemCell("5501", "77|a", 1_767_225_600_000, 0xA1, key_hash("#1001")).text()


@given(cell=CELLS)
@checked
def test_what_is_written_is_read(cell: SystemCell) -> None:
    """Whatever the platform's ids look like."""
    assert parse(cell.text()) == cell
    assert content_of(cell.text()) == cell.content


@pytest.mark.parametrize("order_id", ["|", "%", "%7C", "%25", "%257C", "|%7C|", "%%7C7C", "gid://shop/Order/1"])
def test_ids_may_look_like_escapes(order_id: str) -> None:
    """They come back as they were."""
    found = parse(SystemCell(order_id, order_id, 1, 1, key_hash("")).text())
    assert found is not None
    assert (found.order_id, found.line_id) == (order_id, order_id)


def test_text_is_what_the_documentation_says() -> None:
    """Cells that stand in tabs today must be understood by every later version."""
    assert "v1|5501|77%7Ca|1767225600000|00000000000000a1|" + key_hash("#1001") == WRITTEN


@given(
    cell=CELLS,
    cut=st.slices(12),
    put=st.sampled_from(["", "|", "-", "_", " ", "0x", "v1|", "\n", "٣", "99999999999"]),
)
@checked
def test_damaged_cell_is_seen_alike_by_both(cell: SystemCell, cut: slice, put: str) -> None:
    """What the index takes for nothing of ours, the verification must too, or a tab would never be as it should."""
    parts = cell.text().split("|")
    damaged = "|".join([*parts[: cut.start], put, *parts[cut.stop :]])
    read = parse(damaged)
    assert content_of(damaged) == (read.content if read else 0)
    assert read is None or (0 <= read.version < 2**64 and 0 <= read.content < 2**64)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        12.5,
        True,
        "v1",
        "note",
        "v1 | is | the | first | ab | one",
        WRITTEN + " ",
        WRITTEN[1:],
        WRITTEN.replace("|5501|", "||"),
        WRITTEN.replace("|1767225600000|", "|-5|"),
        WRITTEN.replace("|1767225600000|", f"|{10**19}|"),
        WRITTEN.replace("a1|", "xx|"),
    ],
)
def test_what_we_did_not_write_is_nothing(text: object) -> None:
    """A person's text, a number, a cell of which a part is missing or that no longer fits."""
    assert parse(text) is None
    assert content_of(text) == 0


@given(text=st.text())
@checked
def test_hashes_fit_their_place(text: str) -> None:
    """0 means nothing; the key's is short."""
    assert 0 < hash64(text) < 2**64
    assert len(key_hash(text)) == 6


def test_hashes_are_the_same_in_every_process() -> None:
    """They stand in tabs, so they are what `printf '#1001' | b2sum -l 64` says, here and everywhere."""
    assert hash64("#1001") == 0x6822D9763D463909
    assert key_hash("#1001") == "463909"
