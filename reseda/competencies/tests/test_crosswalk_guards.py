"""What the database refuses by itself about crosswalks, whoever writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from reseda.competencies.actions import crosswalks, frameworks
from reseda.competencies.models import CrosswalkVersion, Mapping, Review
from reseda.competencies.tests.crosswalks import World, agree, freeze, suggest

pytestmark = pytest.mark.django_db


SQL = [
    "UPDATE competencies_mapping SET relation = 'none', coverage = NULL",
    "UPDATE competencies_mapping SET rationale = 'autre'",
    "DELETE FROM competencies_review",
    "UPDATE competencies_review SET rationale = 'autre'",
    "UPDATE competencies_review SET first_relation = 'none'",
    "DELETE FROM competencies_mapping WHERE id NOT IN (SELECT mapping_id FROM competencies_review)",
    "UPDATE competencies_crosswalkversion SET note = 'autre'",
    "UPDATE competencies_crosswalkversion SET status = 'draft', published_at = NULL",
    "UPDATE competencies_suggestion SET rank = 9",
    "DELETE FROM competencies_suggestion",
]


@pytest.mark.parametrize("sql", SQL)
def test_a_published_crosswalk_is_frozen_whoever_writes(made: World, sql: str) -> None:
    suggest(made)
    agree(made, made.pairs)
    bare = Mapping.objects.filter(version=made.version).order_by("pk").last()
    assert bare is not None
    bare.reviews.all().delete()
    before = [list(model.objects.order_by("pk").values()) for model in (Mapping, Review)]
    crosswalks.publish(made.version, by=made.engineer)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        connection.cursor().execute(sql)
    after = [list(model.objects.order_by("pk").values()) for model in (Mapping, Review)]
    assert after == before


def test_nothing_is_added_to_a_published_crosswalk(made: World) -> None:
    agree(made, [made.pair()])
    version = crosswalks.publish(made.version, by=made.engineer)
    pair = version.mappings.get()
    opinion = Review(
        mapping=pair, author=made.engineer, relation="none", given_at=version.published_at
    )
    other = Mapping(
        version=version,
        origin=made.origins[1],
        destination=made.destinations[1],
        state="agreed",
        relation="none",
        changed_at=version.published_at,
    )
    for row in (opinion, other):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            row.save()
    # The same rows are taken by a draft.
    opened = crosswalks.derive(version, by=made.engineer)
    other.version = opened
    other.save()
    opinion.mapping = opened.mappings.exclude(pk=other.pk).get()
    opinion.save()


def test_a_pair_of_other_frameworks_is_refused_by_the_database(made: World) -> None:
    stray = Mapping(
        version=made.version,
        origin=made.destinations[0],
        destination=made.origins[0],
        state="proposed",
        relation="none",
        changed_at=made.version.created_at,
    )
    with pytest.raises(DatabaseError, match="two versions"), transaction.atomic():
        stray.save()


def test_a_crosswalk_over_a_draft_is_refused_by_the_database(made: World) -> None:
    open_ = frameworks.derive(made.version.target, by=made.engineer)
    with pytest.raises(DatabaseError, match="frozen versions"), transaction.atomic():
        CrosswalkVersion.objects.filter(pk=made.version.pk).update(target=open_)
    freeze(open_)
    CrosswalkVersion.objects.filter(pk=made.version.pk).update(target=open_)
