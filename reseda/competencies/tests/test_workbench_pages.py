"""The pages of crosswalks: who opens what, what each shows, and that they stay light."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.models import CrosswalkVersion
from reseda.competencies.tests.crosswalks import World, agree, frozen, next_version, suggest, world
from reseda.people.models import Person, Role
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

ROOM = "/competences/correspondances/"
REVIEWERS = {
    Role.COMPETENCY_ENGINEER,
    Role.STUDIES_DIRECTOR,
    Role.ASSESSOR,
    Role.JURY_MEMBER,
    Role.REFERENT,
}
LIST_QUERIES = 7
MATRIX_QUERIES = 20


def base(made: World) -> str:
    return f"{ROOM}{made.version.pk}/"


def pages(made: World) -> list[str]:
    """Every page of a version that only reads."""
    here, (origin, destination) = base(made), made.pair()
    names = ("", "matrice/", f"lignes/{origin}/", f"couples/{origin}/{destination}/", "couverture/")
    return [f"{here}{name}" for name in names]


def as_(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def published(made: World, relation: str = "total", **told: Any) -> CrosswalkVersion:
    agree(made, made.pairs, relation, **told)
    return crosswalks.publish(made.version, by=made.engineer)


@pytest.mark.parametrize("role", list(Role))
def test_a_draft_is_for_its_reviewers_alone(client: Client, made: World, role: Role) -> None:
    as_(client, make_person(f"{role}@b.fr", role, school=made.school))
    expected = 200 if role in REVIEWERS else 404
    assert {client.get(url).status_code for url in pages(made)} == {expected}
    in_list = client.get(ROOM)
    assert in_list.status_code == (404 if role == Role.UNIT_CORRESPONDENT else 200)
    assert ("Réserve et formation" in in_list.content.decode()) == (expected == 200)


@pytest.mark.parametrize("role", list(Role))
def test_a_published_crosswalk_is_for_the_whole_school(
    client: Client, made: World, role: Role
) -> None:
    published(made)
    as_(client, make_person(f"{role}@b.fr", role, school=made.school))
    expected = 404 if role == Role.UNIT_CORRESPONDENT else 200
    assert {client.get(url).status_code for url in pages(made)} == {expected}


def test_the_stranger_finds_nothing(client: Client, made: World) -> None:
    published(made)
    other = make_person("x@b.fr", Role.COMPETENCY_ENGINEER, school=make_school("ecole-b"))
    as_(client, other)
    here, (origin, destination) = base(made), made.pair()
    read = ("lignes/", "avis-opposes/", "couverture.csv", "correspondance.xlsx", "regler/")
    for url in [*pages(made), *(f"{here}{name}" for name in read)]:
        assert client.get(url).status_code == 404, url
    pair = f"couples/{origin}/{destination}/"
    for name in (
        *("publier/", "retirer/", "supprimer/", "nouvelle-version/", "suggestions/"),
        *("avis/", "avis/annuler/", f"{pair}trancher/", f"{pair}rouvrir/"),
    ):
        assert client.post(f"{here}{name}").status_code == 404, name
    assert "Réserve et formation" not in text(client, ROOM)


def test_a_pair_of_another_crosswalk_is_not_found(client: Client, made: World) -> None:
    as_(client, made.engineer)
    origin, destination = made.pair()
    for url in (
        f"{base(made)}couples/{destination}/{origin}/",
        f"{base(made)}lignes/{destination}/",
        f"{base(made)}couples/{origin}/999999/",
    ):
        assert client.get(url).status_code == 404


def test_an_assessor_reviews_but_does_not_run_the_crosswalk(client: Client, made: World) -> None:
    as_(client, made.assessor)
    page = text(client, base(made))
    assert "Continuer la relecture" in page
    assert "Publier cette version" not in page
    for name in ("regler/", "nouvelle-version/"):
        assert client.get(f"{base(made)}{name}").status_code == 404
    for name in ("publier/", "retirer/", "supprimer/"):
        assert client.post(f"{base(made)}{name}").status_code == 404


# --- The list


def test_the_list_is_as_light_with_three_rows_as_with_one(
    client: Client, made: World, django_assert_num_queries: Any
) -> None:
    as_(client, made.engineer)
    client.get(ROOM)
    with django_assert_num_queries(LIST_QUERIES):
        assert text(client, ROOM).count('<td data-label="Version">') == 1
    for title in ("Deuxième", "Troisième"):
        told = {"source": made.version.source, "target": made.version.target}
        crosswalks.create(made.school, title=title, by=made.engineer, **told)
    with django_assert_num_queries(LIST_QUERIES):
        assert text(client, ROOM).count('<td data-label="Version">') == 3


def test_the_list_is_searched_filtered_and_taken_away(client: Client, made: World) -> None:
    as_(client, made.engineer)
    assert "Réserve et formation" in text(client, f"{ROOM}?q=formation&etat=relecture")
    assert "Aucune correspondance ici" in text(client, f"{ROOM}?etat=publiees")
    assert "Réserve et formation" in client.get(f"{ROOM}?export=csv").content.decode()


def test_without_two_published_frameworks_the_list_says_what_to_do(client: Client) -> None:
    school = make_school()
    as_(client, make_person("i@a.fr", Role.COMPETENCY_ENGINEER, school=school))
    assert "Il faut d’abord deux référentiels publiés" in text(client, ROOM)
    frozen(school, "reserve", ["Commander"])
    assert "Il faut d’abord deux référentiels publiés" in text(client, ROOM)
    frozen(school, "school", ["Encadrer"])
    assert "Deux référentiels sont publiés" in text(client, ROOM)


# --- The matrix


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("count", [1, 3])
def test_the_matrix_asks_as_much_of_one_judged_pair_as_of_three(
    client: Client, made: World, count: int
) -> None:
    reviews.give(made.version, made.pairs[:count], relation="none", by=made.engineer)
    as_(client, made.engineer)
    assert queries(client, f"{base(made)}matrice/") == MATRIX_QUERIES


def test_the_matrix_holds_every_pair_with_its_relation_in_words(
    client: Client, made: World
) -> None:
    reviews.give(made.version, made.pairs[:1], relation="partial", coverage=50, by=made.engineer)
    page = text(as_(client, made.engineer), f"{base(made)}matrice/")
    assert page.count("data-cell") == 6
    assert "convergente, partielle, la moitié" in page
    assert "second avis attendu" in page


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("", 3),
        ("q=savoir-faire+2", 1),
        ("q=R3", 1),
        ("q=zzz", 0),
        ("etat=proposed", 1),
        ("etat=a-moi", 3),
        ("etat=a-examiner", 3),
        ("etat=conflict", 0),
        ("relation=none", 1),
        ("relation=total", 0),
        ("piste=toutes", 1),
        ("piste=strong", 0),
        ("etat=nimporte&relation=%00&piste=x&page=99999999&colonnes=-3&nature=rien", 3),
    ],
)
def test_the_matrix_is_narrowed(client: Client, made: World, asked: str, rows: int) -> None:
    reviews.give(made.version, made.pairs[:1], relation="none", by=made.engineer)
    suggest(made, 1, score=0.4)
    page = text(as_(client, made.engineer), f"{base(made)}matrice/?{asked}")
    assert page.count('<th scope="row">') == rows


def test_a_large_matrix_is_read_by_windows(client: Client) -> None:
    made = world(origins=30, destinations=14)
    page = text(as_(client, made.engineer), f"{base(made)}matrice/")
    assert page.count("data-cell") == 25 * 12
    assert "1–25" in page
    last = text(client, f"{base(made)}matrice/?page=2&colonnes=2")
    assert last.count("data-cell") == 5 * 2
    assert 'aria-rowcount="31"' in last


def test_a_reader_sees_neither_states_nor_gestures_nor_names(client: Client, made: World) -> None:
    published(made, "partial", coverage=25, rationale="Vu sur le terrain.")
    as_(client, make_person("eleve@a.fr", Role.STUDENT, school=made.school))
    for url in pages(made):
        page = text(client, url)
        assert "Evaluateur" not in page
        assert "Jury Test" not in page
        assert "data-give" not in page
        assert 'name="jugement"' not in page
    assert "convergente, partielle, un quart" in text(client, f"{base(made)}matrice/")
    origin, destination = made.pair()
    assert "Vu sur le terrain" in text(client, f"{base(made)}couples/{origin}/{destination}/")
    assert client.get(f"{base(made)}avis-opposes/").status_code == 404


def test_names_of_reviewers_are_for_whoever_runs_the_crosswalk(client: Client, made: World) -> None:
    agree(made, made.pairs)
    origin, destination = made.pair()
    pair = f"{base(made)}couples/{origin}/{destination}/"
    for url in (pair, base(made)):
        page = text(as_(client, made.engineer), url)
        assert "Evaluateur Test" in page
        assert "Jury Test" in page
        own = text(as_(client, made.juror), url)
        assert "Evaluateur Test" not in own
        assert "Jury Test" in own
        assert ("relecteur 1" in own) == (url == pair)


# --- Coverage


def test_coverage_tells_gaps_from_what_nobody_looked_at(client: Client, made: World) -> None:
    agree(made, made.pairs, "none")
    page = text(as_(client, made.engineer), f"{base(made)}couverture/")
    assert "sans correspondance, décidé" in page
    assert "pas encore examinée" not in page
    other = world_of(made)
    page = text(client, f"{ROOM}{other.pk}/couverture/")
    assert "pas encore examinée" in page


def world_of(made: World) -> CrosswalkVersion:
    told = {"source": made.version.source, "target": made.version.target}
    return crosswalks.create(made.school, title="Une autre", by=made.engineer, **told)


def test_coverage_keeps_the_best_share_and_what_only_completes(client: Client, made: World) -> None:
    shares = [(0, 0, "partial", 25), (1, 0, "partial", 75), (2, 1, "complementary", None)]
    for origin, destination, relation, coverage in shares:
        for person in (made.assessor, made.juror):
            pair = [made.pair(origin, destination)]
            told = {"relation": relation, "coverage": coverage}
            reviews.give(made.version, pair, by=person, **told)
    page = text(as_(client, made.engineer), f"{base(made)}couverture/")
    assert "couverte aux trois quarts" in page
    assert "couverte tout entière" not in page
    assert "complétée, sans être couverte" in page
    assert "Savoir-faire 3" in page.partition("À valoriser")[2].partition("</section>")[0]
    rows = client.get(f"{base(made)}couverture.csv").content.decode().splitlines()
    assert rows[1].split(";")[3:6] == ["75", "R2, R1", ""]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "sssom.tsv"])
def test_a_draft_is_taken_away_by_whoever_runs_it_alone(
    client: Client, made: World, kind: str
) -> None:
    agree(made, made.pairs)
    url = f"{base(made)}correspondance.{kind}"
    assert as_(client, made.engineer).get(url).status_code == 200
    assert as_(client, made.assessor).get(url).status_code == 404


def test_a_file_of_a_published_crosswalk_names_nobody(client: Client, made: World) -> None:
    published(made, "none")
    as_(client, make_person("eleve@a.fr", Role.STUDENT, school=made.school))
    body = client.get(f"{base(made)}correspondance.csv").content.decode()
    assert "aucune correspondance" in body
    assert "Test" not in body


# --- Versions


def test_what_the_next_version_takes_is_told_before_it_is_opened(
    client: Client, made: World
) -> None:
    published(made)
    newer = next_version(made.version.target.framework, ["Attendu 1", "Attendu 2 autrement"])
    as_(client, made.engineer)
    page = text(client, f"{base(made)}nouvelle-version/")
    assert "<strong>3</strong> <span>couples repris avec leurs avis" in page
    assert "<strong>3</strong> <span>couples à revoir" in page
    assert "Attendu 2 autrement" in page
    same = {"source": made.version.source_id, "target": made.version.target_id}
    older = client.get(f"{base(made)}nouvelle-version/", same).content.decode()
    assert "<strong>6</strong> <span>couples repris avec leurs avis" in older
    same["target"] = newer.pk
    answer = client.post(f"{base(made)}nouvelle-version/", same)
    opened = CrosswalkVersion.objects.get(status="draft")
    assert answer.url == f"{ROOM}{opened.pk}/"
    assert (opened.target, opened.mappings.count()) == (newer, 3)


def test_the_state_of_suggestions_is_the_card_of_the_page(client: Client, made: World) -> None:
    as_(client, made.engineer)
    client.post(f"{base(made)}suggestions/")
    made.version.refresh_from_db()
    CrosswalkVersion.objects.filter(pk=made.version.pk).update(suggesting="queued")
    asking = {"headers": {"HX-Request": "true"}}
    part = client.get(f"{base(made)}suggestions/etat/", **asking).content.decode()
    assert "hx-get" in part
    assert squeezed(part) in squeezed(text(client, base(made)))
    now = timezone.now()
    CrosswalkVersion.objects.filter(pk=made.version.pk).update(suggesting="done", suggested_at=now)
    part = client.get(f"{base(made)}suggestions/etat/", **asking).content.decode()
    assert "hx-get" not in part
    assert client.get(f"{base(made)}suggestions/etat/").status_code == 302


def squeezed(page: str) -> str:
    """A page without what differs from answer to answer."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"\w+"', "", page)
    return " ".join(page.split())
