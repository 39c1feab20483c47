"""What each reader takes away of a crosswalk, and what its pages say of its balance."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.queries import case_crosswalks
from reseda.competencies.queries import crosswalks as read
from reseda.competencies.tests.crosswalks import World, freeze
from reseda.people.models import Person, Role
from reseda.schools.tests.factories import make_person

pytestmark = pytest.mark.django_db

OF_REVIEWERS = {
    *("État", "Relecteur 1", "Relecteur 2", "Autres relecteurs"),
    "Reprise d’une version antérieure",
}
# Whatever the number of pairs: coverage takes four, its supplement four, balance one.
COVERAGE_QUERIES = 19


def judge(made: World, *people: Person, row: int = 0, column: int = 0, **told: Any) -> None:
    for person in people:
        reviews.give(made.version, [made.pair(row, column)], by=person, **told)


def page(client: Client, made: World, name: str = "") -> str:
    answer = client.get(f"/competences/correspondances/{made.version.pk}/{name}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client: Client, made: World) -> list[dict[str, str]]:
    told = page(client, made, "correspondance.csv").removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(told), delimiter=";"))


# --- Taken away


def test_the_pages_give_the_table_of_the_console(client: Client, made: World) -> None:
    judge(made, made.assessor, made.juror, relation="partial", coverage=50, rationale="Vu.")
    client.force_login(made.engineer)
    head, body = read.table(made.version)
    (row,) = rows(client, made)
    assert list(row) == head
    assert row["Relecteur 2"] == "convergente, partielle (50 %)"
    assert row["Identifiant du couple"] == body[0][-1]
    workbook = client.get(
        f"/competences/correspondances/{made.version.pk}/correspondance.xlsx"
    ).content
    (first, *_others) = openpyxl.load_workbook(io.BytesIO(workbook)).active.values  # type: ignore[union-attr]  # a new workbook has a sheet
    assert list(first) == head


def test_a_blind_first_opinion_leaves_no_trace_in_any_file(client: Client, made: World) -> None:
    client.force_login(made.engineer)
    names = ("correspondance.csv", "correspondance.sssom.tsv")
    before = [page(client, made, name) for name in names]
    judge(made, made.assessor, relation="total", rationale="Vu sur le terrain.")
    assert [page(client, made, name) for name in names] == before
    judge(made, made.engineer, relation="total")
    (row,) = rows(client, made)
    assert (row["État"], row["Justification"]) == ("d’accord", "Vu sur le terrain.")


def test_opinions_in_the_open_are_told_at_once(client: Client, made: World) -> None:
    crosswalks.edit(made.version, is_blind=False, by=made.engineer)
    judge(made, made.assessor, relation="total")
    client.force_login(made.engineer)
    (row,) = rows(client, made)
    assert (row["Relecteur 1"], row["Relecteur 2"]) == ("convergente, totale", "")


@pytest.mark.parametrize(("role", "is_told"), [(Role.STUDENT, False), (Role.ASSESSOR, True)])
def test_how_people_reviewed_is_for_reviewers_alone(
    client: Client, made: World, role: Role, is_told: bool
) -> None:
    judge(made, made.assessor, relation="total", rationale="Vu sur le terrain.")
    judge(made, made.juror, relation="none")
    pair = made.version.mappings.get()
    reviews.settle(pair, relation="total", rationale="Après en avoir parlé.", by=made.engineer)
    crosswalks.publish(made.version, by=made.engineer)
    client.force_login(make_person("x@a.fr", role, school=made.school))
    (row,) = rows(client, made)
    assert row["Relation"] == "convergente, totale"
    assert (set(row) >= OF_REVIEWERS) == is_told
    assert bool(OF_REVIEWERS & set(row)) == is_told
    told = page(client, made, "correspondance.csv") + page(client, made, "correspondance.sssom.tsv")
    assert "Après en avoir parlé" in told
    for word in ("aucune correspondance", "reviewer 1", "arbiter"):
        assert (word in told) == is_told, word


def test_a_published_crosswalk_says_where_programs_read_it(client: Client, made: World) -> None:
    judge(made, made.assessor, made.juror, relation="total")
    client.force_login(made.engineer)
    assert "CFPackages" not in page(client, made)
    crosswalks.publish(made.version, by=made.engineer)
    told = page(client, made)
    address = case_crosswalks.address(made.version.crosswalk)
    assert f'href="{address}"' in told
    package = f"/ims/case/v1p1/CFPackages/{made.version.crosswalk.identifier}"
    for url in (package, f"{package}?profile=ext"):
        assert f'href="{url}" download' in told
        assert client.get(url).status_code == 200
    assert client.get(address.removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_an_older_version_sends_nobody_to_the_address_of_the_newer(
    client: Client, made: World
) -> None:
    judge(made, made.assessor, made.juror, relation="total")
    older = crosswalks.publish(made.version, by=made.engineer)
    crosswalks.publish(crosswalks.derive(older, by=made.engineer), by=made.engineer)
    client.force_login(made.engineer)
    assert "/ims/case/" not in page(client, made)


# --- Balance


def with_blocks(made: World) -> World:
    """Compare with a framework of two blocks, the first of two expectations, the other of one."""
    framework = Framework.objects.create(school=made.school, kind="school", title="Par blocs")
    target = FrameworkVersion.objects.create(framework=framework, number=1)
    made.destinations = []
    for rank, (name, codes) in enumerate({"B1": "CD", "B2": "E"}.items(), start=1):
        block = Item.objects.create(
            version=target, kind="block", code=name, statement=f"Bloc {rank}", rank=rank
        )
        for place, code in enumerate(codes, start=1):
            told = {"kind": "competency", "code": code, "statement": f"Attendu {code}"}
            made.destinations.append(
                Item.objects.create(version=target, parent=block, rank=place, **told)
            )
    freeze(target)
    made.version = crosswalks.create(
        made.school, title="Par blocs", source=made.version.source, target=target, by=made.engineer
    )
    return made


def balance(client: Client, made: World) -> list[str]:
    """The rows of the section, without tags."""
    section = page(client, made, "couverture/").partition('id="equilibre"')[2]
    found = section.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_balance_is_told_in_words_by_block(client: Client, made: World) -> None:
    with_blocks(made)
    both = (made.assessor, made.juror)
    judge(made, *both, row=0, column=0, relation="total")
    judge(made, *both, row=1, column=0, relation="partial", coverage=25)
    judge(made, *both, row=2, column=2, relation="complementary")
    judge(made, made.assessor, row=2, column=1, relation="total")
    client.force_login(made.engineer)
    first, second = balance(client, made)
    assert first == (
        "B1 Bloc 1 1 sur 2 la moitié des attentes 2 éléments de la réserve y convergent "
        "une seule attente atteinte : rien à répartir"
    )
    assert second == (
        "B2 Bloc 2 0 sur 1 rien d’atteint aucun élément de la réserve n’y converge rien d’atteint"
    )
    judge(made, *both, row=2, column=1, relation="total")
    first, _second = balance(client, made)
    assert first.endswith(
        "2 sur 2 toutes les attentes 3 éléments de la réserve y convergent "
        "réparties assez également"
    )
    assert "Webb (1997)" in page(client, made, "couverture/")


def test_a_framework_without_blocks_is_a_part_of_its_own(client: Client, made: World) -> None:
    client.force_login(made.engineer)
    (row,) = balance(client, made)
    assert row.startswith("Tout le référentiel 0 sur 2 rien d’atteint")


@pytest.mark.parametrize("count", [1, 6])
def test_coverage_asks_as_much_of_one_judged_pair_as_of_all(
    client: Client, made: World, count: int
) -> None:
    for person in (made.assessor, made.juror):
        reviews.give(made.version, made.pairs[:count], relation="total", by=person)
    client.force_login(made.engineer)
    page(client, made, "couverture/")
    with CaptureQueriesContext(connection) as seen:
        page(client, made, "couverture/")
    assert len(seen) == COVERAGE_QUERIES
