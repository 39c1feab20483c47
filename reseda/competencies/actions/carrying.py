"""What a new version of a crosswalk takes from the one before, in bulk."""

from django.db.models import QuerySet

from reseda.competencies.domain import judgement
from reseda.competencies.domain.judgement import Wording
from reseda.competencies.models import CrosswalkVersion, Item, Mapping, Review

# Rows sent to the database at a time.
AT_ONCE = 500


def carry(held: CrosswalkVersion, opened: CrosswalkVersion) -> int:
    """Copy the decisions that still speak of the same words; return how many."""
    before, after = (_ends(held), _ends(opened))
    keys = {item.pk: str(item.identifier) for side in before for item in side}
    places = tuple({str(item.identifier): item for item in side} for side in after)
    mappings = {
        (keys[row.origin_id], keys[row.destination_id]): row
        for row in held.mappings.prefetch_related("reviews")
        if row.origin_id in keys and row.destination_id in keys
    }
    carried = judgement.carry(_worded(before), _worded(after), mappings)
    copies = []
    for pair in carried.pairs:
        copy = Mapping(version=opened, origin=places[0][pair[0]], destination=places[1][pair[1]])
        for name in (
            *("identifier", "state", "relation", "coverage", "is_within"),
            *("settled_by_id", "changed_at"),
        ):
            setattr(copy, name, getattr(mappings[pair], name))
        # That of an agreed pair is gathered again when this version is published.
        if copy.settled_by_id is not None:
            copy.rationale = mappings[pair].rationale
        copies.append(copy)
    Mapping.objects.bulk_create(copies, batch_size=AT_ONCE)
    Review.objects.bulk_create(
        [
            _copied(review, copy)
            for pair, copy in zip(carried.pairs, copies, strict=True)
            for review in mappings[pair].reviews.all()
        ],
        batch_size=AT_ONCE,
    )
    return len(copies)


def _ends(version: CrosswalkVersion) -> tuple[QuerySet[Item], QuerySet[Item]]:
    return (
        version.source.items.filter(kind__in=version.source_kinds.split(",")),
        version.target.items.filter(kind__in=version.target_kinds.split(",")),
    )


def _worded(
    ends: tuple[QuerySet[Item], QuerySet[Item]],
) -> tuple[tuple[Wording, ...], tuple[Wording, ...]]:
    origins, destinations = (
        tuple(Wording(str(item.identifier), item.statement, item.statement_en) for item in side)
        for side in ends
    )
    return origins, destinations


def _copied(review: Review, copy: Mapping) -> Review:
    return Review(
        mapping=copy,
        author_id=review.author_id,
        relation=review.relation,
        coverage=review.coverage,
        is_within=review.is_within,
        rationale=review.rationale,
        was_suggested=review.was_suggested,
        first_relation=review.first_relation,
        is_carried=True,
        given_at=review.given_at,
    )
