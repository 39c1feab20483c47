"""The pages of the record: what one writes there, how it is undone, who looked, the cost."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reseda.documents.models import StoredFile
from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.service import actions
from reseda.service.models import Employment, Engagement, Period
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import Login
from reseda.service.tests.test_views import PDF

SEEN_QUERIES = 11


def page(name: str, *args: object) -> str:
    return reverse(f"service:{name}", args=args)


def test_a_path_is_written_from_its_page_and_each_removal_undone(
    signed_in: Login, engagement: Engagement
) -> None:
    client = signed_in(engagement.person)
    key = engagement.pk
    sent = {
        "add_promotion": {"kind": "rank", "name": "sergent", "since_on": "2025-05-01"},
        "add_step": {
            "kind": "pmg",
            "starts_on": "2021-07-01",
            "ends_on": "2021-07-15",
            "status": "planned",
        },
        "suspend": {"starts_on": "2027-01-01", "ends_on": "2027-06-30"},
        "add_qualification": {"code": "permis c"},
        "set_target": {"days": "25"},
    }
    for name, data in sent.items():
        assert client.post(page(name, key), data).status_code == 302, name
    shown = client.get(page("career", key)).content.decode()
    for word in ("Sergent", "statut civil", "L4211-7", "PERMIS C", 'value="25"', "fin de contrat"):
        assert word in shown, word
    client.post(page("mark_step", engagement.training_steps.get().pk), {"status": "done"})
    removed = client.post(page("remove_qualification", key), {"code": "PERMIS C"}, follow=True)
    message = list(removed.context["messages"])[-1]
    client.post(message.extra_tags.removeprefix("undo:"), {"undo": "1"})
    assert engagement.qualifications.get().code == "PERMIS C"
    items = {
        "grade": engagement.promotions.get(),
        "formation": engagement.training_steps.get(),
        "suspension": engagement.suspensions.get(),
    }
    for kind, item in items.items():
        client.post(page("remove_item", kind, item.pk))
        item.refresh_from_db()
        assert item.removed_at
        client.post(page("restore_item", kind, item.pk))
        item.refresh_from_db()
        assert item.removed_at is None
    assert client.post(page("remove_item", "grades", 1)).status_code == 404


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("add_promotion", {"kind": "rank", "name": "", "since_on": "2025-05-01"}),
        ("add_step", {"kind": "pmg", "starts_on": "2021-07-02", "ends_on": "2021-07-01"}),
        ("suspend", {"starts_on": "2027-01-01", "ends_on": "2031-01-01"}),
        ("add_qualification", {"code": "a, b"}),
        ("set_target", {"days": "400"}),
        ("change_employer", {"kind": "private", "since_on": "hier"}),
        ("agree_clause", {"agreed_on": "2025-01-01"}),
    ],
)
def test_a_wrong_line_is_shown_again_and_nothing_is_kept(
    name: str, wrong: dict[str, str], signed_in: Login, engagement: Engagement
) -> None:
    entries = Entry.objects.count()
    answer = signed_in(engagement.person).post(page(name, engagement.pk), wrong)
    assert answer.status_code == 422
    assert Entry.objects.count() == entries


def test_an_employer_is_changed_and_the_clause_lapses_before_ones_eyes(
    signed_in: Login, engagement: Engagement
) -> None:
    client = signed_in(engagement.person)
    key = engagement.pk
    first = {"kind": "private", "name": "Atelier Vernet", "since_on": "2024-01-01"}
    client.post(page("change_employer", key), first)
    client.post(
        page("agree_clause", key), {"agreed_on": "2025-01-01", "consented_on": "2025-01-02"}
    )
    clause = engagement.clauses.get()
    for name in ("give_up_clause", "restore_clause"):
        client.post(page(name, clause.pk))
    assert "tombera" in client.get(page("change_employer", key)).content.decode()
    again = first | {"since_on": "2026-01-01", "is_apprenticeship": "on"}
    shown = client.post(page("change_employer", key), again, follow=True).content.decode()
    assert "changement d’employeur" in shown
    client.post(page("undo_employer", Employment.objects.get(ended_on=None).pk))
    assert engagement.clauses.get().lapsed_on is None
    assert "Atelier Vernet" in client.get(page("employer", key)).content.decode()


def test_counters_stand_side_by_side_with_their_articles(
    signed_in: Login, engagement: Engagement
) -> None:
    client = signed_in(engagement.person)
    make.period(engagement, make.ago(20), 3)
    client.post(page("change_employer", engagement.pk), {"kind": "small", "since_on": "2024-01-01"})
    shown = client.get(page("counters", engagement.pk)).content.decode()
    for word in (
        "Pour la force",
        "Pour l’employeur",
        "L3142-89",
        "bureau de gestion",
        "#allowance",
    ):
        assert word in shown, word


def test_a_call_is_noted_and_a_convocation_summed_up(
    signed_in: Login, engagement: Engagement
) -> None:
    client = signed_in(engagement.person)
    sent = {
        "starts_on": "2026-05-04",
        "starts_half": "morning",
        "ends_on": "2026-05-06",
        "ends_half": "evening",
        "convocation": SimpleUploadedFile("convocation.pdf", PDF, "application/pdf"),
    }
    client.post(page("add_period", engagement.pk), sent)
    period = Period.objects.get()
    noted = {"received_on": "2026-04-01", "answer": "yes", "answered_on": "2026-04-02"}
    client.post(page("note_call_up", period.pk), noted)
    assert "présent" in client.get(page("read_period", period.pk)).content.decode()
    wrong = noted | {"answered_on": "2026-03-01"}
    assert client.post(page("note_call_up", period.pk), wrong).status_code == 422
    mask = page("mask_convocation", period.pk)
    assert client.post(mask, {"is_signed": "on"}).status_code == 422
    shown = client.post(mask, {"is_signed": "on", "is_sure": "on"}, follow=True).content.decode()
    assert "résumé seul" in shown
    file = client.get(page("convocation", period.pk))
    assert file.content.startswith(b"%PDF")
    assert file.content != PDF
    assert StoredFile.objects.count() == 1


def test_each_consultation_is_listed_with_its_role_and_taken_away(
    signed_in: Login, engagement: Engagement, referent: Person
) -> None:
    actions.disclose(engagement, audiences=["referent"], by=engagement.person)
    actions.consult(engagement, by=referent)
    client = signed_in(engagement.person)
    address = page("consultations", engagement.pk)
    shown = client.get(address).content.decode()
    for word in (str(referent), "Référent défense", "Le dossier", "ne savent pas"):
        assert word in shown, word
    assert str(referent) in client.get(f"{address}?export=csv").content.decode()
    assert str(referent) not in client.get(f"{address}?quoi=convocation").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_consultations_cost_the_same_whatever_their_number(
    rows: int,
    signed_in: Login,
    engagement: Engagement,
    school: School,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    actions.disclose(engagement, audiences=["referent"], by=engagement.person)
    for _each in range(rows):
        actions.consult(engagement, by=make.person(school, Role.REFERENT))
    client = signed_in(engagement.person)
    with django_assert_num_queries(SEEN_QUERIES):
        client.get(page("consultations", engagement.pk))


def test_the_record_read_by_a_referent_holds_ranks_and_no_employer(
    signed_in: Login, engagement: Engagement, referent: Person
) -> None:
    holder = engagement.person
    actions.disclose(engagement, audiences=["referent"], by=holder)
    actions.add_promotion(
        engagement, kind="rank", name="sergent", since_on=date(2025, 1, 1), by=holder
    )
    job = actions.Employer("private", date(2024, 1, 1), name="Atelier Vernet")
    actions.change_employer(engagement, employer=job, by=holder)
    client = signed_in(referent)
    address = page("read_reservist", engagement.pk)
    assert "Sergent" not in client.get(address).content.decode()
    assert "ergent" not in client.get(page("list_reservists")).content.decode()
    opened = client.post(page("consult_reservist", engagement.pk), follow=True).content.decode()
    assert "Sergent" in opened
    assert "Atelier" not in opened
