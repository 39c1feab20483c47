"""What a new version of a crosswalk takes from the one before, in two statements."""

from collections.abc import Sequence

from django.db import connection

from reseda.competencies.domain.judgement import Wording, carry
from reseda.competencies.models import CrosswalkVersion, Item

# Of a pair whose two wordings did not change; what was gathered for a publication is left out, as
# it is gathered again for the next one.
MAPPINGS = """
    INSERT INTO competencies_mapping (version_id, identifier, origin_id, destination_id, state,
        relation, coverage, is_within, rationale, settled_by_id, changed_at)
    SELECT %s, m.identifier, o2.id, d2.id, m.state, m.relation, m.coverage, m.is_within,
        CASE WHEN m.settled_by_id IS NULL THEN '' ELSE m.rationale END, m.settled_by_id,
        m.changed_at
    FROM competencies_mapping m
    JOIN competencies_item o1 ON o1.id = m.origin_id
    JOIN competencies_item d1 ON d1.id = m.destination_id
    JOIN competencies_item o2 ON o2.version_id = %s AND o2.identifier = o1.identifier
    JOIN competencies_item d2 ON d2.version_id = %s AND d2.identifier = d1.identifier
    WHERE m.version_id = %s
"""
REVIEWS = """
    INSERT INTO competencies_review (mapping_id, author_id, relation, coverage, is_within,
        rationale, was_suggested, first_relation, is_carried, given_at)
    SELECT n.id, r.author_id, r.relation, r.coverage, r.is_within, r.rationale, r.was_suggested,
        r.first_relation, true, r.given_at
    FROM competencies_review r
    JOIN competencies_mapping m ON m.id = r.mapping_id
    JOIN competencies_mapping n ON n.version_id = %s AND n.identifier = m.identifier
    WHERE m.version_id = %s
    ORDER BY r.id
"""


def take(held: CrosswalkVersion, opened: CrosswalkVersion) -> int:
    """Copy the decisions of a version that still speak of the same words; return how many.

    Tens of thousands of pairs may be copied: the database does it by itself.
    """
    before, after = _ends(held), _ends(opened)
    found = carry(_worded(before), _worded(after), [])
    moved = {*found.changed, *found.added}
    kept = [[item.pk for item in side if str(item.identifier) not in moved] for side in after]
    with connection.cursor() as cursor:
        ends = (opened.source_id, opened.target_id)
        cursor.execute(MAPPINGS, (opened.pk, *ends, held.pk))
        opened.mappings.exclude(origin__in=kept[0], destination__in=kept[1]).delete()
        cursor.execute(REVIEWS, (opened.pk, held.pk))
    return opened.mappings.count()


def _ends(version: CrosswalkVersion) -> tuple[list[Item], list[Item]]:
    return (
        list(version.source.items.filter(kind__in=version.source_kinds.split(","))),
        list(version.target.items.filter(kind__in=version.target_kinds.split(","))),
    )


def _worded(ends: tuple[Sequence[Item], Sequence[Item]]) -> tuple[list[Wording], list[Wording]]:
    origins, destinations = (
        [Wording(str(item.identifier), item.statement, item.statement_en) for item in side]
        for side in ends
    )
    return origins, destinations
