"""Thirty hands on the same pair, and a publication among them, on a real database."""

import pytest

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.models import CrosswalkVersion, Mapping, Review
from reseda.competencies.tests.crosswalks import World, world
from reseda.people.models import Person, Role
from reseda.schools.tests.factories import make_person
from reseda.schools.tests.hands import HANDS, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def three(made: World) -> list[Person]:
    return [made.engineer, made.assessor, made.juror]


def test_thirty_opinions_of_three_people_leave_one_pair_and_one_opinion_each() -> None:
    made = world()
    people = three(made)
    relations = ("total", "complementary", "none")

    def judge(number: int) -> str:
        relation = relations[number // 10]
        reviews.give(made.version, made.pairs, relation=relation, by=people[number % 3])
        return "given"

    assert together(judge) == ["given"] * HANDS
    assert Mapping.objects.count() == len(made.pairs)
    assert Review.objects.count() == len(made.pairs) * len(people)
    for pair in Mapping.objects.prefetch_related("reviews"):
        relations_given = {review.relation for review in pair.reviews.all()}
        is_one = len(relations_given) == 1
        assert pair.state == ("agreed" if is_one else "conflict")
        assert pair.relation == (relations_given.pop() if is_one else "")


def test_no_opinion_enters_a_version_that_is_published_meanwhile() -> None:
    made = world()
    people = [
        make_person(f"jury{n}@a.fr", Role.JURY_MEMBER, school=made.school) for n in range(HANDS)
    ]
    for person in people[:2]:
        reviews.give(made.version, made.pairs, relation="partial", coverage=25, by=person)

    def act(number: int) -> str:
        if number == HANDS // 2:
            crosswalks.publish(made.version, by=made.engineer)
            return "published"
        told = {"relation": "partial", "coverage": 25, "by": people[number]}
        reviews.give(made.version, made.pairs, **told)
        return "given"

    told = together(act)
    version = CrosswalkVersion.objects.get()
    assert version.status == "published"
    assert set(told) <= {"published", "given", "frozen"}
    assert told.count("published") == 1
    # The first two gave theirs beforehand: a second time replaces it.
    new = sum(answer == "given" for number, answer in enumerate(told) if number > 1)
    assert Review.objects.count() == len(made.pairs) * (2 + new)
    assert version.published_at is not None
    assert not Review.objects.filter(given_at__gt=version.published_at).exists()
    assert set(Mapping.objects.values_list("state", flat=True)) == {"agreed"}


def test_thirty_openings_of_the_next_version_leave_one_draft() -> None:
    made = world()
    for person in three(made)[:2]:
        reviews.give(made.version, [made.pair()], relation="total", by=person)
    crosswalks.publish(made.version, by=made.engineer)

    def open_one(_number: int) -> str:
        crosswalks.derive(made.version, by=made.engineer)
        return "opened"

    told = together(open_one)
    assert sorted(set(told)) == ["has_draft", "opened"]
    assert told.count("opened") == 1
    assert Mapping.objects.count() == 2
