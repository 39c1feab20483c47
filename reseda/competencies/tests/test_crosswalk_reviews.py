"""Opinions on pairs: given by two people, changed, withdrawn, settled, and never once published."""

import json
from dataclasses import asdict
from datetime import date
from random import Random
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.actions.opinions import Before
from reseda.competencies.domain.judgement import Opinion
from reseda.competencies.models import Mapping, Review
from reseda.competencies.tests.crosswalks import World, codes, suggest, world
from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db


def standing(made: World, origin: int = 0, destination: int = 0) -> tuple[Any, ...]:
    """Where a pair stands, () when nobody has an opinion on it."""
    found = row(made, origin, destination)
    return (found.state, found.relation, found.coverage, found.is_within) if found else ()


def row(made: World, origin: int = 0, destination: int = 0) -> Mapping | None:
    pair = dict(zip(("origin", "destination"), made.pair(origin, destination), strict=True))
    return Mapping.objects.filter(version=made.version, **pair).first()


def say(made: World, person: Person, relation: str = "total", **told: Any) -> list[Before]:
    return reviews.give(made.version, [made.pair()], relation=relation, **told, by=person)


def conflict(made: World) -> Mapping:
    say(made, made.assessor, "total")
    say(made, made.juror, "none")
    found = row(made)
    assert found is not None
    return found


def refusal(act: Any, *given: Any, **told: Any) -> str:
    """The code of what an act is refused for."""
    return codes(act, *given, **told)[0]


def test_two_people_of_the_same_mind_agree_on_a_pair(made: World) -> None:
    told = {"relation": "partial", "coverage": 50, "is_within": True}
    say(made, made.assessor, **told)
    assert standing(made) == ("proposed", "partial", 50, True)
    say(made, made.juror, **told)
    assert standing(made) == ("agreed", "partial", 50, True)


def test_the_same_person_twice_is_one_opinion(made: World) -> None:
    for relation in ("total", "none"):
        say(made, made.assessor, relation)
    assert standing(made) == ("proposed", "none", None, False)
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    "second",
    [
        {"relation": "none"},
        {"relation": "total"},
        {"relation": "partial", "coverage": 75},
        {"relation": "partial", "coverage": 50, "is_within": True},
    ],
)
def test_two_opinions_that_differ_in_anything_are_in_conflict(
    made: World, second: dict[str, Any]
) -> None:
    say(made, made.assessor, relation="partial", coverage=50)
    say(made, made.juror, **second)
    assert standing(made) == ("conflict", "", None, False)


def test_a_reviewer_who_changes_their_opinion_puts_an_end_to_the_conflict(made: World) -> None:
    conflict(made)
    say(made, made.juror, "total")
    assert standing(made) == ("agreed", "total", None, False)


def test_a_third_opinion_counts_as_much(made: World) -> None:
    for person in (made.assessor, made.juror):
        say(made, person, "none")
    say(made, made.engineer, "total")
    assert standing(made)[0] == "conflict"


def test_what_one_thought_first_is_kept_once_the_other_has_spoken(made: World) -> None:
    say(made, made.assessor, "partial", coverage=25)
    say(made, made.assessor, "total")
    assert Review.objects.get().first_relation == "total"
    say(made, made.juror, "none")
    say(made, made.juror, "total")
    assert standing(made)[0] == "agreed"
    assert Review.objects.get(author=made.juror).first_relation == "none"


def test_a_whole_row_is_judged_at_once_in_as_many_statements_as_a_pair(made: World) -> None:
    def cost(pairs: list[tuple[int, int]], person: Person) -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            reviews.give(made.version, pairs, relation="none", by=person)
        return len(told)

    one = cost(made.pairs[:1], made.assessor)
    assert one == 17
    assert cost(made.pairs, made.juror) <= one + 3
    assert Mapping.objects.filter(state="agreed").count() == 1
    assert Mapping.objects.filter(state="proposed").count() == len(made.pairs) - 1


def test_hundreds_of_pairs_are_judged_in_a_handful_of_statements() -> None:
    made = world(30, 20)
    for person in (made.assessor, made.juror):
        with CaptureQueriesContext(connection) as told:
            reviews.give(made.version, made.pairs, relation="none", by=person)
        # SQLite takes a thousand values at a time; otherwise the number would not grow.
        assert len(told) < 40
    assert Mapping.objects.filter(state="agreed", relation="none").count() == 600


def test_all_the_pairs_or_none(made: World) -> None:
    stray = (made.destinations[0].pk, made.origins[0].pk)
    told = {"relation": "none", "by": made.assessor}
    assert refusal(reviews.give, made.version, [made.pair(), stray], **told) == "not_compared"
    indicator = made.version.source.items.filter(kind="indicator").first()
    assert indicator is not None
    below = (indicator.pk, made.destinations[0].pk)
    assert refusal(reviews.give, made.version, [made.pair(), below], **told) == "not_compared"
    assert not Mapping.objects.exists()
    assert refusal(reviews.give, made.version, [], **told) == "too_many_pairs"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"relation": "partial"}, "coverage_missing"),
        ({"relation": "partial", "coverage": 33}, "unknown_coverage"),
        ({"relation": "none", "coverage": 50}, "coverage_not_of_partial"),
        ({"relation": "equal"}, "unknown_relation"),
        ({"relation": "none", "rationale": "x" * 1001}, "too_long"),
    ],
)
def test_an_opinion_that_says_nothing_clear_is_refused(
    made: World, told: dict[str, Any], code: str
) -> None:
    assert refusal(reviews.give, made.version, [made.pair()], **told, by=made.assessor) == code
    assert not Mapping.objects.exists()


