"""The pages of the holder and of the school, and what a stranger never sees there."""

import pytest
from django.test import Client
from django.utils import timezone

from reseda.competencies.models import FrameworkVersion
from reseda.credentials import actions, queries
from reseda.credentials.domain.verification import verify
from reseda.credentials.models import Credential
from reseda.credentials.tests import factories as make
from reseda.journal.models import Entry
from reseda.recognition.tests import factories as recognition

HOLDER_PAGES = ("/mes-titres/{pk}/", "/mes-titres/{pk}/titre.json", "/mes-titres/{pk}/titre.pdf")
GESTURES = ("partager", "ne-plus-partager", "revoquer")


def text(response):
    return response.content.decode()


def judged(data):
    return verify(
        data, resolve=queries.resolve_locally, now=timezone.now(), trusted=queries.trusted()
    )


# --- The holder


def test_the_holder_shares_and_stops(signed_in, world):
    held = make.credential(world)
    client = signed_in(world.student)
    assert "Personne d’autre que vous" in text(client.get(f"/mes-titres/{held.pk}/"))
    client.post(f"/mes-titres/{held.pk}/partager/", {"shows_name": "non"})
    held.refresh_from_db()
    assert held.shared_at is not None
    assert not held.shows_name
    page = text(client.get(f"/mes-titres/{held.pk}/"))
    assert f"http://testserver/titres/{held.pk}/" in page
    assert held.code in page
    client.post(f"/mes-titres/{held.pk}/ne-plus-partager/")
    assert Client().get(f"/titres/{held.pk}/").status_code == 404


def test_sharing_without_saying_whether_to_show_the_name_is_refused(signed_in, world):
    held = make.credential(world)
    answer = signed_in(world.student).post(f"/mes-titres/{held.pk}/partager/", {})
    held.refresh_from_db()
    assert (answer.status_code, held.shared_at) == (422, None)


@pytest.mark.parametrize("kind", queries.KINDS)
def test_the_holder_takes_every_file_without_sharing(signed_in, world, kind):
    held = make.credential(world)
    answer = signed_in(world.student).get(f"/mes-titres/{held.pk}/titre.{kind}")
    assert judged(answer.content).is_valid


def test_the_code_to_scan_is_for_the_holder(signed_in, world):
    held = make.credential(world)
    answer = signed_in(world.student).get(f"/mes-titres/{held.pk}/code-qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert signed_in(world.registry).get(f"/mes-titres/{held.pk}/code-qr.svg").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_my_credentials_cost_the_same_at_one_and_three(
    signed_in, world, django_assert_num_queries, count
):
    for rank in range(count):
        period = recognition.period(world.student, world, ago=20 + 10 * rank)
        decision = recognition.decided(world, period)
        words = {"title": f"Titre {rank}", "description": "Décider."}
        actions.issue(decision, **words, by=world.studies_director)
    client = signed_in(world.student)
    with django_assert_num_queries(4):
        page = text(client.get("/mes-titres/"))
    assert page.count('class="badge"') == count


# --- The school


def issue_words(**changes):
    return {"title": make.TITLE, "description": make.DESCRIPTION, **changes}


def test_the_direction_issues_from_the_decision(signed_in, world):
    decision = recognition.decided(world)
    client = signed_in(world.studies_director)
    path = f"/titres-delivres/{decision.pk}/delivrer/"
    proposed = text(client.get(path)).partition('name="title"')[2].partition("</textarea>")[0]
    assert "Conduire une équipe" in proposed
    answer = client.post(path, issue_words())
    held = Credential.objects.get()
    assert answer["Location"] == f"/mes-titres/{held.pk}/"
    assert client.get(path)["Location"] == f"/mes-titres/{held.pk}/"
    assert Entry.objects.filter(verb="credentials.issue").count() == 1


def test_a_title_proposed_stays_short_whatever_was_recognised(world):
    decision = recognition.decided(world)
    draft = FrameworkVersion.objects.create(framework=world.version.framework, number=2)
    for rank in range(3):
        item = recognition.item(draft, None, "competency", f"L{rank}", "x" * 60, 9)
        level = recognition.item(draft, item, "level", f"L{rank}N1", "Débutant", 1)
        decision.levels.create(item=item, level=level)
    title, description = queries.proposal(decision)
    assert title == "Conduire une équipe, et 3 autres compétences"
    assert description.count("x" * 60) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "Chef de groupe au 14e régiment"},
        {"description": "Acquis comme réserviste."},
        {"title": "Conduire 🚀"},
        {"title": "x" * 201},
    ],
)
def test_words_that_cannot_be_issued_are_refused_and_kept(signed_in, world, wrong):
    decision = recognition.decided(world)
    client = signed_in(world.studies_director)
    answer = client.post(f"/titres-delivres/{decision.pk}/delivrer/", issue_words(**wrong))
    assert answer.status_code == 422
    assert not Credential.objects.exists()
    assert next(iter(wrong.values())) in text(answer)


