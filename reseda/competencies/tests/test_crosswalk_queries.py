"""What is read of a crosswalk: windows, progress, turns, agreement, coverage, in few queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.models import Item, Mapping
from reseda.competencies.queries import crosswalks as read
from reseda.competencies.queries.crosswalks.cells import Cell
from reseda.competencies.queries.crosswalks.progress import rows_progress
from reseda.competencies.tests.crosswalks import World, agree, suggest, world
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db


def cell(made: World, person: Person, origin: int = 0, destination: int = 0) -> Cell:
    pair = made.pair(origin, destination)
    found = read.cells(Viewer.of(person), made.version, made.origins, made.destinations)
    return found.get(pair) or Cell(*pair)


# --- Windows


def test_rows_and_columns_are_the_items_compared_in_the_order_of_their_tree(made: World) -> None:
    assert [row.code for row in read.axis(made.version, "source")] == ["R1", "R2", "R3"]
    assert [column.code for column in read.axis(made.version, "target")] == ["S1", "S2"]
    assert cell(made, made.assessor, 2, 1).state == ""
    told = {"source": made.version.source, "target": made.version.target, "by": made.engineer}
    fine = crosswalks.create(
        made.school, title="Fine", source_kinds=["competency", "indicator"], **told
    )
    assert [item.code for item in read.axis(fine, "source")] == [
        *("R1", "R1-I1", "R2", "R2-I1", "R3", "R3-I1")
    ]
    under = read.groups(fine, "source")
    assert [item.code if item else "" for item in under.values()] == [
        "R1",
        "R1",
        "R2",
        "R2",
        "R3",
        "R3",
    ]
    assert set(read.groups(fine, "target").values()) == {None}


def test_a_row_tells_how_far_it_is_judged(made: World) -> None:
    agree(made, [made.pair(0, 0)], "none")
    reviews.give(made.version, [made.pair(0, 1)], relation="total", by=made.juror)
    row = made.origins[0].pk
    mine, theirs, stranger = (
        rows_progress(Viewer.of(person), made.version, [row], len(made.destinations))[row]
        for person in (made.juror, made.assessor, made.engineer)
    )
    assert (mine.decided, mine.proposed, mine.undecided, mine.mine, mine.left) == (1, 1, 0, 2, 0)
    assert (theirs.mine, theirs.left) == (1, 1)
    assert (stranger.mine, stranger.left, stranger.is_done) == (0, 1, False)


# --- A blind review


def test_the_opinion_of_the_other_is_hidden_until_one_has_given_ones_own(made: World) -> None:
    reviews.give(made.version, [made.pair()], relation="total", rationale="Idem", by=made.assessor)
    for person in (made.juror, made.engineer):
        found = cell(made, person)
        assert (found.state, found.relation, found.mapping, found.others) == (
            "proposed",
            "",
            None,
            (),
        )
        assert found.is_hidden
        assert found.is_left
    reviews.give(made.version, [made.pair()], relation="none", by=made.juror)
    found = cell(made, made.juror)
    assert (found.state, [one.relation for one in found.others]) == ("conflict", ["total"])
    assert found.others[0].author == made.assessor


def test_who_settles_reads_both_opinions_and_a_third_reviewer_none(made: World) -> None:
    third = make_person("autre@a.fr", Role.JURY_MEMBER, school=made.school)
    for person, relation in ((made.assessor, "total"), (made.juror, "none")):
        reviews.give(made.version, [made.pair()], relation=relation, by=person)
    assert len(cell(made, made.engineer).others) == 2
    assert cell(made, third).others == ()


def test_nothing_is_hidden_where_the_review_is_open(made: World) -> None:
    crosswalks.edit(made.version, is_blind=False, by=made.engineer)
    made.version.refresh_from_db()
    reviews.give(made.version, [made.pair()], relation="total", by=made.assessor)
    found = cell(made, made.juror)
    assert (found.relation, found.is_hidden, len(found.others)) == ("total", False, 1)


def test_readers_of_a_published_crosswalk_read_outcomes_and_nobodys_opinion(made: World) -> None:
    agree(made, made.pairs, "total")
    crosswalks.publish(made.version, by=made.engineer)
    made.version.refresh_from_db()
    student = make_person("eleve@a.fr", Role.STUDENT, school=made.school)
    found = cell(made, student)
    assert (found.relation, found.state, found.others, found.mine) == ("total", "agreed", (), None)
    assert len(cell(made, made.engineer).others) == 2


# --- Progress and turns


def test_what_nobody_wrote_is_counted(made: World) -> None:
    agree(made, [made.pair(0, 0)], "total")
    reviews.give(made.version, [made.pair(0, 1), made.pair(1, 0)], relation="none", by=made.juror)
    reviews.give(made.version, [made.pair(1, 0)], relation="total", by=made.assessor)
    found = read.progress(made.version, Viewer.of(made.assessor))
    assert (found.pairs, found.undecided, found.proposed, found.agreed) == (6, 3, 1, 1)
    assert (found.conflict, found.settled, found.mine, found.left) == (1, 0, 2, 4)
    assert found.percent == 16
    assert read.progress(made.version).mine == 0
    people = read.reviewers(made.version)
    assert [(one.person, one.given) for one in people] == [(made.assessor, 2), (made.juror, 3)]


def test_the_next_pair_is_a_suggested_one_then_row_by_row(made: World) -> None:
    viewer = Viewer.of(made.assessor)
    suggest(made, 1, 1, score=1.0, band="strong")
    suggest(made, 2, 0, rank=2, score=1.0, band="strong")
    suggest(made, 2, 1, rank=1, score=1.0, band="strong")
    seen: list[tuple[int, int]] = []
    pair = None
    for _turn in made.pairs:
        pair = read.next_pair(viewer, made.version, pair)
        assert pair
        seen.append(pair)
        reviews.give(made.version, [pair], relation="none", by=made.assessor)
    leads = [made.pair(1, 1), made.pair(2, 1), made.pair(2, 0)]
    assert seen == [*leads, *(one for one in made.pairs if one not in leads)]
    assert read.next_pair(viewer, made.version, pair) is None
    # They await the other, who is shown the same way.
    assert read.next_pair(Viewer.of(made.juror), made.version) == made.pair(1, 1)


def test_a_pair_that_was_passed_over_comes_again_at_the_end_of_the_round(made: World) -> None:
    viewer = Viewer.of(made.assessor)
    suggest(made, 1, 1, score=1.0, band="strong")
    seen, pair = [], None
    for _turn in made.pairs:
        pair = read.next_pair(viewer, made.version, pair)
        assert pair
        seen.append(pair)
    assert sorted(seen) == sorted(made.pairs)
    assert read.next_pair(viewer, made.version, pair) == made.pair(1, 1)
    done = [one for one in made.pairs if one != pair]
    reviews.give(made.version, done, relation="none", by=made.assessor)
    assert read.next_pair(viewer, made.version, pair) == pair


def test_pairs_on_which_reviewers_differ_are_told_with_their_difference(made: World) -> None:
    reviews.give(made.version, made.pairs[:2], relation="none", by=made.juror)
    reviews.give(made.version, made.pairs[1:3], relation="total", by=made.assessor)
    gap = read.conflicts(made.version)
    assert [(one.mapping.origin_id, one.mapping.destination_id) for one in gap] == [made.pairs[1]]
    assert (gap[0].difference.kind, len(gap[0].reviews)) == ("relation", 2)


def test_the_gravest_differences_come_first(made: World) -> None:
    shares = ((made.juror, 25), (made.assessor, 75))
    for person, share in shares:
        reviews.give(made.version, [made.pair(0)], relation="partial", coverage=share, by=person)
    for person, relation in ((made.juror, "none"), (made.assessor, "total")):
        reviews.give(made.version, [made.pair(2)], relation=relation, by=person)
    assert [one.difference.is_mild for one in read.conflicts(made.version)] == [False, True]


def test_each_is_told_what_awaits_them(made: World) -> None:
    def told(person: Person) -> list[tuple[str, str]]:
        return [(str(one.title), str(one.pill)) for one in read.todo(Viewer.of(person))]

    reviews.give(made.version, made.pairs[:3], relation="none", by=made.juror)
    second = ("Donner un second avis sur des correspondances", "3 couples")
    assert told(made.juror) == []
    assert told(made.assessor) == told(made.engineer) == [second]
    reviews.give(made.version, made.pairs[:1], relation="total", by=made.assessor)
    assert told(made.engineer) == [
        ("Trancher des avis opposés", "1 couple"),
        ("Donner un second avis sur des correspondances", "2 couples"),
    ]
    assert told(made.juror) == []
    stranger = make_person("inge@b.fr", Role.COMPETENCY_ENGINEER, school=make_school("ecole-b"))
    student = make_person("eleve@a.fr", Role.STUDENT, school=made.school)
    assert told(stranger) == told(student) == []


# --- Measures


def test_agreement_is_that_of_first_opinions_before_any_discussion(made: World) -> None:
    reviews.give(made.version, made.pairs, relation="none", by=made.assessor)
    reviews.give(made.version, made.pairs[:4], relation="none", by=made.juror)
    reviews.give(made.version, made.pairs[4:], relation="total", by=made.juror)
    # Convinced afterwards: the outcome changes, the measure does not.
    reviews.give(made.version, made.pairs[4:], relation="none", by=made.juror)
    assert not Mapping.objects.exclude(state="agreed").exists()
    found = read.agreement_of(made.version)
    assert (found.pairs, found.observed) == (6, pytest.approx(4 / 6))
    assert found.kappa == 0
    assert str(read.summary(found)) == "très faible"
    assert "few_pairs" in found.cautions
    assert "not_blind" not in found.cautions


def test_agreement_says_what_weakens_it(made: World) -> None:
    crosswalks.edit(made.version, is_blind=False, by=made.engineer)
    made.version.refresh_from_db()
    assert read.agreement_of(made.version).cautions == ()
    for person, pairs in (
        (made.assessor, made.pairs),
        (made.juror, made.pairs[:3]),
        (made.engineer, made.pairs[3:]),
    ):
        reviews.give(made.version, pairs, relation="none", by=person)
    found = read.agreement_of(made.version)
    assert found.words == "one_category"
    assert set(found.cautions) == {"few_pairs", "prevalence", "not_blind", "many_people"}


def test_coverage_and_supplement_name_the_items(made: World) -> None:
    agree(made, [made.pair(0, 0)], "partial", coverage=50)
    agree(made, [made.pair(1, 0)], "partial", coverage=75)
    agree(made, [made.pair(2, 0)], "complementary")
    agree(made, [made.pair(row, 1) for row in range(3)], "none")
    first, second = read.coverage(made.version)
    assert (first.item, first.covered, first.status) == (made.destinations[0], 75, "covered")
    assert first.origins == ((made.origins[1], 75), (made.origins[0], 50))
    assert first.complementary == (made.origins[2],)
    assert (second.covered, second.is_gap, second.told.is_complete) == (0, True, True)
    (only,) = read.supplement(made.version)
    assert (only.item, only.destinations) == (made.origins[2], (made.destinations[0],))
    assert only.is_complete
    (top,) = read.alignment(made.version, read.coverage(made.version))
    assert (top.group, top.measures.reached, top.measures.range) == (None, 1, 0.5)


def test_suggestions_learn_from_what_people_decided_to_converge(made: World) -> None:
    agree(made, [made.pair(0, 0)], "total")
    agree(made, [made.pair(1, 0)], "partial", coverage=25)
    agree(made, [made.pair(2, 0)], "complementary")
    reviews.give(made.version, [made.pair(0, 1)], relation="total", by=made.juror)
    learned = [("Savoir-faire 1", "Attendu 1"), ("Savoir-faire 2", "Attendu 1")]
    assert read.validated(made.school) == learned
    reviews.give(made.version, [made.pair(0, 1)], relation="none", by=made.juror)
    reviews.give(made.version, [made.pair(0, 1)], relation="none", by=made.assessor)
    crosswalks.publish(made.version, by=made.engineer)
    crosswalks.derive(made.version, by=made.engineer)
    # The same pairs in two versions are learned once; other schools learn nothing from them.
    assert read.validated(made.school) == learned
    assert read.validated(make_school("ecole-b")) == []


# --- As many queries for many as for few


COSTS: list[tuple[str, int, Callable[[World, Viewer], object]]] = [
    ("axis", 1, lambda made, _viewer: read.axis(made.version, "source")),
    ("groups", 1, lambda made, _viewer: read.groups(made.version, "target")),
    (
        "cells",
        5,
        lambda made, viewer: read.cells(viewer, made.version, made.origins, made.destinations),
    ),
    ("progress", 4, lambda made, viewer: read.progress(made.version, viewer)),
    ("reviewers", 2, lambda made, _viewer: read.reviewers(made.version)),
    ("next", 3, lambda made, viewer: read.next_pair(viewer, made.version)),
    ("conflicts", 3, lambda made, _viewer: read.conflicts(made.version)),
    ("agreement", 1, lambda made, _viewer: read.agreement_of(made.version)),
    ("coverage", 4, lambda made, _viewer: read.coverage(made.version)),
    ("supplement", 4, lambda made, _viewer: read.supplement(made.version)),
    (
        "coverage and alignment",
        5,
        lambda made, _viewer: read.alignment(made.version, read.coverage(made.version)),
    ),
    ("decided", 4, lambda made, _viewer: read.decided(made.version)),
    ("validated", 1, lambda made, _viewer: read.validated(made.school)),
    ("todo", 2, lambda _made, viewer: read.todo(viewer)),
]


@pytest.mark.parametrize("size", [(2, 2), (12, 8)], ids=["few", "many"])
def test_no_reading_takes_more_queries_for_more_pairs(size: tuple[int, int]) -> None:
    made = world(*size)
    agree(made, made.pairs[:-3], "none")
    reviews.give(made.version, made.pairs[-3:], relation="none", by=made.juror)
    reviews.give(made.version, made.pairs[-3:-1], relation="total", by=made.engineer)
    suggest(made, -1, -1)
    viewer = Viewer.of(made.assessor)
    found = {}
    for name, _cost, act in COSTS:
        with CaptureQueriesContext(connection) as told:
            act(made, viewer)
        found[name] = len(told)
    assert found == {name: cost for name, cost, _act in COSTS}


def test_a_large_crosswalk_is_read_through_a_window() -> None:
    made = world(1, 1)
    ends = []
    for kind, count in (("reserve", 5_000), ("school", 500)):
        ends.append(large(made, kind, count))
    version = crosswalks.create(
        made.school, title="Grande", source=ends[0], target=ends[1], by=made.engineer
    )
    rows, columns = read.axis(version, "source"), read.axis(version, "target")
    assert (len(rows), len(columns)) == (5_000, 500)
    assert read.cells(Viewer.of(made.assessor), version, rows[4_000:4_020], columns) == {}
    told = read.progress(version)
    assert (told.pairs, told.undecided) == (2_500_000, 2_500_000)
    assert not Mapping.objects.filter(version=version).exists()


def large(made: World, kind: str, count: int) -> Any:
    from reseda.competencies.tests.crosswalks import freeze  # noqa: PLC0415

    framework = made.school.frameworks.create(kind=kind, title=f"Grand {kind}")
    version = framework.versions.create(number=1)
    Item.objects.bulk_create(
        [
            Item(version=version, kind="competency", code=f"X{n}", statement=f"Agir {n}", rank=n)
            for n in range(count)
        ],
        batch_size=500,
    )
    freeze(version)
    return version