def test_withdrawing_the_last_opinion_leaves_the_pair_undecided(made: World) -> None:
    conflict(made)
    reviews.withdraw(made.version, [made.pair()], by=made.juror)
    assert standing(made) == ("proposed", "total", None, False)
    reviews.withdraw(made.version, [made.pair(), made.pair(1, 1)], by=made.assessor)
    assert not Mapping.objects.exists()


def test_an_act_is_undone_even_after_others_spoke(made: World) -> None:
    say(made, made.assessor, "partial", coverage=25, rationale="Topographie")
    before = reviews.give(
        made.version, [made.pair(), made.pair(0, 1)], relation="none", by=made.assessor
    )
    say(made, made.juror, "partial", coverage=25)
    # Between two requests, a session keeps it as JSON.
    kept = [Before(**told) for told in json.loads(json.dumps([asdict(one) for one in before]))]
    again = reviews.undo(made.version, kept, by=made.assessor)
    assert standing(made) == ("agreed", "partial", 25, False)
    assert standing(made, 0, 1) == ()
    assert Review.objects.get(author=made.assessor).rationale == "Topographie"
    reviews.undo(made.version, again, by=made.assessor)
    assert standing(made)[0] == "conflict"
    assert standing(made, 0, 1) == ("proposed", "none", None, False)


def test_a_withdrawal_is_undone_as_it_was(made: World) -> None:
    say(made, made.assessor, "total", rationale="Même geste")
    was = Review.objects.values().get()
    before = reviews.withdraw(made.version, [made.pair()], by=made.assessor)
    reviews.undo(made.version, before, by=made.assessor)
    found = Review.objects.values().get()
    assert {**found, "id": 0, "mapping_id": 0} == {**was, "id": 0, "mapping_id": 0}


def test_undo_writes_nothing_that_giving_would_refuse(made: World) -> None:
    forged = [Before(*made.pair(), relation="partial", given_at="2026-01-01T00:00:00+00:00")]
    assert refusal(reviews.undo, made.version, forged, by=made.assessor) == "coverage_missing"


def test_whether_the_pair_was_suggested_is_kept(made: World) -> None:
    suggest(made)
    reviews.give(made.version, made.pairs, relation="none", by=made.assessor)
    assert Review.objects.filter(was_suggested=True).count() == 1


def test_somebody_settles_a_conflict_and_says_why(made: World) -> None:
    pair = conflict(made)
    told = {"relation": "partial", "coverage": 25, "by": made.engineer}
    assert refusal(reviews.settle, pair, **told, rationale="  ") == "rationale_missing"
    reviews.settle(pair, **told, rationale="Lecture de carte seule")
    assert standing(made) == ("settled", "partial", 25, False)
    reviews.settle(pair, relation="none", rationale="Après relecture", by=made.engineer)
    assert standing(made) == ("settled", "none", None, False)
    assert Review.objects.count() == 2


def test_only_a_conflict_is_settled(made: World) -> None:
    say(made, made.assessor)
    pair = row(made)
    told = {"relation": "none", "rationale": "Non", "by": made.engineer}
    assert refusal(reviews.settle, pair, **told) == "not_in_conflict"
    reviews.withdraw(made.version, [made.pair()], by=made.assessor)
    assert refusal(reviews.settle, pair, **told) == "gone"


def test_a_settled_pair_waits_to_be_reopened_before_anybody_judges_it_again(made: World) -> None:
    pair = conflict(made)
    reviews.settle(pair, relation="total", rationale="Tranché", by=made.engineer)
    for act in (reviews.give, reviews.withdraw):
        told = {"relation": "none"} if act is reviews.give else {}
        assert refusal(act, made.version, [made.pair()], **told, by=made.juror) == "settled"
    reviews.reopen(pair, by=made.engineer)
    assert standing(made) == ("conflict", "", None, False)
    assert refusal(reviews.reopen, pair, by=made.engineer) == "not_settled"
    say(made, made.juror, "total")
    assert standing(made)[0] == "agreed"


