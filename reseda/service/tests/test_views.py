"""The pages: what one does with them, what a stranger does not see, what they cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reseda.documents.models import StoredFile
from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.service import actions
from reseda.service.models import Engagement, Period
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import Login, dates, latest_link, latest_path

HOME = "/mon-engagement/"
DECLARED = {
    "force": "gendarmerie",
    "contract_start_on": "2024-01-01",
    "contract_end_on": "2036-12-31",
    "training": "initial_done",
    "contact_email": "lou.vidal@example.org",
}
WHOLE_DAYS = {"starts_half": "morning", "ends_half": "evening"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_somebody_without_engagement_is_led_to_declare_one(
    signed_in: Login, student: Person
) -> None:
    page = signed_in(student).get(HOME).content.decode()
    assert reverse("service:declare") in page


def test_declaring_leads_to_who_may_know_then_to_the_notice_then_home(
    signed_in: Login, student: Person
) -> None:
    client = signed_in(student)
    first = client.post(reverse("service:declare"), DECLARED)
    held = Engagement.objects.get()
    assert first.url == reverse("service:disclose", args=[held.pk])
    second = client.post(first.url, {"audiences": ["referent"]})
    assert second.url == reverse("service:notice", args=[held.pk])
    version = client.get(second.url).context["version"]
    third = client.post(second.url, {"version": version})
    assert held.notice.version == version
    page = client.get(third.url).content.decode()
    assert "Gendarmerie nationale" in page
    assert "pourquoi" in page


def test_nobody_is_chosen_by_default(signed_in: Login, engagement: Engagement) -> None:
    client = signed_in(engagement.person)
    page = client.get(reverse("service:disclose", args=[engagement.pk])).content.decode()
    assert "checkbox" in page
    assert "checked" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"contract_end_on": "2023-01-01"},
        {"contract_end_on": "hier"},
        {"force": "cavalerie"},
        {"contact_email": "lou"},
        {"contract_start_on": ""},
    ],
)
def test_a_wrong_declaration_is_shown_again_and_nothing_is_kept(
    wrong: dict[str, str], signed_in: Login, student: Person
) -> None:
    client = signed_in(student)
    assert client.post(reverse("service:declare"), DECLARED | wrong).status_code == 422
    assert not Engagement.objects.exists()


def test_a_convocation_is_entered_by_half_days_with_its_file(
    signed_in: Login, engagement: Engagement
) -> None:
    client = signed_in(engagement.person)
    sent = {
        "starts_on": "2026-05-04",
        "starts_half": "noon",
        "ends_on": "2026-05-06",
        "ends_half": "evening",
        "purpose": make.PURPOSE,
        "convocation": SimpleUploadedFile("convocation.pdf", PDF, "application/pdf"),
    }
    answer = client.post(reverse("service:add_period", args=[engagement.pk]), sent)
    period = Period.objects.get()
    assert answer.url == reverse("service:read_period", args=[period.pk])
    assert "2,5" in client.get(answer.url).content.decode()
    file = client.get(reverse("service:convocation", args=[period.pk]))
    assert file.content == PDF
    assert "attachment" in file["Content-Disposition"]


def test_a_convocation_at_given_hours_keeps_them(signed_in: Login, engagement: Engagement) -> None:
    sent = {
        **WHOLE_DAYS,
        "starts_on": "2026-05-04",
        "starts_time": "08:30",
        "ends_on": "2026-05-04",
        "ends_time": "17:45",
    }
    client = signed_in(engagement.person)
    client.post(reverse("service:add_period", args=[engagement.pk]), sent)
    period = Period.objects.get()
    assert timezone.localtime(period.starts_at).strftime("%H:%M") == "08:30"
    shown = client.get(reverse("service:edit_period", args=[period.pk])).content.decode()
    assert 'value="17:45"' in shown


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ends_on": "2026-05-01"}, "La fin précède le début"),
        ({"starts_on": "2021-05-04"}, "dure plus d’un an"),
        ({"starts_on": "2021-05-04", "ends_on": "2021-05-05"}, "sort de votre contrat"),
        ({"starts_on": "2026-05-09", "ends_on": "2026-05-12"}, "déjà une période"),
        ({"starts_on": ""}, "obligatoire"),
    ],
)
def test_a_convocation_that_cannot_be_is_told_in_plain_words(
    given: dict[str, str], words: str, signed_in: Login, engagement: Engagement
) -> None:
    make.period(engagement, make.paris(2026, 5, 10))
    sent = {
        **WHOLE_DAYS,
        "starts_on": "2026-05-04",
        "ends_on": "2026-05-06",
        "convocation": SimpleUploadedFile("convocation.pdf", PDF, "application/pdf"),
    }
    url = reverse("service:add_period", args=[engagement.pk])
    answer = signed_in(engagement.person).post(url, sent | given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Period.objects.count() == 1
    assert not StoredFile.objects.exists()


def test_a_ceiling_exceeded_is_told_and_not_refused(
    signed_in: Login, engagement: Engagement
) -> None:
    sent = {**WHOLE_DAYS, "starts_on": "2026-01-01", "ends_on": "2026-04-30"}
    client = signed_in(engagement.person)
    url = reverse("service:add_period", args=[engagement.pk])
    page = client.post(url, sent, follow=True).content.decode()
    assert Period.objects.count() == 1
    assert "dépassent le plafond" in page


def test_a_period_is_cancelled_and_restored_from_its_page(signed_in: Login, coming: Period) -> None:
    client = signed_in(coming.engagement.person)
    page = client.post(reverse("service:cancel_period", args=[coming.pk]), follow=True)
    undo = reverse("service:undo_period", args=[coming.pk])
    assert undo in page.content.decode()
    client.post(undo)
    coming.refresh_from_db()
    assert coming.status == "planned"


def every_page(period: Period) -> list[str]:
    held = period.engagement_id
    return [
        *(
            reverse(f"service:{name}", args=[held])
            for name in ("edit_engagement", "disclose", "notice", "add_period", "read_reservist")
        ),
        *(
            reverse(f"service:{name}", args=[period.pk])
            for name in ("read_period", "edit_period", "convocation")
        ),
    ]


def every_deed(period: Period) -> list[str]:
    held = period.engagement_id
    return [
        *(
            reverse(f"service:{name}", args=[held])
            for name in ("end_engagement", "undo_engagement", "consult_reservist")
        ),
        *(
            reverse(f"service:{name}", args=[period.pk])
            for name in ("cancel_period", "undo_period", "ask_confirmation", "ask_attestation")
        ),
    ]


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_not_told_sees_a_page_or_does_a_deed(
    role: Role | None, signed_in: Login, coming: Period, stranger: Person
) -> None:
    somebody = make.person(coming.engagement.school, role) if role else stranger
    client = signed_in(somebody)
    entries = Entry.objects.count()
    assert {client.get(url).status_code for url in every_page(coming)} == {404}
    assert {client.post(url).status_code for url in every_deed(coming)} == {404}
    assert Entry.objects.count() == entries


def test_a_visitor_is_asked_to_sign_in(client: Client, coming: Period) -> None:
    for url in [HOME, "/reservistes/", *every_page(coming)]:
        assert client.get(url).status_code == 302


def test_a_teacher_has_no_list_of_reservists(signed_in: Login, school: School) -> None:
    assert signed_in(make.person(school, Role.TEACHER)).get("/reservistes/").status_code == 404


def test_a_record_opens_only_on_record(
    signed_in: Login, engagement: Engagement, referent: Person
) -> None:
    actions.disclose(engagement, audiences=["referent"], by=engagement.person)
    client = signed_in(referent)
    url = reverse("service:read_reservist", args=[engagement.pk])
    assert make.UNIT not in client.get(url).content.decode()
    page = client.post(reverse("service:consult_reservist", args=[engagement.pk]), follow=True)
    assert make.UNIT in page.content.decode()
    mine = signed_in(engagement.person).get(HOME).content.decode()
    assert str(referent) in mine


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_rows(
    rows: int,
    signed_in: Login,
    school: School,
    referent: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(rows):
        held = make.engagement(make.person(school, Role.STUDENT), school, "referent")
        make.period(held, make.ago(10))
        make.period(held, make.ago(-10))
    client = signed_in(referent)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get("/reservistes/")
    assert page.content.decode().count("/reservistes/") >= rows
    export = client.get("/reservistes/?export=csv").content.decode()
    assert export.count("\n") == rows + 1


LIST_QUERIES = 6


def test_the_list_is_searched_and_filtered(
    signed_in: Login, school: School, referent: Person
) -> None:
    first = make.engagement(make.person(school, Role.STUDENT), school, "referent")
    other = make.person(school, Role.STUDENT, first_name="Inès")
    make.engagement(other, school, "referent", force="marine")
    client = signed_in(referent)

    def names(query: str) -> tuple[bool, bool]:
        page = client.get(f"/reservistes/?{query}").content.decode()
        return first.person.last_name in page, other.last_name in page

    assert names("") == (True, True)
    assert names("q=inès") == (False, True)
    assert names("reserve=terre") == (True, False)
    assert names("contrat=termine") == (False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_my_page_costs_the_same_whatever_its_periods(
    rows: int,
    signed_in: Login,
    engagement: Engagement,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for rank in range(rows):
        make.period(engagement, make.ago(10 + 5 * rank))
    client = signed_in(engagement.person)
    with django_assert_num_queries(MY_QUERIES):
        client.get(HOME)


MY_QUERIES = 17


def test_the_thread_of_a_period_says_where_it_stands(signed_in: Login, past: Period) -> None:
    client = signed_in(past.engagement.person)

    def states() -> list[str]:
        page = client.get(reverse("service:read_period", args=[past.pk]))
        labels = {"Engagement", "Période", "Confirmation"}
        return [step.state for step in page.context["thread"] if str(step.label) in labels]

    assert states() == ["now", "done", "now"]
    actions.ask_confirmation(past, by=past.engagement.person)
    actions.confirm(past, link=latest_link(), name="Lou")
    actions.attest(past, link=latest_link(), statement=make.statement())
    assert states() == ["now", "done", "done"]


def test_mails_sent_by_the_pages_have_neutral_subjects(signed_in: Login, coming: Period) -> None:
    client = signed_in(coming.engagement.person)
    client.post(reverse("service:ask_confirmation", args=[coming.pk]))
    client.post(latest_path(), dates(coming, answer="yes", name="Lou"))
    subjects = " ".join(OutgoingMail.objects.values_list("subject", flat=True)).lower()
    assert subjects
    assert [word for word in (*make.WORDS, "réserv") if word.lower() in subjects] == []


@pytest.mark.parametrize(
    ("end", "words"),
    [("2024-06-30", "1 an au moins"), ("2036-12-31", "5 ans au plus"), ("2028-12-31", "")],
)
def test_a_contract_of_an_unusual_length_is_kept_and_told(
    end: str, words: str, signed_in: Login, student: Person
) -> None:
    sent = DECLARED | {"contract_end_on": end}
    page = signed_in(student).post(reverse("service:declare"), sent, follow=True).content.decode()
    assert Engagement.objects.count() == 1
    assert words in page
    assert ("vérifiez vos dates" in page) == bool(words)
