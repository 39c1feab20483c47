"""What the counters call attention to: each alert in its own sentence, with the law behind it."""

import inspect
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reseda.law import queries as law
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.service import queries
from reseda.service.domain import alerts
from reseda.service.domain.counters import Alert
from reseda.service.domain.legal import contract_code
from reseda.service.models import Engagement, Period
from reseda.service.queries.counting import RecordCount, count_of
from reseda.service.queries.noticing import ALERTS, Told, of_count
from reseda.service.tests import factories as make

FACTS = {"year": 2026, "over": 2, "left": 1, "years": 1, "period": 0, "other": 0, "from": "2026"}


def heard(engagement: Engagement, *codes: str) -> list[Told]:
    today = timezone.localdate()
    found = count_of(engagement, timezone.now(), today)
    given = tuple(Alert(code, FACTS, "L1") for code in codes)
    count = RecordCount(found.years, given, found.limits, found.periods)
    return list(of_count(engagement, count, today))


def test_each_alert_of_the_counters_is_said_or_opens_something() -> None:
    known = re.findall(r'"([a-z]+_[a-z_]+)"', inspect.getsource(alerts))
    codes = {one for one in known if one != "days_left"}
    assert {one for one in codes if not one.endswith("_days_reached")} == set(ALERTS)


def test_each_alert_has_its_own_sentence_and_its_legal_value(
    engagement: Engagement, student: Person
) -> None:
    make.period(engagement, make.ago(10))
    told = heard(engagement, *ALERTS)
    assert [one.code for one in told] == list(ALERTS)
    assert len({one.text for one in told}) == len(ALERTS)
    for one in told:
        assert one.law in law.book()
        assert "%(" not in one.text


def test_an_alert_that_is_not_known_says_nothing(engagement: Engagement) -> None:
    assert heard(engagement, "moon_is_full", "medal_days_reached") == []


@pytest.mark.parametrize(
    ("start_on", "end_on", "code"),
    [
        (date(2026, 1, 1), date(2026, 3, 1), "contract_too_short"),
        (date(2026, 1, 1), date(2036, 1, 1), "contract_too_long"),
        (date(2026, 1, 1), date(2028, 12, 31), None),
    ],
)
def test_the_length_of_a_contract_is_told_with_its_article(
    school: School, student: Person, start_on: date, end_on: date, code: str | None
) -> None:
    made = make.engagement(
        student, school, contract_start_on=start_on, contract_end_on=end_on, force="police"
    )
    found = queries.contract_warnings(made, timezone.now(), date(2026, 11, 22))
    assert [one.code for one in found] == ([code] if code else [])
    assert all("L411" in one.text and one.law.startswith("reserve.") for one in found)


def test_the_periods_of_a_former_contract_are_not_outside_the_new_one(
    school: School, student: Person
) -> None:
    today = timezone.localdate()
    former = make.engagement(student, school)
    old = make.period(former, make.ago(400))
    Engagement.objects.filter(pk=former.pk).update(
        contract_end_on=today - timedelta(days=300), ended_on=today - timedelta(days=300)
    )
    renewed = make.engagement(
        student,
        school,
        contract_start_on=today - timedelta(days=200),
        contract_end_on=today + timedelta(days=600),
    )
    own = make.period(renewed, make.ago(20))
    now = timezone.now()
    assert set(count_of(renewed, now, today).periods) == {old, own}
    codes = [one.code for one in queries.standing(renewed, now, today).told]
    assert "outside_contract" not in codes
    Engagement.objects.filter(pk=renewed.pk).update(contract_start_on=today - timedelta(days=10))
    renewed.refresh_from_db()
    codes = [one.code for one in queries.standing(renewed, now, today).told]
    assert codes.count("outside_contract") == 1


def test_periods_of_two_engagements_that_overlap_are_told_on_the_page_of_counters(
    engagement: Engagement, school: School, student: Person, client: Client
) -> None:
    first = make.period(engagement, make.ago(10))
    other = make.period(make.engagement(student, school, force="marine"), make.ago(7))
    Period.objects.filter(pk=other.pk).update(starts_at=first.starts_at + timedelta(hours=3))
    client.force_login(student)
    page = client.get(reverse("service:counters", args=[engagement.pk]))
    assert "se chevauchent" in page.content.decode()


def test_the_contract_of_a_regime_has_its_own_article_where_there_is_one() -> None:
    on = date(2026, 11, 22)
    for regime in ("military", "police", "civil_security"):
        for end in ("min", "max"):
            code = contract_code(law.book(), regime, end, on)
            assert code in law.book()
            assert law.book()[code].on(on)