def test_whatever_people_do_each_pair_stands_where_its_opinions_leave_it(made: World) -> None:
    drawn = Random(1960)  # noqa: S311  (the same draw each time)
    people = [made.assessor, made.juror, made.engineer]
    told: dict[tuple[tuple[int, int], int], Opinion] = {}
    undos: list[tuple[Person, list[Before]]] = []
    choices = [Opinion("total"), Opinion("none"), Opinion("partial", 50), Opinion("partial", 50)]
    for _act in range(60):
        person, pairs = drawn.choice(people), drawn.sample(made.pairs, drawn.randint(1, 4))
        kind = drawn.choice(("give", "give", "withdraw", "undo"))
        if kind == "undo" and undos:
            person, before = undos.pop()
            after = {one.pair: one for one in before}
            reviews.undo(made.version, before, by=person)
            for pair, one in after.items():
                told.pop((pair, person.pk), None)
                if one.relation:
                    told[pair, person.pk] = Opinion(one.relation, one.coverage, one.is_within)
        elif kind == "withdraw":
            before = reviews.withdraw(made.version, pairs, by=person)
            for pair in pairs:
                told.pop((pair, person.pk), None)
            undos = [(person, before)] if before else []
        else:
            chosen = drawn.choice(choices)
            before = reviews.give(made.version, pairs, **vars(chosen), by=person)
            told |= {(pair, person.pk): chosen for pair in pairs}
            undos = [(person, before)]
        assert stored(made) == expected(made, told)


def stored(made: World) -> dict[tuple[int, int], tuple[Any, ...]]:
    rows = Mapping.objects.filter(version=made.version)
    return {
        (row.origin_id, row.destination_id): (
            *(row.state, row.relation, row.coverage, row.is_within),
            row.reviews.count(),
        )
        for row in rows
    }


def expected(
    made: World, told: dict[tuple[tuple[int, int], int], Opinion]
) -> dict[tuple[int, int], tuple[Any, ...]]:
    found = {}
    for pair in made.pairs:
        opinions = [one for (of, _person), one in told.items() if of == pair]
        if not opinions:
            continue
        if len(set(opinions)) > 1:
            found[pair] = ("conflict", "", None, False, len(opinions))
        else:
            state = "agreed" if len(opinions) > 1 else "proposed"
            found[pair] = (state, *vars(opinions[0]).values(), len(opinions))
    return found


# --- Rights


def test_who_may_judge_and_who_may_settle(made: World) -> None:
    student = make_person("eleve@a.fr", Role.STUDENT, school=made.school)
    referent = make_person("referent@a.fr", Role.REFERENT, school=made.school)
    stranger = make_person("inge@b.fr", Role.COMPETENCY_ENGINEER, school=make_school("ecole-b"))
    for person in (student, stranger):
        with pytest.raises(PermissionDenied):
            say(made, person)
        with pytest.raises(PermissionDenied):
            reviews.withdraw(made.version, [made.pair()], by=person)
        with pytest.raises(PermissionDenied):
            reviews.undo(made.version, [Before(*made.pair())], by=person)
    say(made, referent, "none")
    say(made, made.assessor, "total")
    pair = row(made)
    assert pair is not None
    for person in (student, stranger, referent, made.assessor, made.juror):
        with pytest.raises(PermissionDenied):
            reviews.settle(pair, relation="none", rationale="Non", by=person)
    reviews.settle(pair, relation="none", rationale="Non", by=made.engineer)
    for person in (stranger, made.juror):
        with pytest.raises(PermissionDenied):
            reviews.reopen(pair, by=person)


def test_a_mandate_that_ended_opens_nothing(made: World) -> None:
    made.juror.mandates.update(to_on=date(2020, 2, 1))
    with pytest.raises(PermissionDenied):
        say(made, made.juror)


# --- Once published


def test_nothing_is_judged_once_it_is_published(made: World) -> None:
    for person in (made.assessor, made.juror):
        say(made, person)
    pair = row(made)
    crosswalks.publish(made.version, by=made.engineer)
    for act, told in (
        (reviews.give, {"relation": "none"}),
        (reviews.withdraw, {}),
    ):
        assert refusal(act, made.version, [made.pair()], **told, by=made.juror) == "frozen"
    assert refusal(reviews.undo, made.version, [Before(*made.pair())], by=made.juror) == "frozen"
    told = {"relation": "none", "rationale": "Non", "by": made.engineer}
    assert refusal(reviews.settle, pair, **told) == "frozen"
    assert refusal(reviews.reopen, pair, by=made.engineer) == "frozen"


def test_the_journal_tells_the_acts_without_a_word_of_what_was_judged(made: World) -> None:
    pair = conflict(made)
    say(made, made.assessor, "total", rationale="Secret")
    reviews.settle(pair, relation="none", rationale="Secret", by=made.engineer)
    reviews.reopen(pair, by=made.engineer)
    before = reviews.withdraw(made.version, [made.pair()], by=made.juror)
    reviews.undo(made.version, before, by=made.juror)
    told = list(Entry.objects.order_by("number").values_list("verb", "facts"))
    names = [verb.partition(".")[2] for verb, _facts in told]
    assert names[-7:] == [
        "give_review",
        "give_review",
        "give_review",
        "settle_pair",
        "reopen_pair",
        "withdraw_review",
        "undo_review",
    ]
    assert not {"Secret", "Savoir", "Attendu", "Test"} & set(str(told).replace("'", " ").split())
