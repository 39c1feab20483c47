"""What each does on the pages of recognition: student, assessor, jury, registry, direction."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reseda.journal.models import Entry
from reseda.recognition import actions, queries
from reseda.recognition.models import Decision, Evidence, RecognitionFile, Regulation
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import World, consulted, page

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


# --- The student


def evidence_fields(world: World, **changes: object) -> dict[str, object]:
    return {
        "title": "Prendre le relais",
        "situation": "Le chef d’équipe est parti.",
        "action": "J’ai pris la tête du groupe.",
        "learning": "Rendre compte tôt.",
        "items": [world.competencies[0].pk],
        "is_discreet": "on",
        **changes,
    }


def test_a_student_tells_an_activity_from_the_page(world: World, sign_in) -> None:
    spot = make.period(world.student, world)
    client = sign_in(world.student)
    shown = client.get(page("add_evidence"), {"periode": spot.pk}).content.decode()
    assert "ni lieu, ni nom, ni unité" in shown
    sent = evidence_fields(
        world, period=spot.pk, upload=SimpleUploadedFile("récit.pdf", PDF, "application/pdf")
    )
    assert client.post(page("add_evidence"), sent).status_code == 302
    told = Evidence.objects.get()
    assert (told.period, told.file.name) == (spot, "récit.pdf")
    listed = client.get(page("my_evidence")).content.decode()
    assert "Prendre le relais" in listed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": []}, "au moins une compétence"),
        ({"is_discreet": ""}, "obligatoire"),
        ({"period": "999999"}, "choix valide"),
        ({"upload": SimpleUploadedFile("a.exe", b"MZ\x00\x01")}, "sorte acceptée"),
    ],
)
def test_an_evidence_ill_told_comes_back_with_what_is_wrong(
    world: World, sign_in, changes: dict[str, object], said: str
) -> None:
    spot = make.period(world.student, world)
    sent = evidence_fields(world, period=spot.pk) | changes
    response = sign_in(world.student).post(page("add_evidence"), sent)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Evidence.objects.exists()


def test_an_evidence_is_changed_deleted_and_taken_back_from_the_pages(
    world: World, sign_in
) -> None:
    told = make.evidence(world)
    client = sign_in(world.student)
    assert 'value="Relais"' in client.get(page("edit_evidence", told.pk)).content.decode()
    sent = evidence_fields(world, title="Autrement")
    assert client.post(page("edit_evidence", told.pk), sent).status_code == 302
    deleted = client.post(page("delete_evidence", told.pk))
    assert "Annuler la suppression" in client.get(deleted.url).content.decode()
    assert client.get(page("edit_evidence", told.pk)).status_code == 404
    client.post(page("restore_evidence", told.pk))
    assert "Autrement" in client.get(page("my_evidence")).content.decode()


def test_a_student_composes_submits_follows_and_withdraws_a_file(world: World, sign_in) -> None:
    told = make.evidence(world)
    client = sign_in(world.student)
    client.post(page("open_file"))
    file = RecognitionFile.objects.get()
    assert "Aucune activité" in client.get(page("edit_file", file.pk)).content.decode()
    client.post(page("submit_file", file.pk))
    file.refresh_from_db()
    assert file.status == "draft"
    competency = world.competencies[0]
    sent = {
        "periods": [told.period_id],
        f"position_{competency.pk}": world.levels(competency)[0].pk,
        "wished_form": "ects",
    }
    assert client.post(page("edit_file", file.pk), sent).status_code == 302
    assert "Déposer mon dossier" in client.get(page("edit_file", file.pk)).content.decode()
    client.post(page("submit_file", file.pk))
    assert client.get(page("edit_file", file.pk)).status_code == 302
    followed = client.get(page("read_file", file.pk)).content.decode()
    assert "Personne d’autre que vous" in followed
    client.post(page("withdraw_file", file.pk))
    file.refresh_from_db()
    assert file.status == "withdrawn"


def test_a_file_ill_composed_comes_back_with_what_is_wrong(world: World, sign_in) -> None:
    file = make.draft(world)
    response = sign_in(world.student).post(page("edit_file", file.pk), {"periods": ["999999"]})
    assert response.status_code == 422
    assert file.activities.count() == 1


def test_the_student_reads_the_decision_the_appeal_and_who_opened_the_file(
    world: World, sign_in
) -> None:
    file = make.to_judge(world)
    actions.consult(file, by=world.jury_member)
    actions.decide(file, verdict=make.verdict(world), by=world.jury_member)
    client = sign_in(world.student)
    shown = client.get(page("read_file", file.pk)).content.decode()
    for words in ("Recours gracieux", "conduite d’équipe assumée", "1 ECTS", "niveau 2 sur 3"):
        assert words in shown
    assert str(world.jury_member) in shown
    paper = client.get(page("download_decision", file.pk))
    assert paper.content.startswith(b"%PDF-")
    assert paper["Content-Disposition"] == f'attachment; filename="decision-{file.reference}.pdf"'


# --- The assessor


def test_an_assessor_opens_a_file_through_the_journal(world: World, sign_in) -> None:
    file = make.submitted(world)
    client = sign_in(world.assessor)
    closed = client.get(page("assess_file", file.pk)).content.decode()
    assert "Consulter le dossier" in closed
    assert "tête du groupe" not in closed
    assert "tête du groupe" in consulted(client, "assess", file)
    entry = Entry.objects.get(verb="recognition.consult_file")
    assert entry.actor == world.assessor.journal_name
    assert queries.consultations(file)[0].person == world.assessor


def test_an_assessor_gives_levels_and_hands_them_in_from_the_page(world: World, sign_in) -> None:
    file = make.submitted(world)
    client = sign_in(world.assessor)
    competency = world.competencies[0]
    level = world.levels(competency)[0]
    sent = {f"level_{competency.pk}": level.pk, f"comment_{competency.pk}": "Net."}
    assert "Consulter" in client.post(page("assess_file", file.pk), sent).content.decode()
    assert not file.assessments.exists()
    consulted(client, "assess", file)
    wrong = client.post(page("assess_file", file.pk), {f"level_{competency.pk}": level.pk})
    assert wrong.status_code == 422
    assert "ce qui fonde ce niveau" in wrong.content.decode()
    client.post(page("assess_file", file.pk), {**sent, "conclude": "1"})
    file.refresh_from_db()
    assert (file.status, file.assessments.get().level) == ("assessed", level)


def test_an_assessor_asks_for_a_complement_from_the_page(world: World, sign_in) -> None:
    file = make.submitted(world)
    client = sign_in(world.assessor)
    client.post(page("ask_complement", file.pk), {"message": ""})
    file.refresh_from_db()
    assert file.status == "submitted"
    client.post(page("ask_complement", file.pk), {"message": "Précisez."})
    assert "Précisez." in sign_in(world.student).get(page("edit_file", file.pk)).content.decode()


def test_an_attachment_opened_by_an_assessor_is_journaled_and_not_by_its_owner(
    world: World, sign_in
) -> None:
    spot = make.period(world.student, world)
    sent = evidence_fields(
        world, period=spot.pk, upload=SimpleUploadedFile("récit.pdf", PDF, "application/pdf")
    )
    sign_in(world.student).post(page("add_evidence"), sent)
    told = Evidence.objects.get()
    make.submitted(world, spot)
    for who, count in ((world.student, 0), (world.assessor, 1)):
        response = sign_in(who).post(page("open_attachment", told.pk))
        assert response.content == PDF
        assert Entry.objects.filter(verb="documents.consult").count() == count
    assert sign_in(world.assessor).get(page("open_attachment", told.pk)).status_code == 405


# --- The jury


def test_the_director_creates_a_session_and_puts_files_on_it(world: World, sign_in) -> None:
    file = make.assessed(world)
    client = sign_in(world.studies_director)
    sent = {"name": "Jury de juin", "held_on": "2027-06-18", "members": [world.jury_member.pk]}
    created = client.post(page("open_session"), sent)
    assert created.status_code == 302
    session = world.school.jury_sessions.get()
    assert file.reference in client.get(page("read_session", session.pk)).content.decode()
    client.post(page("plan_file", session.pk), {"file": file.pk})
    file.refresh_from_db()
    assert file.session == session
    changed = {**sent, "name": "Jury de juillet"}
    assert client.post(page("change_session", session.pk), changed).status_code == 302
    client.post(page("unplan_file", file.pk))
    file.refresh_from_db()
    assert file.session is None
    assert client.post(page("open_session"), {"name": ""}).status_code == 422
    assert client.post(page("plan_file", session.pk), {"file": "zut"}).status_code == 404


def verdict_fields(world: World, **changes: object) -> dict[str, object]:
    competency = world.competencies[0]
    return {
        "outcome": "validated",
        "form": "ects",
        "ects": "1",
        "motivation": "Lu et jugé.",
        f"level_{competency.pk}": world.levels(competency)[1].pk,
        **changes,
    }


def test_a_jury_member_decides_from_the_page_and_the_minutes_say_it(world: World, sign_in) -> None:
    file = make.to_judge(world)
    client = sign_in(world.jury_member)
    shown = consulted(client, "judge", file)
    assert "proposé : 1 ECTS" in shown
    assert client.post(page("judge_file", file.pk), verdict_fields(world)).status_code == 302
    decision = Decision.objects.get()
    assert (decision.outcome, decision.ects) == ("validated", Decimal(1))
    minutes = client.get(page("read_minutes", file.session_id)).content.decode()
    for words in (file.reference, "Lu et jugé.", "palier 2", str(world.jury_member)):
        assert words in minutes


@pytest.mark.parametrize(
    "changes", [{"ects": "9"}, {"motivation": ""}, {"outcome": ""}, {"form": "bonus"}]
)
def test_a_decision_ill_taken_comes_back_and_nothing_is_decided(
    world: World, sign_in, changes: dict[str, object]
) -> None:
    file = make.to_judge(world)
    client = sign_in(world.jury_member)
    consulted(client, "judge", file)
    response = client.post(page("judge_file", file.pk), verdict_fields(world, **changes))
    assert response.status_code == 422
    assert "Aucune décision" in response.content.decode()
    assert not Decision.objects.exists()


def test_a_decision_sent_twice_is_refused_in_words(world: World, sign_in) -> None:
    file = make.to_judge(world)
    client = sign_in(world.jury_member)
    consulted(client, "judge", file)
    client.post(page("judge_file", file.pk), verdict_fields(world))
    assert client.post(page("judge_file", file.pk), verdict_fields(world)).status_code == 422
    assert Decision.objects.count() == 1


def test_a_jury_gives_a_file_back_from_the_page(world: World, sign_in) -> None:
    file = make.to_judge(world)
    client = sign_in(world.jury_member)
    client.post(page("jury_complement", file.pk), {"message": "Votre rôle ?"})
    file.refresh_from_db()
    assert file.status == "complement"
    minutes = client.get(page("read_minutes", file.session_id)).content.decode()
    assert "Votre rôle ?" in minutes


# --- The registry and the regulation


def test_the_registry_takes_the_decisions_away(world: World, sign_in) -> None:
    make.decided(world)
    client = sign_in(world.registry)
    taken = client.get(page("list_decisions"), {"export": "csv"}).content.decode("utf-8-sig")
    for words in (f"N{world.student.pk}", "Conduire une équipe", "L611-9", "ING"):
        assert words in taken


def regulation_fields(world: World, **changes: object) -> dict[str, object]:
    return {
        "year": world.year.pk,
        "title": "Règlement 2026",
        "text": "Article 1.",
        "appeal": "Recours.",
        "forms": ["ects", "bonus"],
        "max_ects": "2",
        "min_days": "5",
        **changes,
    }


def test_the_director_drafts_changes_and_publishes_the_regulation(sign_in) -> None:
    world = make.world(is_published=False)
    client = sign_in(world.studies_director)
    assert "doit être publié" in client.get(page("list_regulations")).content.decode()
    assert client.post(page("draft_regulation"), {"title": "x"}).status_code == 422
    client.post(page("draft_regulation"), regulation_fields(world))
    made = Regulation.objects.get()
    client.post(page("revise_regulation", made.pk), regulation_fields(world, title="Mieux"))
    assert sign_in(world.student).get(page("read_regulation", made.pk)).status_code == 404
    client = sign_in(world.studies_director)
    client.post(page("publish_regulation", made.pk), {"published_on": make.today()})
    made.refresh_from_db()
    assert (made.title, made.published_on) == ("Mieux", make.today())
    assert client.get(page("revise_regulation", made.pk)).status_code == 404
    assert "Mieux" in sign_in(world.student).get(page("read_regulation", made.pk)).content.decode()
