from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from reseda.ui.templatetags.ui import days, jour, moment, span

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 11, 9), date(2026, 11, 13), "du 9 au 13 novembre 2026"),
        (date(2026, 10, 28), date(2026, 11, 1), "du 28 octobre au 1er novembre 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "du 28 décembre 2026 au 3 janvier 2027"),
        (date(2026, 11, 9), date(2026, 11, 9), "le 9 novembre 2026"),
        (date(2026, 11, 9), None, "à partir du 9 novembre 2026"),
        (None, date(2026, 11, 9), "jusqu’au 9 novembre 2026"),
        (None, None, ""),
    ],
)
def test_a_span_of_days_is_said_as_one_says_it(start, end, said):
    assert span(start, end) == said


def test_the_day_of_a_moment_is_the_day_in_paris():
    late = datetime(2026, 11, 8, 23, 30, tzinfo=UTC)
    assert span(late, late) == "le 9 novembre 2026"
    assert jour(late) == "lundi 9 novembre 2026"
    assert moment(late) == f"9 novembre 2026 à 0{NB}h{NB}30"


def test_a_full_hour_is_said_without_minutes():
    assert moment(datetime(2026, 7, 1, 6, 0, tzinfo=UTC)) == f"1er juillet 2026 à 8{NB}h"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (Decimal("2.50"), "2,5 jours"),
        (Decimal("1.5"), "1,5 jour"),
        (1, "1 jour"),
        (0, "0 jour"),
        (10, "10 jours"),
        (21.5, "21,5 jours"),
        (Decimal(30), "30 jours"),
    ],
)
def test_a_number_of_days_follows_the_french_plural(number, said):
    assert days(number) == said.replace(" ", NB)


def test_in_english_the_first_of_the_month_has_no_french_ending():
    with translation.override("en"):
        assert "1er" not in span(date(2026, 11, 1), date(2026, 11, 3))
        assert "8:30" in moment(datetime(2026, 11, 9, 7, 30, tzinfo=UTC))


def test_nothing_is_said_of_no_day():
    assert jour(None) == moment(None) == days(None) == ""
