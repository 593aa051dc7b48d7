"""A1 notation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.sheets.a1 import (
    Reference,
    column_index,
    column_letters,
    parse_reference,
    quoted,
    split_title,
    unquoted,
)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=18_277))
def test_columns_and_letters_are_each_others_inverse(index: int) -> None:
    """Every column up to ZZZ has letters that lead back to it."""
    assert column_index(column_letters(index)) == index


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("B2", Reference(1, 1, 2, 2)),
        ("$B$2", Reference(1, 1, 2, 2)),
        ("A2:C", Reference(1, 0, None, 3)),
        ("A:B", Reference(None, 0, None, 2)),
        ("2:3", Reference(1, None, 3, None)),
        ("C3:A1", Reference(0, 0, 3, 3)),
    ],
)
def test_references_are_parsed(text: str, reference: Reference) -> None:
    """Bounds are half open; None where the notation leaves them open."""
    assert parse_reference(text) == reference


@pytest.mark.parametrize("text", ["", "A", "1", "A0", "A1:", "A1:B2:C3", "ABCD1", "Prices"])
def test_other_texts_are_no_references(text: str) -> None:
    """A lone column or row, row zero and names are not cells."""
    assert parse_reference(text) is None


@settings(deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_quoting_is_undone_by_splitting(title: str) -> None:
    """Whatever a tab is called, its quoted title before `!` is read back."""
    assert unquoted(quoted(title)) == title or quoted(title) == title
    assert split_title(f"{quoted(title)}!A1") == (title, "A1")


# As Google quoted them in the ranges it returned.
@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Sales2", "Sales2"),
        ("Sheet_1", "Sheet_1"),
        ("x.y", "x.y"),
        ("Probe Tab", "'Probe Tab'"),
        ("A1", "'A1'"),
        ("R1C1", "'R1C1'"),
        ("2026", "'2026'"),
        ("Ünï", "'Ünï'"),
        ("It's", "'It''s'"),
    ],
)
def test_titles_are_quoted_as_google_does(title: str, shown: str) -> None:
    """Plain words stay bare unless they could be a cell."""
    assert quoted(title) == shown
