"""The pages of absences: asked, answered, counted; what a stranger does not see, the cost."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.service import actions
from reseda.service.models import Attestation, Engagement, Leave, Period
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import Login
from reseda.service.tests.factories import asked, away

OFFICE_QUERIES, QUOTA_QUERIES, OWN_QUERIES = 5, 6, 5


def page(name: str, *args: object) -> str:
    return reverse(f"service:{name}", args=args)


def test_an_absence_is_asked_from_its_period_read_and_taken_back(
    signed_in: Login,
    staff: Person,
    school: School,
) -> None:
    period = away(staff, school)
    client = signed_in(staff)
    assert (
        page("ask_leave", period.pk) in client.get(page("read_period", period.pk)).content.decode()
    )
    told = client.get(page("ask_leave", period.pk)).content.decode()
    for word in ("dire aux ressources humaines", "pourquoi", "Préavis", "Quota"):
        assert word in told, word
    client.post(page("ask_leave", period.pk), {"tells_unit": "on"})
    leave = Leave.objects.get()
    assert leave.tells_unit
    assert "de droit" in client.get(page("read_leave", leave.pk)).content.decode()
    assert client.post(page("ask_leave", period.pk)).status_code == 422
    client.post(page("withdraw_leave", leave.pk))
    client.post(page("restore_leave", leave.pk))
    leave.refresh_from_db()
    assert leave.status == "informed"


def test_human_resources_answer_from_their_page_and_never_read_the_force(
    signed_in: Login,
    staff: Person,
    office: Person,
    school: School,
) -> None:
    asked(away(staff, school, 10, 28))
    beyond = asked(away(staff, school, 18, 5))
    client = signed_in(office)
    shown = client.get(page("decide_leave", beyond.pk)).content.decode()
    listed = client.get(page("list_leaves")).content.decode()
    for word in (make.UNIT, make.PLACE, make.PURPOSE, "armée de Terre"):
        assert word not in shown + listed
    assert client.post(page("decide_leave", beyond.pk), {"decision": "refused"}).status_code == 422
    client.post(page("decide_leave", beyond.pk), {"decision": "refused", "reason": "Jury."})
    beyond.refresh_from_db()
    assert (beyond.status, beyond.reason) == ("refused", "Jury.")
    client.post(page("decide_leave", beyond.pk), {"decision": "granted"})
    beyond.refresh_from_db()
    assert beyond.status == "granted"
    of_right = Leave.objects.get(status="informed")
    client.post(page("acknowledge_leave", of_right.pk))
    client.post(page("reopen_leave", of_right.pk))
    of_right.refresh_from_db()
    assert of_right.status == "informed"


def test_the_presence_attested_is_shown_without_what_was_done(
    signed_in: Login,
    staff: Person,
    office: Person,
    school: School,
) -> None:
    period = away(staff, school)
    leave = asked(period)
    shift = timedelta(weeks=60)
    start, end = period.starts_at - shift, period.ends_at - shift
    Period.objects.filter(pk=period.pk).update(
        starts_at=start, ends_at=end, status="confirmed", confirmed_at=timezone.now()
    )
    Leave.objects.filter(pk=leave.pk).update(starts_at=start, ends_at=end)
    client = signed_in(office)
    assert "à attester" in client.get(page("decide_leave", leave.pk)).content.decode()
    period.refresh_from_db()
    period.status = "done"
    period.save()
    Attestation.objects.create(period=period, days=5, activities="secret", signed_name="Lou")
    shown = client.get(page("decide_leave", leave.pk)).content.decode()
    assert "5 jours" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "secret" not in shown
    assert ";5,0\r" in client.get(page("list_leaves") + "?export=csv").content.decode()


def test_the_rule_of_the_school_is_set_and_read_by_its_staff(
    signed_in: Login,
    staff: Person,
    office: Person,
    school: School,
) -> None:
    client = signed_in(office)
    assert "pas encore dit" in client.get(page("employer_rule")).content.decode()
    sent = {
        "kind": "private",
        "days": "15",
        "notice_days": "10",
        "agreement": "Accord du 3 mars 2026",
        "since_on": "2026-01-01",
    }
    assert client.post(page("employer_rule"), sent | {"days": "0"}).status_code == 422
    client.post(page("employer_rule"), sent)
    period = away(staff, school)
    assert "Accord du 3 mars" in signed_in(staff).get(page("ask_leave", period.pk)).content.decode()


def lists(client: Client, name: str) -> bytes:
    return client.get(page(name)).content


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_of_human_resources_cost_the_same_whatever_their_rows(
    rows: int,
    signed_in: Login,
    office: Person,
    school: School,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(rows):
        asked(away(make.person(school, Role.STAFF), school))
    client = signed_in(office)
    year = timezone.localtime(Leave.objects.first().starts_at).year
    with django_assert_num_queries(OFFICE_QUERIES):
        lists(client, "list_leaves")
    with django_assert_num_queries(QUOTA_QUERIES):
        shown = client.get(f"{page('list_quotas')}?annee={year}").content.decode()
    assert shown.count("<tr>") == rows + 1
    assert client.get(page("list_leaves") + "?export=csv").content.count(b"\n") == rows + 1
    export = client.get(f"{page('list_quotas')}?annee={year}&export=csv").content
    assert export.count(b"\n") == rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_ones_own_list_costs_the_same_whatever_its_rows(
    rows: int,
    signed_in: Login,
    staff: Person,
    school: School,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for rank in range(rows):
        asked(away(staff, school, 10 + 4 * rank, 2))
    client = signed_in(staff)
    with django_assert_num_queries(OWN_QUERIES):
        shown = client.get(page("my_leaves")).content.decode()
    assert shown.count("/mon-engagement/autorisations/") > rows


def test_lists_are_searched_and_filtered(
    signed_in: Login,
    office: Person,
    school: School,
) -> None:
    one, other = (make.person(school, Role.STAFF, first_name=name) for name in ("Inès", "Hugo"))
    asked(away(one, school))
    asked(away(other, school, 2, 2))
    client = signed_in(office)

    def shown(query: str) -> tuple[bool, bool]:
        found = client.get(f"{page('list_leaves')}?{query}").content.decode()
        return one.last_name in found, other.last_name in found

    assert shown("") == (True, True)
    assert shown("q=inès") == (True, False)
    assert shown("etat=a-decider") == (False, True)
    assert shown("etat=refusees") == (False, False)


def every_page(engagement: Engagement, period: Period, leave: Leave) -> list[str]:
    mine = ("career", "employer", "counters", "consultations", "add_promotion", "add_step")
    return [
        *(page(name, engagement.pk) for name in (*mine, "suspend", "change_employer")),
        page("agree_clause", engagement.pk),
        page("mask_convocation", period.pk),
        page("ask_leave", period.pk),
        page("read_leave", leave.pk),
        page("decide_leave", leave.pk),
    ]


def every_deed(engagement: Engagement, period: Period, leave: Leave) -> list[str]:
    day = date(2026, 1, 1)
    rank = actions.add_promotion(
        engagement, kind="rank", name="a", since_on=day, by=engagement.person
    )
    step = actions.add_step(engagement, step=actions.Step("pmr", day, day), by=engagement.person)
    job = actions.change_employer(
        engagement, employer=actions.Employer("private", day), by=engagement.person
    )
    clause = actions.agree_clause(engagement, agreed_on=day, consented_on=day, by=engagement.person)
    return [
        *(page(name, engagement.pk) for name in ("add_qualification", "remove_qualification")),
        page("set_target", engagement.pk),
        page("mark_step", step.pk),
        page("remove_item", "grade", rank.pk),
        page("restore_item", "grade", rank.pk),
        page("undo_employer", job.pk),
        page("give_up_clause", clause.pk),
        page("restore_clause", clause.pk),
        page("note_call_up", period.pk),
        *(page(name, leave.pk) for name in ("withdraw_leave", "restore_leave")),
        *(page(name, leave.pk) for name in ("acknowledge_leave", "reopen_leave", "decide_leave")),
    ]


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_else_sees_a_page_or_does_a_deed(
    role: Role | None,
    signed_in: Login,
    staff: Person,
    school: School,
    stranger: Person,
) -> None:
    period = away(staff, school)
    leave = asked(period)
    pages = every_page(period.engagement, period, leave)
    deeds = every_deed(period.engagement, period, leave)
    somebody = make.person(school, role) if role else stranger
    client = signed_in(somebody)
    entries = Entry.objects.count()
    told = {url for url in pages if client.get(url).status_code != 404}
    done = {url for url in deeds if client.post(url).status_code != 404}
    if role == Role.HUMAN_RESOURCES:
        names = ("acknowledge_leave", "reopen_leave", "decide_leave")
        assert told == {page("decide_leave", leave.pk)}
        assert done == {page(name, leave.pk) for name in names}
    else:
        assert told | done == set()
        assert Entry.objects.count() == entries


@pytest.mark.parametrize("name", ["list_leaves", "list_quotas", "employer_rule", "my_leaves"])
def test_lists_exist_only_for_their_roles(
    name: str,
    signed_in: Login,
    school: School,
    staff: Person,
    office: Person,
) -> None:
    asked(away(staff, school))
    teacher = signed_in(make.person(school, Role.TEACHER))
    assert teacher.get(page(name)).status_code == 404
    elsewhere = make.person(make.school(), Role.HUMAN_RESOURCES, Role.STAFF)
    assert staff.last_name not in signed_in(elsewhere).get(page(name)).content.decode()
    owner = staff if name == "my_leaves" else office
    assert signed_in(owner).get(page(name)).status_code == 200
