"""The search syntax of `query:` (shopify.dev, "Shopify API search syntax"), as far as orders need it.

    updated_at:>='2026-10-01T00:00:00Z' AND (status:open OR financial_status:refunded) -test:true

Terms side by side are joined by AND. What is not understood here raises NOT_SIMULATED. Shopify itself leaves out a
filter that it does not know and answers with ALL rows and a warning in `extensions.search`, which is easily missed.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from infra.local.shopify.refusal import not_simulated


@dataclass(frozen=True, slots=True)
class Term:
    field: str
    comparator: str
    value: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Search"


@dataclass(frozen=True, slots=True)
class All:
    operands: tuple["Search", ...]


@dataclass(frozen=True, slots=True)
class Any:
    operands: tuple["Search", ...]


Search: TypeAlias = Term | Not | All | Any

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<parenthesis>[()])
      | (?P<minus>-)
      | (?P<word>AND|OR|NOT)(?=[\s()]|$)
      | (?P<field>[A-Za-z_][\w.]*):\s*(?P<comparator>>=|<=|>|<|=)?\s*
        (?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s()'"]+))
    )""",
    re.VERBOSE,
)


def parse(text: str) -> Search:
    """The meaning of a search; an empty one finds everything."""
    parser = _Parser(text)
    search = parser.alternatives() if parser.peek() else All(())
    if parser.peek():
        raise parser.misunderstood()
    return search


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._position = 0

    def peek(self) -> re.Match[str] | None:
        if self._position >= len(self._text):
            return None
        match = _TOKEN.match(self._text, self._position)
        if match is None:
            raise self.misunderstood()
        return match

    def misunderstood(self) -> Exception:
        return not_simulated(f"the search {self._text!r} from character {self._position + 1} on")

    def alternatives(self) -> Search:
        operands = [self._conjunction()]
        while self._take("OR"):
            operands.append(self._conjunction())
        return operands[0] if len(operands) == 1 else Any(tuple(operands))

    def _conjunction(self) -> Search:
        operands = [self._operand()]
        while (token := self.peek()) and token[0].strip() not in {"OR", ")"}:
            self._take("AND")
            operands.append(self._operand())
        return operands[0] if len(operands) == 1 else All(tuple(operands))

    def _operand(self) -> Search:
        if self._take("NOT") or self._take("-"):
            return Not(self._operand())
        if self._take("("):
            inside = self.alternatives()
            if not self._take(")"):
                raise self.misunderstood()
            return inside
        token = self.peek()
        if token is None or not token["field"]:
            raise self.misunderstood()
        self._position = token.end()
        quoted = token["single"] if token["single"] is not None else token["double"]
        value = token["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        comparator = token["comparator"] or "="
        return Term(token["field"], comparator, value, quoted=quoted is not None)

    def _take(self, word: str) -> bool:
        token = self.peek()
        if token is None or token[0].strip() != word:
            return False
        self._position = token.end()
        return True
