"""Reading a CSV in the columns of the Online Retail data."""

import gzip
from pathlib import Path

import pytest

from infra.local.shopify.invoices import BrokenCsv, Invoice, InvoiceLine, read_file, read_invoices

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINE = "536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
DECEMBER = 1291191960


def test_lines_of_an_invoice_come_together_wherever_they_stand() -> None:
    """In the file's order, with duplicates; what belongs to the invoice is taken from its first line."""
    invoices = read_invoices(
        [
            HEADER,
            LINE,
            'C1,M,"Manual, by ""hand""",-1,2011-01-01 00:00:00,0.001,,Hong Kong\n',
            LINE.replace("08:26", "09:00"),
        ]
    )
    lantern = InvoiceLine("85123A", "LANTERN", 6, "2.55")
    manual = InvoiceLine("M", 'Manual, by "hand"', -1, "0.001")
    assert invoices == [
        Invoice("536365", DECEMBER, 17850, "United Kingdom", [lantern, lantern]),
        Invoice("C1", 1293840000, None, "Hong Kong", [manual]),
    ]


def test_time_may_be_written_as_the_first_edition_had_it() -> None:
    """12/1/2010 8:26 is December."""
    (invoice,) = read_invoices([HEADER, LINE.replace("2010-12-01 08:26:00", "12/1/2010 8:26")])
    assert invoice.created_at == DECEMBER


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, "InvoiceNo", "a header with the columns InvoiceNo, "),
        (HEADER.replace("UnitPrice", "Price"), 1, "UnitPrice", "a header"),
        (HEADER + LINE + LINE.replace(",6,", ",six,"), 3, "Quantity", "a whole number; it is 'six'"),
        (HEADER + LINE.replace(",6,", ",6.5,"), 2, "Quantity", "a whole number; it is '6.5'"),
        (HEADER + LINE.replace("2.55", "free"), 2, "UnitPrice", "a decimal number; it is 'free'"),
        (HEADER + LINE.replace("2.55", "NaN"), 2, "UnitPrice", "a decimal number; it is 'NaN'"),
        (HEADER + LINE.replace("2010-12-01", "2010-13-01"), 2, "InvoiceDate", "a time"),
        (HEADER + LINE.replace("17850.0", "Bob"), 2, "CustomerID", "a whole number, or nothing for a guest"),
        (HEADER + LINE.replace("536365", ""), 2, "InvoiceNo", "one to eight letters and digits; it is ''"),
        (HEADER + LINE.replace("536365", "123456789"), 2, "InvoiceNo", "one to eight letters and digits"),
        (HEADER + LINE.replace("85123A", ""), 2, "StockCode", "a stock code"),
        (HEADER + LINE.replace(",LANTERN", ""), 2, None, "8 values, not 7"),
        (HEADER + LINE.replace("LANTERN", '"LAN"TERN'), 2, None, "well-formed CSV"),
    ],
)
def test_broken_line_is_named_with_what_was_expected(text: str, line: int, column: str | None, expected: str) -> None:
    """So that whoever made the file can mend it."""
    with pytest.raises(BrokenCsv) as broken:
        read_invoices(text.splitlines(keepends=True))
    assert (broken.value.line, broken.value.column) == (line, column)
    assert broken.value.expected.startswith(expected)


def test_file_may_be_packed_or_not(tmp_path: Path) -> None:
    """What it is called does not matter, and neither does a byte order mark."""
    plain, packed = tmp_path / "plain.gz", tmp_path / "packed.csv"
    plain.write_bytes(b"\xef\xbb\xbf" + (HEADER + LINE).encode())
    packed.write_bytes(gzip.compress((HEADER + LINE).encode()))
    assert read_file(plain) == read_file(packed) != []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (gzip.compress((HEADER + LINE * 5_000).encode())[:-9], "a whole gzip file"),
        ((HEADER + LINE.replace("LANTERN", "CAF\xc9")).encode("latin-1"), "text in UTF-8"),
    ],
)
def test_damaged_file_is_told_from_a_wrong_line(tmp_path: Path, content: bytes, expected: str) -> None:
    """An archive that was cut short, and text in another encoding."""
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with pytest.raises(BrokenCsv) as broken:
        read_file(path)
    assert broken.value.expected == expected
