"""Versions of a crosswalk: opened, set, published, carried to the next, and frozen for good."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from reseda.competencies.actions import crosswalks, frameworks, reviews
from reseda.competencies.models import (
    Crosswalk,
    CrosswalkVersion,
    FrameworkVersion,
    Mapping,
    Review,
)
from reseda.competencies.permissions import (
    CREATE_CROSSWALK,
    EDIT_CROSSWALK,
    READ_CROSSWALK,
    REVIEW_CROSSWALK,
)
from reseda.competencies.queries import crosswalks as read
from reseda.competencies.queries.crosswalks.overview import carried
from reseda.competencies.tests.crosswalks import World, agree, codes, next_version
from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.tests.factories import make_person, make_programme, make_school

pytestmark = pytest.mark.django_db


def published(made: World, pairs: list[tuple[int, int]] | None = None) -> CrosswalkVersion:
    agree(made, pairs or made.pairs)
    return crosswalks.publish(made.version, by=made.engineer)


# --- Opening and settings


def test_a_crosswalk_opens_over_two_frozen_versions_with_usual_settings(made: World) -> None:
    version = made.version
    assert (version.number, version.status, version.reviewers) == (1, "draft", 2)
    assert version.is_blind
    assert (version.source_kinds, version.target_kinds) == ("competency", "competency")
    assert version.crosswalk.source == version.source.framework


def test_a_draft_framework_another_school_or_the_same_framework_are_refused(made: World) -> None:
    open_ = frameworks.derive(made.version.target, by=made.engineer)
    other = world_of("ecole-b")
    told = {"title": "Autre", "by": made.engineer}
    source, target = made.version.source, made.version.target
    for ends, code in (
        ((source, open_), "not_published"),
        ((source, other), "elsewhere"),
        ((source, source), "same_framework"),
    ):
        pair = dict(zip(("source", "target"), ends, strict=True))
        assert codes(crosswalks.create, made.school, **pair, **told) == [code]
    told = {"source": source, "target": target, "by": made.engineer}
    for facts, code in (
        ({"title": " "}, "blank"),
        ({"title": made.version.crosswalk.title}, "unique_together"),
        ({"title": "Autre", "target_kinds": ["block"]}, "nothing_to_compare"),
        ({"title": "Autre", "target_kinds": []}, "nothing_to_compare"),
        ({"title": "Autre", "source_kinds": ["nonsense"]}, "nothing_to_compare"),
        ({"title": "Autre", "reviewers": 3}, "invalid_choice"),
    ):
        found = codes(crosswalks.create, made.school, **told, **facts)
        assert len(found) == 1
        assert code in (found[0], "unique_together")
    assert Crosswalk.objects.count() == 1


def world_of(slug: str) -> FrameworkVersion:
    school = make_school(slug)
    by = make_person(f"inge@{slug}.fr", Role.COMPETENCY_ENGINEER, school=school)
    return frameworks.load_example(school, "ecole", by=by)


def test_kinds_are_kept_in_the_order_of_the_tree_and_once(made: World) -> None:
    told = {"source": made.version.source, "target": made.version.target, "by": made.engineer}
    version = crosswalks.create(
        made.school, title="Indices", source_kinds=["indicator", "competency"], **told
    )
    assert version.source_kinds == "competency,indicator"
    assert len(read.axis(version, "source")) == 6


def test_settings_change_while_it_is_a_draft(made: World) -> None:
    crosswalks.edit(made.version, title="Rapprochement", is_blind=False, by=made.engineer)
    found = CrosswalkVersion.objects.get()
    assert (found.crosswalk.title, found.is_blind, found.reviewers) == ("Rapprochement", False, 2)
    published(made)
    assert codes(crosswalks.edit, made.version, note="Tard", by=made.engineer) == ["frozen"]


def test_a_review_that_was_open_does_not_become_blind_again(made: World) -> None:
    crosswalks.edit(made.version, is_blind=False, by=made.engineer)
    crosswalks.edit(made.version, is_blind=True, by=made.engineer)
    reviews.give(made.version, [made.pair()], relation="none", by=made.assessor)
    crosswalks.edit(made.version, is_blind=False, by=made.engineer)
    assert codes(crosswalks.edit, made.version, is_blind=True, by=made.engineer) == ["not_blind"]


def test_opinions_count_anew_when_the_number_of_reviewers_changes(made: World) -> None:
    reviews.give(made.version, made.pairs[:3], relation="none", by=made.assessor)
    reviews.give(made.version, made.pairs[:2], relation="none", by=made.juror)
    reviews.give(made.version, made.pairs[:1], relation="total", by=made.engineer)

    def states() -> list[str]:
        return list(Mapping.objects.order_by("pk").values_list("state", flat=True))

    assert states() == ["conflict", "agreed", "proposed"]
    crosswalks.edit(made.version, reviewers=1, by=made.engineer)
    assert states() == ["conflict", "agreed", "agreed"]
    crosswalks.edit(made.version, reviewers=2, by=made.engineer)
    assert states() == ["conflict", "agreed", "proposed"]


def test_kinds_that_were_judged_cannot_be_left_out(made: World) -> None:
    reviews.give(made.version, [made.pair()], relation="none", by=made.assessor)
    told = {"source_kinds": ["indicator"], "by": made.engineer}
    assert codes(crosswalks.edit, made.version, **told) == ["kinds_in_use"]
    reviews.withdraw(made.version, [made.pair()], by=made.assessor)
    crosswalks.edit(made.version, **told)


# --- Publishing


def test_publication_waits_for_every_second_opinion_and_every_conflict(made: World) -> None:
    assert codes(crosswalks.publish, made.version, by=made.engineer) == ["nothing"]
    reviews.give(made.version, made.pairs[:3], relation="total", by=made.assessor)
    reviews.give(made.version, made.pairs[:1], relation="none", by=made.juror)
    with pytest.raises(ValidationError) as caught:
        crosswalks.publish(made.version, by=made.engineer)
    assert [one.code for one in caught.value.error_list] == ["conflicts", "awaiting"]
    assert caught.value.messages == [
        "1 couple a des avis opposés : tranchez-le d’abord.",
        "2 couples attendent leur second avis.",
    ]
    reviews.give(made.version, made.pairs[:3], relation="total", by=made.juror)
    version = crosswalks.publish(made.version, by=made.engineer)
    assert version.status == "published"
    assert version.published_at


def test_a_single_reviewer_is_enough_where_the_school_chose_so(made: World) -> None:
    crosswalks.edit(made.version, reviewers=1, by=made.engineer)
    reviews.give(made.version, [made.pair()], relation="total", by=made.engineer)
    assert crosswalks.publish(made.version, by=made.engineer).status == "published"


def test_what_reviewers_said_is_kept_beside_each_pair_when_published(made: World) -> None:
    for person, words in ((made.assessor, "Même geste"), (made.juror, "Même cadre")):
        reviews.give(made.version, [made.pair()], relation="total", rationale=words, by=person)
    agree(made, [made.pair(1)], "none", rationale="Rien de commun")
    crosswalks.publish(made.version, by=made.engineer)
    told = list(Mapping.objects.order_by("pk").values_list("rationale", flat=True))
    assert told == ["Même geste\nMême cadre", "Rien de commun"]


def test_a_new_publication_retires_the_one_in_force(made: World) -> None:
    first = published(made)
    second = crosswalks.derive(first, by=made.engineer)
    crosswalks.publish(second, by=made.engineer)
    told = CrosswalkVersion.objects.order_by("number").values_list("number", "status")
    assert list(told) == [(1, "retired"), (2, "published")]
    assert codes(crosswalks.retire, first, by=made.engineer) == ["not_published"]
    crosswalks.retire(second, by=made.engineer)
    assert not CrosswalkVersion.objects.filter(status="published").exists()


# --- The next version


def test_decisions_are_carried_while_the_wordings_do_not_change(made: World) -> None:
    agree(made, [made.pair(0, 0), made.pair(0, 1)], "partial", coverage=50, rationale="Carte")
    reviews.give(made.version, [made.pair(1, 0)], relation="total", by=made.assessor)
    reviews.give(made.version, [made.pair(1, 0)], relation="none", by=made.juror)
    conflict = Mapping.objects.get(state="conflict")
    reviews.settle(conflict, relation="none", rationale="Tranché", by=made.engineer)
    first = crosswalks.publish(made.version, by=made.engineer)
    target = next_version(first.target.framework, ["Attendu 1", "Attendu 2 récrit", "Nouveau"])
    opened = crosswalks.derive(first, target=target, by=made.engineer)

    assert (opened.number, opened.source, opened.target) == (2, first.source, target)
    rows = {
        (row.origin.code, row.destination.code): row
        for row in opened.mappings.select_related("origin", "destination")
    }
    assert set(rows) == {("R1", "S1"), ("R2", "S1")}
    agreed, settled = rows["R1", "S1"], rows["R2", "S1"]
    assert (agreed.state, agreed.relation, agreed.coverage) == ("agreed", "partial", 50)
    assert agreed.destination.version == target
    assert (settled.state, settled.settled_by, settled.rationale) == (
        "settled",
        made.engineer,
        "Tranché",
    )
    copies = agreed.reviews.order_by("author")
    assert [(one.is_carried, one.rationale) for one in copies] == [(True, "Carte")] * 2
    was = first.mappings.get(origin=made.origins[0], destination=made.destinations[0])
    assert agreed.identifier == was.identifier

    told, named = carried(first, opened.source, opened.target)
    assert (len(told.pairs), len(told.reworded), len(told.lost)) == (2, 1, 0)
    assert [named[key].statement for key in told.changed] == ["Attendu 2 récrit"]
    assert [named[key].statement for key in told.added] == ["Nouveau"]
    # What was decided on the old wording stands beside the pair, which is to be judged again.
    ends = read.axis(opened, "source"), read.axis(opened, "target")
    reworded = made.origins[0].pk, target.items.get(code="S2").pk
    cell = read.cells(Viewer.of(made.juror), opened, *ends)[reworded]
    assert cell.state == ""
    assert cell.earlier
    assert (cell.earlier.mapping.relation, cell.earlier.version) == ("partial", first)
    assert cell.earlier.mapping.destination.statement == "Attendu 2"


def test_a_pair_judged_again_keeps_its_name(made: World) -> None:
    first = published(made)
    target = next_version(first.target.framework, ["Attendu 1 récrit", "Attendu 2"])
    opened = crosswalks.derive(first, target=target, by=made.engineer)
    item = target.items.get(code="S1")
    reviews.give(opened, [(made.origins[0].pk, item.pk)], relation="none", by=made.assessor)
    was = first.mappings.get(origin=made.origins[0], destination=made.destinations[0])
    assert opened.mappings.get(destination=item).identifier == was.identifier


def test_a_version_opens_once_over_frozen_versions_of_its_own_frameworks(made: World) -> None:
    assert codes(crosswalks.derive, made.version, by=made.engineer) == ["has_draft"]
    first = published(made)
    open_ = frameworks.derive(first.target, by=made.engineer)
    for end in (open_, first.source):
        assert codes(crosswalks.derive, first, target=end, by=made.engineer) == ["other_framework"]
    crosswalks.derive(first, by=made.engineer)
    assert codes(crosswalks.derive, first, by=made.engineer) == ["has_draft"]


def test_a_draft_is_thrown_away_and_what_was_published_stays(made: World) -> None:
    first = published(made)
    opened = crosswalks.derive(first, by=made.engineer)
    crosswalks.delete_draft(opened, by=made.engineer)
    assert list(CrosswalkVersion.objects.all()) == [first]
    assert Mapping.objects.count() == len(made.pairs)
    assert codes(crosswalks.delete_draft, first, by=made.engineer) == ["frozen"]


def test_a_crosswalk_that_had_only_a_draft_goes_with_it(made: World) -> None:
    reviews.give(made.version, made.pairs, relation="none", by=made.assessor)
    crosswalks.delete_draft(made.version, by=made.engineer)
    assert not Crosswalk.objects.exists()
    assert not Review.objects.exists()


# --- Rights


def test_who_may_read_judge_and_publish(made: World) -> None:
    school, programme = made.school, make_programme(made.school)
    stranger = make_school("ecole-b")
    people = {
        "student": make_person("eleve@a.fr", Role.STUDENT, school=school),
        "correspondent": make_person("unite@a.fr", Role.UNIT_CORRESPONDENT, school=school),
        "limited": make_person("juree@a.fr", Role.JURY_MEMBER, school=school, scope=programme),
        "stranger": make_person("dir@b.fr", Role.STUDIES_DIRECTOR, school=stranger),
        "nobody": make_person("rien@a.fr"),
        "assessor": made.assessor,
        "engineer": made.engineer,
    }

    def opened(permission: Any, obj: Any) -> set[str]:
        return {name for name, one in people.items() if permission.allows(Viewer.of(one), obj)}

    judges = {"assessor", "engineer", "limited"}
    assert opened(READ_CROSSWALK, made.version) == judges
    assert opened(REVIEW_CROSSWALK, made.version) == judges
    assert opened(EDIT_CROSSWALK, made.version) == {"engineer"}
    assert opened(CREATE_CROSSWALK, school) == {"engineer"}
    published(made)
    assert opened(READ_CROSSWALK, made.version) == {*judges, "student"}


@pytest.mark.parametrize("act", [crosswalks.publish, crosswalks.derive, crosswalks.retire])
def test_only_those_who_hold_the_crosswalk_change_its_versions(made: World, act: Any) -> None:
    for person in (made.assessor, other_engineer()):
        with pytest.raises(PermissionDenied):
            act(made.version, by=person)
        with pytest.raises(PermissionDenied):
            crosswalks.edit(made.version, title="Volée", by=person)
        with pytest.raises(PermissionDenied):
            crosswalks.delete_draft(made.version, by=person)


def other_engineer() -> Person:
    return make_person("inge@b.fr", Role.COMPETENCY_ENGINEER, school=make_school("ecole-b"))


def test_versions_are_journaled_by_number(made: World) -> None:
    first = published(made)
    opened = crosswalks.derive(first, by=made.engineer)
    crosswalks.delete_draft(opened, by=made.engineer)
    crosswalks.retire(first, by=made.engineer)
    told = Entry.objects.order_by("number").values_list("verb", "facts")
    assert [row for row in told if row[0].endswith("_crosswalk")] == [
        ("competencies.create_crosswalk", {}),
        ("competencies.publish_crosswalk", {"number": 1, "pairs": 6}),
        ("competencies.derive_crosswalk", {"number": 2, "pairs": 6}),
        ("competencies.delete_crosswalk", {"number": 2, "pairs": 6}),
        ("competencies.retire_crosswalk", {"number": 1}),
    ]
