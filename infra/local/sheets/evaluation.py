"""What formulas come to. A small honest set: arithmetic, comparison, `&`, references and a few sums.

Whatever is not in the set is `#NAME?`, never a guess. Values are computed when read, so they are never stale.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.local.sheets.a1 import unquoted
from infra.local.sheets.formulas import CELLS, TEXT, Corner, parse_corners
from infra.local.sheets.rows import Formula, Scalar, Value

if TYPE_CHECKING:
    from infra.local.sheets.sheet import Sheet
    from infra.local.sheets.spreadsheet import Spreadsheet

TOKEN = re.compile(
    rf"\s*(?:(?P<string>{TEXT})|(?P<reference>{CELLS})"
    r"|(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign><=|>=|<>|[-+*/^&=<>(),%]))\s*"
)
SIGNS = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class CellError:
    """`kind` as in ErrorValue.type; `text` as the cell shows it."""

    kind: str
    text: str
    message: str = ""


Result = Scalar | CellError | None

NAME = CellError("NAME", "#NAME?", "This formula is not simulated by the local Sheets service.")
DIVIDE = CellError("DIVIDE_BY_ZERO", "#DIV/0!", "Function DIVIDE parameter 2 cannot be zero.")
REF = CellError("REF", "#REF!", "Reference does not exist.")
CIRCULAR = CellError("REF", "#REF!", "Circular dependency detected.")
VALUE = CellError("VALUE", "#VALUE!", "A parameter expects number values.")
PARSE = CellError("ERROR", "#ERROR!", "Formula parse error.")


class Unavailable(Exception):
    def __init__(self, error: CellError) -> None:
        super().__init__(error.text)
        self.error = error


class Evaluator:
    """Computes the cells of one spreadsheet as it is now; not to be kept across a change."""

    def __init__(self, spreadsheet: "Spreadsheet") -> None:
        self._spreadsheet = spreadsheet
        self._known: dict[tuple[str, str], Result] = {}
        self._open: set[tuple[str, str]] = set()

    def result(self, value: Value, sheet: "Sheet") -> Result:
        if not isinstance(value, Formula):
            return value
        key = (sheet.title, value.text)
        if key in self._open:
            return CIRCULAR
        if key not in self._known:
            self._open.add(key)
            try:
                self._known[key] = Parser(value.text[1:], self, sheet).result()
            except Unavailable as unavailable:
                self._known[key] = unavailable.error
            except RecursionError:
                self._known[key] = CIRCULAR
            finally:
                self._open.discard(key)
        return self._known[key]

    def cells(self, title: str | None, corners: list[Corner], home: "Sheet") -> Iterator[Result]:
        sheet = home if title is None else self._spreadsheet.sheet_titled(title)
        if sheet is None:
            raise Unavailable(REF)
        first, last = corners[0], corners[-1]
        top, bottom = span(first.row, last.row, sheet.grid.row_count)
        left, right = span(first.column, last.column, sheet.grid.column_count)
        for row in sheet.grid.rows(top, bottom):
            for column in range(left, min(right, len(row.values))):
                yield self.result(row.values[column], sheet)


def span(first: int | None, last: int | None, size: int) -> tuple[int, int]:
    if first is None or last is None:
        return 0, size
    return min(first, last), max(first, last) + 1


class Parser:
    """Recursive descent over one formula, computing as it goes."""

    def __init__(self, text: str, evaluator: Evaluator, home: "Sheet") -> None:
        self._tokens = list(tokenize(text))
        self._position = 0
        self._evaluator = evaluator
        self._home = home

    def result(self) -> Result:
        result = self._comparison()
        if self._position < len(self._tokens):
            raise Unavailable(PARSE)
        return 0 if result is None else result

    def _peek(self) -> str:
        return self._tokens[self._position][1] if self._position < len(self._tokens) else ""

    def _take(self) -> tuple[str, str]:
        if self._position >= len(self._tokens):
            raise Unavailable(PARSE)
        token = self._tokens[self._position]
        self._position += 1
        return token

    def _comparison(self) -> Result:
        left = self._joined()
        while self._peek() in SIGNS:
            sign = self._take()[1]
            right = self._joined()
            if type(left) is not type(right) and isinstance(left, str) + isinstance(right, str):
                raise Unavailable(VALUE)
            left = bool(SIGNS[sign](left, right))
        return left

    def _joined(self) -> Result:
        left = self._sum()
        while self._peek() == "&":
            self._take()
            left = text_of(left) + text_of(self._sum())
        return left

    def _sum(self) -> Result:
        return self._chain(self._product, {"+": lambda a, b: a + b, "-": lambda a, b: a - b})

    def _product(self) -> Result:
        return self._chain(self._power, {"*": lambda a, b: a * b, "/": divide})

    def _power(self) -> Result:
        return self._chain(self._unary, {"^": lambda a, b: a**b})

    def _chain(self, operand: Callable[[], Result], signs: dict[str, Callable[[float, float], float]]) -> Result:
        left = operand()
        while self._peek() in signs:
            sign = self._take()[1]
            left = plain(signs[sign](number_of(left), number_of(operand())))
        return left

    def _unary(self) -> Result:
        if self._peek() in {"-", "+"}:
            sign = self._take()[1]
            value = number_of(self._unary())
            return -value if sign == "-" else value
        value_of = self._operand()
        while self._peek() == "%":
            self._take()
            value_of = plain(number_of(value_of) / 100)
        return value_of

    def _operand(self) -> Result:
        kind, text = self._take()
        if kind == "number":
            return plain(float(text))
        if kind == "string":
            return text[1:-1].replace('""', '"')
        if kind == "reference":
            title, cells = split_reference(text)
            corners = parse_corners(cells)
            if len(corners) > 1:
                raise Unavailable(VALUE)
            return raised(next(self._evaluator.cells(title, corners, self._home), None))
        if text == "(":
            inner = self._comparison()
            self._expect(")")
            return inner
        if kind == "name":
            return self._named(text.upper())
        raise Unavailable(REF if text == "#" else PARSE)

    def _named(self, name: str) -> Result:
        if name in {"TRUE", "FALSE"}:
            return name == "TRUE"
        function = FUNCTIONS.get(name)
        if function is None or self._peek() != "(":
            raise Unavailable(NAME)
        self._take()
        numbers: list[float] = []
        while self._peek() != ")":
            numbers.extend(self._argument())
            if self._peek() != ")":
                self._expect(",")
        self._expect(")")
        return plain(function(numbers))

    def _argument(self) -> Iterator[float]:
        """The numbers of one argument; text and blanks within a range do not count."""
        kind, text = self._tokens[self._position] if self._position < len(self._tokens) else ("", "")
        after = self._tokens[self._position + 1][1] if self._position + 1 < len(self._tokens) else ""
        if kind == "reference" and after in {",", ")"}:
            self._take()
            title, cells = split_reference(text)
            for value in self._evaluator.cells(title, parse_corners(cells), self._home):
                if isinstance(raised(value), int | float) and not isinstance(value, bool):
                    yield number_of(value)
            return
        yield number_of(self._comparison())

    def _expect(self, sign: str) -> None:
        if self._take()[1] != sign:
            raise Unavailable(PARSE)


FUNCTIONS: dict[str, Callable[[list[float]], float]] = {
    "SUM": sum,
    "COUNT": len,
    "MIN": lambda numbers: min(numbers, default=0),
    "MAX": lambda numbers: max(numbers, default=0),
    "AVERAGE": lambda numbers: divide(sum(numbers), len(numbers)),
}


def tokenize(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise Unavailable(REF if text[position:].startswith("#REF!") else PARSE)
        kind = next(name for name in ("string", "reference", "number", "name", "sign") if match[name])
        yield kind, match[kind]
        position = match.end()


def split_reference(text: str) -> tuple[str | None, str]:
    title, mark, cells = text.rpartition("!")
    return (unquoted(title) if mark else None), cells


def raised(value: Result) -> Scalar | None:
    if isinstance(value, CellError):
        raise Unavailable(value)
    return value


def number_of(value: Result) -> float:
    value = raised(value)
    if value is None:
        return 0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise Unavailable(VALUE) from None
    return value


def text_of(value: Result) -> str:
    value = raised(value)
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)


def divide(dividend: float, divisor: float) -> float:
    if divisor == 0:
        raise Unavailable(DIVIDE)
    return dividend / divisor


def plain(number: float) -> int | float:
    """A whole number as an int, as JSON shows it."""
    return int(number) if isinstance(number, float) and number.is_integer() else number
