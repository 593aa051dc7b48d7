"""Reads invoices from a CSV in the columns of the UCI Online Retail data."""

import csv
import gzip
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from infra.local.shopify.gid import LINES_PER_ORDER, order_id

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")

T = TypeVar("T")


class BrokenCsv(Exception):
    """Says in which line (1 is the header) and column the file is wrong, and what should be there."""

    def __init__(self, *, line: int, column: str | None, expected: str) -> None:
        where = f"line {line}, column {column}" if column else f"line {line}"
        super().__init__(f"{where}: expected {expected}")
        self.line = line
        self.column = column
        self.expected = expected


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    stock_code: str
    description: str
    quantity: int
    unit_price: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """`created_at` is in seconds since 1970. The time, customer and country are those of its first line."""

    number: str
    created_at: int
    customer_id: int | None
    country: str
    lines: list[InvoiceLine] = field(default_factory=list)


def read_file(path: Path) -> list[Invoice]:
    """All invoices of a CSV file, which may be gzipped; raises BrokenCsv, and OSError when there is no such file."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        unpacked = gzip.GzipFile(fileobj=file) if is_gzip else file
        with io.TextIOWrapper(unpacked, encoding="utf-8-sig", newline="") as text:
            return read_invoices(text)


def read_invoices(text: Iterable[str]) -> list[Invoice]:
    """In the order of their first lines; the lines of an invoice need not stand together."""
    invoices: dict[str, Invoice] = {}
    for line, row in _rows(text):
        values = _Values(line, row)
        number = values.get("InvoiceNo", _invoice_number, expected="one to eight letters and digits")
        quantity = values.get("Quantity", int, expected="a whole number")
        price = values.get("UnitPrice", _price, expected="a decimal number")
        created_at = values.get("InvoiceDate", _instant, expected="a time, as in 2010-12-01 08:26:00 or 12/1/2010 8:26")
        customer = values.get("CustomerID", _customer, expected="a whole number, or nothing for a guest")
        code = values.get("StockCode", _filled, expected="a stock code")
        invoice = invoices.get(number)
        if invoice is None:
            invoice = invoices[number] = Invoice(number, created_at, customer, row["Country"].strip())
        if len(invoice.lines) >= LINES_PER_ORDER:
            raise BrokenCsv(line=line, column="InvoiceNo", expected=f"at most {LINES_PER_ORDER} lines an invoice")
        invoice.lines.append(InvoiceLine(code, sys.intern(row["Description"].strip()), quantity, price))
    return list(invoices.values())


def _rows(text: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(text, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise BrokenCsv(line=1, column=missing[0], expected=f"a header with the columns {', '.join(COLUMNS)}")
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise BrokenCsv(line=reader.line_num, column=None, expected=f"{len(header)} values, not {len(row)}")
            yield reader.line_num, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise BrokenCsv(line=reader.line_num, column=None, expected=f"well-formed CSV ({error})") from error
    except UnicodeDecodeError as error:
        raise BrokenCsv(line=reader.line_num + 1, column=None, expected="text in UTF-8") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenCsv(line=reader.line_num + 1, column=None, expected="a whole gzip file") from error


@dataclass(frozen=True, slots=True)
class _Values:
    line: int
    row: dict[str, str]

    def get(self, column: str, read: Callable[[str], T], *, expected: str) -> T:
        text = self.row[column].strip()
        try:
            return read(text)
        except (ValueError, InvalidOperation):
            raise BrokenCsv(line=self.line, column=column, expected=f"{expected}; it is {text!r}") from None


def _invoice_number(text: str) -> str:
    if order_id(text) is None:
        raise ValueError(text)
    return text


def _filled(text: str) -> str:
    if not text:
        raise ValueError(text)
    return sys.intern(text)


def _price(text: str) -> str:
    if not Decimal(text).is_finite():
        raise ValueError(text)
    return sys.intern(text)


def _customer(text: str) -> int | None:
    """The shared form of the data set writes them as floating-point numbers: 17850.0"""
    if not text:
        return None
    match = re.fullmatch(r"(\d+)(?:\.0)?", text)
    if match is None:
        raise ValueError(text)
    return int(match[1])


def _instant(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.strptime(text, "%m/%d/%Y %H:%M")  # noqa: DTZ007 - the zone is set below
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
