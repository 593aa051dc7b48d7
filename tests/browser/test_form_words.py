"""What the form reckons with: cron lines as people say them, and the days that filters speak of."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

SIDEBAR = Path(__file__).resolve().parents[2] / "addon/sidebar"
SCRIPTS = ("FormTexts", "Texts", "Format", "Schedule", "FormDraft", "FormFilters")


@pytest.fixture
def words(page: Page) -> Page:
    """A page with these scripts only, of a merchant in Berlin."""
    page.set_content("".join((SIDEBAR / f"{name}.html").read_text() for name in SCRIPTS))
    page.evaluate("Format.setUp({ locale: 'en_GB', timeZone: 'Europe/Berlin' })")
    return page


def test_cron_lines_are_said_in_words(words: Page) -> None:
    """Times as the region writes them. Where people have no words for a line, it is shown as it is."""
    eight, half_past_six, six = _evaluated(words, "(times) => times.map(Format.timeOfDay)", ["08:00", "06:30", "18:00"])
    said = {
        "0 * * * *": "every hour",
        "5 * * * *": "every hour at 05 past",
        "0 8 * * *": f"every day at {eight}",
        "0 8 * * 0-6": f"every day at {eight}",
        "30 6 * * 1-5": f"Monday to Friday at {half_past_six}",
        "30 6 * * MON-FRI": f"Monday to Friday at {half_past_six}",
        "0 18 * * 7": f"every Sunday at {six}",
        "0 18 * * 0,1,4": f"every Monday, Thursday and Sunday at {six}",
        "*/15 * * * *": "by the cron line */15 * * * *",
        "0 8 1 * *": "by the cron line 0 8 1 * *",
        "0 25 * * *": "by the cron line 0 25 * * *",
        "0 8 * * 5-1": "by the cron line 0 8 * * 5-1",
        "nonsense": "by the cron line nonsense",
    }
    assert _evaluated(words, "(crons) => crons.map((cron) => Rhythms.words(cron))", list(said)) == list(said.values())


def test_what_was_chosen_is_read_again(words: Page) -> None:
    """Each kind, on each set of days, at each quarter of an hour."""
    lost = """() => {
      const has = (set, day) => ((set + 1) >> day) & 1;
      const week = [0, 1, 2, 3, 4, 5, 6];
      const sets = Array.from({ length: 126 }, (_, set) => week.filter((day) => has(set, day)));
      const weekly = sets.filter((days) => days.join() !== '1,2,3,4,5').map((days) => ['weekly', '09:30', days]);
      const times = Array.from({ length: 96 }, (_, at) => Rhythms.clock(String(at >> 2), String((at & 3) * 15)));
      const timed = ['daily', 'weekdays'].flatMap((kind) => times.map((time) => [kind, time]));
      return [...weekly, ...timed].filter(([kind, time, days]) => {
        const read = Rhythms.read(Rhythms.write({ kind, time, days, cron: '' }));
        return read.kind !== kind || read.time !== time || (days && read.days.join() !== days.join());
      });
    }"""
    assert _evaluated(words, lost) == []


def test_day_of_a_filter_lasts_as_long_as_in_the_merchants_zone(words: Page) -> None:
    """23 hours and 25 hours on the days on which clocks change; read back, it is the same day."""
    days = {
        "2026-01-31": ("2026-01-30T23:00:00.000Z", "2026-01-31T22:59:59.999Z"),
        "2026-03-29": ("2026-03-28T23:00:00.000Z", "2026-03-29T21:59:59.999Z"),
        "2026-10-25": ("2026-10-24T22:00:00.000Z", "2026-10-25T22:59:59.999Z"),
    }
    told = "(days) => days.map((day) => [Instants.start(day), Instants.end(day), Instants.day(Instants.end(day))])"
    assert _evaluated(words, told, list(days)) == [[start, end, day] for day, (start, end) in days.items()]


def test_new_tab_gets_a_name_that_none_has(words: Page) -> None:
    """Tabs are told apart without case, and a number is not numbered again."""
    free = "([wanted, taken]) => Drafts.free(wanted, taken)"
    assert _evaluated(words, free, ["Orders", ["Refunds"]]) == "Orders"
    assert _evaluated(words, free, ["Orders", ["orders", "Orders 2"]]) == "Orders 3"
    assert _evaluated(words, free, ["Orders 2", ["Orders", "Orders 2"]]) == "Orders 3"


def test_complaints_stay_with_what_they_are_about(words: Page) -> None:
    """Though it was not sent at the place where it stands."""
    placed = "(fields) => Drafts.placed(fields, { filters: [7], columns: [4, 9] })"
    complaints = {"columns.1.header": "taken", "filters.0.value": "missing", "columns": "none", "name": "blank"}
    assert _evaluated(words, placed, complaints) == {
        "columns.9.header": "taken",
        "filters.7.value": "missing",
        "columns": "none",
        "name": "blank",
    }


def _evaluated(page: Page, function: str, argument: object = None) -> Any:
    return page.evaluate(function, argument)
