"""The comparison as tables, for the terminal and for docs/benchmarks.md. Pure but for `write`."""

import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tests.bench.book import CHECKED, NOTES
from tests.bench.comparison import DROPPED, KILLED, ORDERS, TROUBLED_ORDERS, UNAVAILABLE, Score, Skipped
from tests.bench.trial import Cost
from tests.bench.verdict import Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs/benchmarks.md"
END = "<!-- to here -->\n"
COST_COLUMNS = (
    "tool",
    "reads",
    "writes",
    "minutes of quota",
    "sent MB",
    "CPU s",
    "CPU, ours = 1",
    "start s",
    "peak MB",
)


def tables(scores: Sequence[Score], skipped: Sequence[Skipped]) -> Iterator[str]:
    """Lines of Markdown that are as readable in a terminal."""
    yield from costs(f"First export: {ORDERS:,} orders, 20 columns", scores, lambda score: score.first)
    yield from costs("Re-run, 1 % of the orders changed", scores, lambda score: score.one_percent)
    yield from costs("Re-run, 10 % of the orders changed", scores, lambda score: score.ten_percent)
    yield from section("Cells that are not what the shop has, after the first export of all orders")
    yield from table(("tool", "cells", "in the columns"), (altered(score) for score in scores))
    yield from section(f"A write in mid-export was applied, but the tool did not learn it ({TROUBLED_ORDERS:,} orders)")
    kinds = {DROPPED: "cut", UNAVAILABLE: "503", KILLED: "killed"}
    heads = [f"{told}: {what}" for told in kinds.values() for what in ("runs", "rows twice", "missing")]
    yield from table(("tool", *heads), (troubled(score, list(kinds)) for score in scores))
    yield from section(f"The owner wrote notes and sorted, then a re-run, 10 % changed ({TROUBLED_ORDERS:,} orders)")
    heads = ["notes lost, right", "notes lost, between", "orders with wrong cells", "rows twice", "orders missing"]
    yield from table(("tool", *heads), (owned(score) for score in scores))
    heads = ["notes lost, right", "orders with wrong cells", "rows twice", "orders missing"]
    yield from section(f"The owner wrote her notes during the re-run, 10 % changed ({TROUBLED_ORDERS:,} orders)")
    yield from table(("tool", *heads), (edited_meanwhile(score, score.typed_meanwhile) for score in scores))
    yield from section(f"The owner sorted during the re-run, 10 % changed ({TROUBLED_ORDERS:,} orders)")
    yield from table(("tool", *heads), (edited_meanwhile(score, score.sorted_meanwhile) for score in scores))
    for score in scores:
        if (share := score.tool.share) > 1:
            yield f"\n\\* Run on {ORDERS // share:,} orders; writes, bytes and CPU seconds are times {share}."
    for skip in skipped:
        yield f"\nLeft out: {skip.tool.title} {skip.reason}"


def costs(title: str, scores: Sequence[Score], cost_of: Callable[[Score], Cost]) -> Iterator[str]:
    ours = next((cost_of(score).cpu_s for score in scores if score.tool.is_ours), 0.0)
    yield from section(title)
    yield from table(COST_COLUMNS, (cost_row(score, cost_of(score), ours_s=ours) for score in scores))


def cost_row(score: Score, cost: Cost, *, ours_s: float) -> list[str]:
    return [
        score.tool.title + (" *" if score.tool.share > 1 else ""),
        f"{cost.reads:,}",
        f"{cost.writes:,}",
        f"{cost.quota_minutes:.1f}",
        f"{cost.sent_bytes / 1e6:.2f}",
        f"{cost.cpu_s:.2f}",
        f"{cost.cpu_s / ours_s:.2f}" if ours_s else "",
        f"{cost.start_s:.2f}",
        f"{cost.peak_mb:.0f}",
    ]


def altered(score: Score) -> list[str]:
    found = score.untouched.altered
    return [score.tool.title, f"{found.total() * score.tool.share:,}", ", ".join(sorted(found))]


def troubled(score: Score, kinds: Sequence[str]) -> list[str]:
    row = [few(score)]
    for kind in kinds:
        runs, verdict = score.troubled[kind]
        row += figures(runs, verdict.doubled, verdict.missing)
    return row


def owned(score: Score) -> list[str]:
    found = score.owned
    return [few(score), *figures(found.lost[NOTES], found.lost[CHECKED], found.wrong, found.doubled, found.missing)]


def edited_meanwhile(score: Score, found: Verdict) -> list[str]:
    return [few(score), *figures(found.lost[NOTES], found.wrong, found.doubled, found.missing)]


def few(score: Score) -> str:
    share = score.tool.share
    return score.tool.title + (f" ({TROUBLED_ORDERS // share} orders)" if share > 1 else "")


def figures(*numbers: int) -> list[str]:
    return [f"{number:,}" for number in numbers]


def section(title: str) -> list[str]:
    return ["", f"### {title}", ""]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The first column and any words to the left, figures to the right."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    wordy = [all(not cell[:1].isdigit() for cell in column[1:]) for column in zip(*lines, strict=True)]
    rule = ["-" * width if left else "-" * (width - 1) + ":" for width, left in zip(widths, wordy, strict=True)]
    lines.insert(1, rule)
    for line in lines:
        cells = (
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, wordy, strict=True)
        )
        yield f"| {' | '.join(cells)} |"


def page(own: Sequence[str], compared: Sequence[str]) -> list[str]:
    """Tabkeeper's own figures, and the tables."""
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors."
    return [machine, *section("Tabkeeper"), "```", *own, "```", *compared]


def write(lines: Sequence[str], *, command: str) -> None:
    """Into the page, between that command's marks; what stands around them is not touched."""
    begin = f"<!-- made by `{command}` from here -->\n"
    before, _, rest = PAGE.read_text().partition(begin)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + begin + "\n" + "\n".join(lines) + "\n\n" + END + after)


def tell(lines: Iterable[str]) -> list[str]:
    """On the terminal, as they come; what was told."""
    told = []
    for line in lines:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        told.append(line)
    return told