def test_the_name_of_the_holder_is_not_to_be_signed(signed_in, world):
    decision = recognition.decided(world)
    answer = signed_in(world.studies_director).post(
        f"/titres-delivres/{decision.pk}/delivrer/",
        issue_words(description=f"Le mérite de {world.student.last_name}."),
    )
    assert answer.status_code == 422


def test_the_direction_revokes_with_a_reason(signed_in, world):
    held = make.shared(world)
    client = signed_in(world.studies_director)
    path = f"/mes-titres/{held.pk}/revoquer/"
    assert client.post(path, {"reason": " "}).status_code == 422
    client.post(path, {"reason": "Erreur matérielle."})
    held.refresh_from_db()
    assert held.revoked_at is not None
    assert "Erreur matérielle." in text(client.get(f"/mes-titres/{held.pk}/"))
    assert "déjà révoqué" in text(client.post(path, {"reason": "Encore."}, follow=True))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_one_and_three(
    signed_in, world, django_assert_num_queries, count
):
    people = [world.student, world.other_student, recognition.student(world)][:count]
    for who in people:
        make.credential(world, who=who)
    client = signed_in(world.studies_director)
    with django_assert_num_queries(6):
        page = text(client.get("/titres-delivres/"))
    assert page.count(make.TITLE) == count


def test_the_list_is_searched_filtered_and_taken_away(signed_in, world):
    make.credential(world)
    make.revoked(world, who=world.other_student)
    waiting = recognition.decided(world, recognition.period(recognition.student(world), world))
    client = signed_in(world.studies_director)
    page = text(client.get("/titres-delivres/?etat=a-delivrer"))
    assert waiting.file.reference in page
    assert world.student.last_name not in page
    assert world.other_student.last_name in text(client.get("/titres-delivres/?etat=revoques"))
    assert world.student.last_name in text(
        client.get(f"/titres-delivres/?q={world.student.last_name}")
    )
    rows = text(client.get("/titres-delivres/?export=csv")).strip().splitlines()
    assert len(rows) == 4
    assert recognition.UNIT not in "".join(rows)


def test_the_registry_follows_without_issuing(signed_in, world):
    decision = recognition.decided(world)
    client = signed_in(world.registry)
    page = text(client.get("/titres-delivres/"))
    assert decision.file.reference in page
    assert "/delivrer/" not in page
    assert client.get(f"/titres-delivres/{decision.pk}/delivrer/").status_code == 404
    assert (
        client.post(f"/titres-delivres/{decision.pk}/delivrer/", issue_words()).status_code == 404
    )


# --- Those who must see nothing


def test_a_stranger_finds_nothing(signed_in, world, stranger):
    held = make.credential(world)
    decision = recognition.decided(world, recognition.period(world.other_student, world))
    client = signed_in(stranger)
    codes = [client.get(path.format(pk=held.pk)).status_code for path in HOLDER_PAGES]
    codes += [client.post(f"/mes-titres/{held.pk}/{one}/").status_code for one in GESTURES]
    codes += [client.get(f"/titres-delivres/{decision.pk}/delivrer/").status_code]
    assert set(codes) == {404}
    for path in ("/titres-delivres/", "/mes-titres/"):
        page = text(client.get(path))
        assert decision.file.reference not in page
        assert make.TITLE not in page


@pytest.mark.parametrize("role", ["referent", "teacher", "jury_member", "assessor"])
def test_other_roles_of_the_school_find_nothing(signed_in, world, role):
    held = make.credential(world)
    client = signed_in(world.people[role])
    assert client.get("/titres-delivres/").status_code == 404
    assert {client.get(path.format(pk=held.pk)).status_code for path in HOLDER_PAGES} == {404}


def test_who_is_not_signed_in_is_asked_to(client, world):
    held = make.shared(world)
    for path in (*HOLDER_PAGES, "/mes-titres/", "/titres-delivres/"):
        assert client.get(path.format(pk=held.pk))["Location"].startswith("/connexion/")
