"""Judging on the pages: by forms alone, by keys, many at once, blindly, taken back and settled."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from reseda.competencies.actions import reviews
from reseda.competencies.models import CrosswalkVersion, Mapping, Review
from reseda.competencies.tests.crosswalks import World, agree, frozen, suggest, world
from reseda.competencies.tests.test_workbench_pages import ROOM, as_, base, pages, squeezed, text
from reseda.people.models import Role
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

BY_KEY: dict[str, Any] = {"headers": {"X-Requested-With": "matrix"}}


def key(made: World, origin: int = 0, destination: int = 0) -> str:
    return "-".join(map(str, made.pair(origin, destination)))


def judge(client: Client, made: World, word: str, *pairs: str, **told: Any) -> Any:
    couples = list(pairs) or [key(made)]
    keyed = BY_KEY if told.pop("by_key", False) else {}
    data = {"couple": couples, "jugement": word, **told}
    return client.post(f"{base(made)}avis/", data, **keyed)


def told_to(client: Client, url: str) -> str:
    return " ".join(str(one) for one in get_messages(client.get(url).wsgi_request))


def test_a_crosswalk_goes_from_opening_to_publication_by_forms_alone(client: Client) -> None:
    school = make_school()
    source = frozen(school, "reserve", ["Commander un groupe"])
    target = frozen(school, "school", ["Encadrer une équipe", "Conduire un projet"])
    engineer = make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school)
    juror = make_person("jury@a.fr", Role.JURY_MEMBER, school=school)
    kinds = {"source_kinds": ["competency"], "target_kinds": ["competency"]}
    form = {"title": "Réserve et diplôme", "source": source.pk, "target": target.pk, **kinds}
    as_(client, engineer)
    here = client.post(f"{ROOM}nouvelle/", {**form, "reviewers": 2, "is_blind": "on"}).url
    line = client.get(f"{here}lignes/").url
    assert "Commander un groupe" in text(client, line)
    origin = source.items.get(kind="competency").pk
    ends = target.items.filter(kind="competency").order_by("rank").values_list("pk", flat=True)
    for person, words in ((engineer, ("total", "none")), (juror, ("partial-75", "none"))):
        as_(client, person)
        for end, word in zip(ends, words, strict=True):
            data = {"couple": f"{origin}-{end}", "jugement": word, "suite": line}
            assert client.post(f"{here}avis/", data).url == line
    as_(client, engineer).post(f"{here}publier/")
    version = CrosswalkVersion.objects.get()
    assert version.is_draft
    assert "Encadrer une équipe" in text(client, f"{here}avis-opposes/")
    settled = {"jugement": "partial-75", "rationale": "Pas tout : rien sur le conflit."}
    client.post(f"{here}couples/{origin}/{ends[0]}/trancher/", settled)
    assert "Publier cette version" in text(client, here)
    client.post(f"{here}publier/")
    version.refresh_from_db()
    assert version.status == "published"
    assert "couverte aux trois quarts" in text(client, f"{here}couverture/")


def test_wrong_settings_are_told_and_nothing_is_opened(client: Client, made: World) -> None:
    as_(client, made.engineer)
    same = {"source": made.version.source_id, "target": made.version.source_id}
    form = {"title": "Deux", "reviewers": 2, "source_kinds": "competency", **same}
    answer = client.post(f"{ROOM}nouvelle/", {**form, "target_kinds": "competency"})
    assert answer.status_code == 422
    assert "deux référentiels différents" in answer.content.decode()
    empty = client.post(f"{ROOM}nouvelle/", {})
    assert empty.status_code == 422
    assert CrosswalkVersion.objects.count() == 1


def test_the_settings_of_a_draft_change(client: Client, made: World) -> None:
    as_(client, made.engineer)
    form = {"title": "Autre titre", "source_kinds": ["competency", "indicator"], "reviewers": 1}
    client.post(f"{base(made)}regler/", {**form, "target_kinds": "competency"})
    made.version.refresh_from_db()
    assert (made.version.source_kinds, made.version.reviewers) == ("competency,indicator", 1)
    assert "Autre titre" in text(client, ROOM)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("total", ("total", None)),
        ("partial-25", ("partial", 25)),
        ("partial-50", ("partial", 50)),
        ("partial-75", ("partial", 75)),
        ("complementary", ("complementary", None)),
        ("none", ("none", None)),
    ],
)
def test_a_word_is_an_opinion(
    client: Client, made: World, word: str, expected: tuple[str, int | None]
) -> None:
    judge(as_(client, made.assessor), made, word)
    found = Review.objects.get()
    assert (found.relation, found.coverage) == expected


@pytest.mark.parametrize(
    "data",
    [
        {"couple": "KEY", "jugement": "peut-etre"},
        {"couple": "KEY"},
        {"couple": "1-2", "jugement": "total"},
        {"couple": "a-b", "jugement": "total"},
        {"jugement": "total"},
        {"couple": "KEY", "jugement": "total", "rationale": "x" * 1001},
    ],
)
def test_a_gesture_that_means_nothing_is_told_and_writes_nothing(
    client: Client, made: World, data: dict[str, str]
) -> None:
    as_(client, made.assessor)
    sent = {name: value.replace("KEY", key(made)) for name, value in data.items()}
    answer = client.post(f"{base(made)}avis/", sent, **BY_KEY)
    assert answer.status_code == 422
    assert "data-wrong" in answer.content.decode()
    assert not Mapping.objects.exists()
    assert client.post(f"{base(made)}avis/", sent).status_code == 302
    assert not Mapping.objects.exists()


def test_an_answer_to_a_key_is_what_the_page_holds(client: Client, made: World) -> None:
    as_(client, made.assessor)
    answer = judge(client, made, "partial-50", by_key=True).content.decode()
    page = squeezed(text(client, f"{base(made)}matrice/"))
    cell = answer[answer.index("<td") : answer.index("</td>")]
    progress = answer[answer.index('<div class="cw-progress"') :].partition("</div>")[0]
    assert squeezed(cell) in page
    assert squeezed(progress) in page
    assert "R1 × S1\N{NO-BREAK SPACE}: convergente, partielle, la moitié." in answer


def test_a_row_is_judged_at_once_and_taken_back_at_once(client: Client, made: World) -> None:
    as_(client, made.assessor)
    judge(client, made, "total", key(made))
    row = [key(made), key(made, 0, 1)]
    answer = judge(client, made, "none", *row, by_key=True)
    assert "2 couples" in answer.content.decode()
    assert set(Review.objects.values_list("relation", flat=True)) == {"none"}
    undone = client.post(f"{base(made)}avis/annuler/", **BY_KEY).content.decode()
    assert undone.count("data-pair") == 2
    assert list(Review.objects.values_list("relation", flat=True)) == ["total"]
    client.post(f"{base(made)}avis/annuler/", **BY_KEY)
    assert not Review.objects.exists()
    assert client.post(f"{base(made)}avis/annuler/", **BY_KEY).status_code == 422


def test_without_a_script_the_way_back_is_a_button(client: Client, made: World) -> None:
    as_(client, made.assessor)
    line = f"{base(made)}lignes/{made.pair()[0]}/"
    answer = judge(client, made, "none", key(made), key(made, 0, 1), suite=line)
    page = text(client, answer.url)
    assert f'action="{base(made)}avis/annuler/"' in page
    assert "Ctrl+Z" not in page.partition('id="contenu"')[0]
    client.post(f"{base(made)}avis/annuler/", {"undo": "1"})
    assert not Review.objects.exists()


def test_nobody_undoes_the_gesture_of_another(client: Client, made: World) -> None:
    judge(as_(client, made.assessor), made, "total")
    client.logout()
    answer = as_(client, made.juror).post(f"{base(made)}avis/annuler/", **BY_KEY)
    assert answer.status_code == 422
    assert Review.objects.count() == 1


def test_a_key_keeps_the_reason_that_was_written(client: Client, made: World) -> None:
    as_(client, made.assessor)
    judge(client, made, "total", rationale="Vu en exercice.")
    judge(client, made, "partial-75")
    found = Review.objects.get()
    assert (found.relation, found.rationale) == ("partial", "Vu en exercice.")
    judge(client, made, "partial-75", rationale="")
    assert Review.objects.get().rationale == ""


@pytest.mark.parametrize("suite", ["https://mal.example/", "//mal.example", "javascript:x", "/"])
def test_one_is_never_sent_elsewhere(client: Client, made: World, suite: str) -> None:
    answer = judge(as_(client, made.assessor), made, "total", suite=suite)
    assert answer.url == f"{base(made)}matrice/"


def test_nothing_is_judged_once_published(client: Client, made: World) -> None:
    agree(made, made.pairs)
    as_(client, made.engineer).post(f"{base(made)}publier/")
    answer = judge(as_(client, made.assessor), made, "none", by_key=True)
    assert answer.status_code == 422
    assert "publiée" in answer.content.decode()
    assert not Review.objects.filter(relation="none").exists()
    assert "data-give" not in text(client, f"{base(made)}matrice/")


# --- Blind


def everything(client: Client, made: World) -> list[str]:
    """All that a reviewer may open, and what filters answer; coverage last."""
    asked = ("etat=proposed", "etat=a-moi", "etat=a-examiner", "relation=partial")
    *urls, coverage = pages(made)
    urls += [f"{base(made)}matrice/?{one}" for one in asked]
    return [squeezed(text(client, url)) for url in (*urls, f"{base(made)}avis-opposes/", coverage)]


def test_a_second_reviewer_reads_nothing_of_the_first_before_judging(
    client: Client, made: World
) -> None:
    as_(client, made.juror)
    *before, _coverage = everything(client, made)
    told = {"relation": "partial", "coverage": 75, "rationale": "Secret du premier"}
    reviews.give(made.version, [made.pair()], by=made.assessor, **told)
    *after, coverage = everything(client, made)
    assert after == before
    assert "trois quarts" not in coverage
    judge(client, made, "total")
    known = " ".join(everything(client, made))
    assert "Secret du premier" in known
    assert "Convergente, partielle, les trois quarts" in known


def test_reviewers_who_are_not_blind_read_each_other(client: Client) -> None:
    made = world(is_blind=False)
    told = {"relation": "partial", "coverage": 75, "rationale": "Avis du premier"}
    reviews.give(made.version, [made.pair()], by=made.assessor, **told)
    seen = " ".join(everything(as_(client, made.juror), made))
    assert "Avis du premier" in seen
    assert "convergente, partielle, les trois quarts" in seen


# --- Line by line


def test_leads_come_first_with_their_shared_words(client: Client, made: World) -> None:
    origin = made.pair()[0]
    suggest(made, 0, 1, score=0.7, band="strong", words=["Attendu"])
    page = text(as_(client, made.assessor), f"{base(made)}lignes/{origin}/")
    assert page.index("S2</span>") < page.index("S1</span>")
    assert "<mark>Attendu</mark> 2" in page
    assert "piste sérieuse" in page
    assert "0.7" not in page


def test_the_rest_of_a_line_is_decided_in_one_press(client: Client, made: World) -> None:
    origin = made.pair()[0]
    line = f"{base(made)}lignes/{origin}/"
    as_(client, made.assessor)
    judge(client, made, "total")
    page = text(client, line)
    rest = page.partition("Aucune pour tout le reste")[0].rpartition("<form")[2]
    assert key(made, 0, 1) in rest
    assert key(made) not in rest
    judge(client, made, "none", f"{key(made, 0, 1)},{key(made, 1, 1)}", suite=line)
    assert "Aucune pour tout le reste" not in text(client, line)
    assert Review.objects.filter(relation="none").count() == 2


# --- Conflicts


def conflict(made: World) -> None:
    reviews.give(made.version, [made.pair()], relation="total", by=made.assessor)
    reviews.give(made.version, [made.pair()], relation="none", by=made.juror)


def settling(made: World) -> str:
    return f"{base(made)}couples/{'/'.join(map(str, made.pair()))}/trancher/"


def test_a_conflict_is_settled_with_a_reason_and_reopened(client: Client, made: World) -> None:
    conflict(made)
    as_(client, made.engineer)
    page = text(client, f"{base(made)}avis-opposes/")
    assert "Convergente, totale" in page
    assert "Aucune correspondance" in page
    refused = client.post(settling(made), {"jugement": "partial-50"})
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.content.decode()
    assert Mapping.objects.get().state == "conflict"
    client.post(settling(made), {"jugement": "partial-50", "rationale": "La moitié."})
    assert Mapping.objects.get().state == "settled"
    page = text(client, settling(made).replace("trancher/", ""))
    assert "La moitié." in page
    assert "Couple tranché" in page.partition("Histoire")[2]
    client.post(settling(made).replace("trancher", "rouvrir"))
    assert Mapping.objects.get().state == "conflict"


def test_only_whoever_runs_the_crosswalk_settles(client: Client, made: World) -> None:
    conflict(made)
    as_(client, made.assessor)
    assert "Trancher" not in text(client, f"{base(made)}avis-opposes/")
    answer = client.post(settling(made), {"jugement": "total", "rationale": "Moi."})
    assert answer.status_code == 404
    assert Mapping.objects.get().state == "conflict"


def test_a_draft_is_thrown_away_with_its_opinions(client: Client, made: World) -> None:
    conflict(made)
    answer = as_(client, made.engineer).post(f"{base(made)}supprimer/")
    assert answer.url == ROOM
    assert not CrosswalkVersion.objects.exists()
    assert not Review.objects.exists()
