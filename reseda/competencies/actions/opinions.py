"""Writing the opinions of one person on many pairs, and where each pair then stands, in bulk."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reseda.competencies.actions.drafts import AT_ONCE
from reseda.competencies.domain.judgement import Opinion, fault, outcome
from reseda.competencies.models import CrosswalkVersion, Item, Review
from reseda.competencies.models import Mapping as Row
from reseda.people.models import Person

# Pairs judged by one act: a row of a large framework, not a whole crosswalk by mistake.
MAX_PAIRS = 2_000
MAX_RATIONALE = 1_000
FAULTS = {
    "unknown_relation": _("Choisissez une relation."),
    "coverage_missing": _("Indiquez la part couverte : un quart, la moitié ou trois quarts."),
    "unknown_coverage": _("La part couverte est d’un quart, de la moitié ou de trois quarts."),
    "coverage_not_of_partial": _("Seule une convergence partielle a une part couverte."),
}

Pair = tuple[int, int]
Standing = tuple[str, Opinion | None]


@dataclass(frozen=True)
class Before:
    """One’s own opinion on a pair as it was before an act; `relation` is "" if there was none.

    Plain values, so that a session can keep it; `given_at` is in ISO 8601.
    """

    origin: int
    destination: int
    relation: str = ""
    coverage: int | None = None
    is_within: bool = False
    rationale: str = ""
    was_suggested: bool = False
    is_carried: bool = False
    first_relation: str = ""
    given_at: str = ""

    @property
    def pair(self) -> Pair:
        """The keys of the two items."""
        return self.origin, self.destination


def check(opinion: Opinion, rationale: str) -> None:
    """Raise `ValidationError` unless this may be thought of a pair, in so many words."""
    code = fault(opinion)
    if code:
        field = "relation" if code == "unknown_relation" else "coverage"
        raise ValidationError({field: ValidationError(FAULTS[code], code=code)})
    if len(rationale) > MAX_RATIONALE:
        words = _("La justification a %(limit)d signes au plus.")
        raise ValidationError(
            {"rationale": ValidationError(words, "too_long", {"limit": MAX_RATIONALE})}
        )


def wanted(version: CrosswalkVersion, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs once each; they must be of the items that are compared."""
    once = list(dict.fromkeys(pairs))
    if not 0 < len(once) <= MAX_PAIRS:
        raise ValidationError(
            _("Choisissez de 1 à %(limit)d couples à la fois."),
            code="too_many_pairs",
            params={"limit": MAX_PAIRS},
        )
    for keys, side, kinds in (
        ({origin for origin, _end in once}, version.source_id, version.source_kinds),
        ({end for _origin, end in once}, version.target_id, version.target_kinds),
    ):
        found = Item.objects.filter(version=side, kind__in=kinds.split(","), pk__in=keys)
        if found.count() != len(keys):
            raise ValidationError(
                _("Un élément choisi n’est pas de ceux que cette table compare."),
                code="not_compared",
            )
    return once


def rows_of(version: CrosswalkVersion, asked: Sequence[Pair]) -> dict[Pair, Row]:
    """Read the pairs that have opinions, with these; a settled one is refused."""
    origins, destinations = zip(*asked, strict=True)
    found = version.mappings.filter(
        origin__in=set(origins), destination__in=set(destinations)
    ).prefetch_related("reviews")
    chosen = set(asked)
    rows = {(row.origin_id, row.destination_id): row for row in found}
    rows = {pair: row for pair, row in rows.items() if pair in chosen}
    settled = sum(row.state == Row.State.SETTLED for row in rows.values())
    if settled:
        raise ValidationError(
            ngettext(
                "%(count)d couple est déjà tranché : rouvrez-le d’abord.",
                "%(count)d couples sont déjà tranchés : rouvrez-les d’abord.",
                settled,
            ),
            code="settled",
            params={"count": settled},
        )
    return rows


def opinions_of(person: Person, rows: Mapping[Pair, Row]) -> dict[Pair, Before]:
    """Return what a person thinks of these pairs now, where they think something."""
    return {
        pair: Before(
            *pair,
            relation=review.relation,
            coverage=review.coverage,
            is_within=review.is_within,
            rationale=review.rationale,
            was_suggested=review.was_suggested,
            is_carried=review.is_carried,
            first_relation=review.first_relation,
            given_at=review.given_at.isoformat(),
        )
        for pair, row in rows.items()
        for review in row.reviews.all()
        if review.author_id == person.pk
    }


def write(
    version: CrosswalkVersion, said: Mapping[Pair, Before], rows: dict[Pair, Row], by: Person
) -> None:
    """Put these opinions of a person in the place of theirs, and say where each pair then stands.

    The number of statements does not grow with the pairs, batches of the database apart.
    """
    standing = {pair: _standing(version, one, rows.get(pair), by) for pair, one in said.items()}
    missing = [pair for pair, one in said.items() if one.relation and pair not in rows]
    now = timezone.now()
    created = _created(version, {pair: standing[pair] for pair in missing}, now)
    kept = {**rows, **created}
    Review.objects.filter(
        author=by, mapping__in=[row.pk for pair, row in rows.items() if pair in said]
    ).delete()
    Review.objects.bulk_create(
        [_review(kept[pair], one, by) for pair, one in said.items() if one.relation],
        batch_size=AT_ONCE,
    )
    groups: dict[Standing, list[int]] = defaultdict(list)
    for pair, row in rows.items():
        if pair in said:
            groups[standing[pair]].append(row.pk)
    Row.objects.filter(pk__in=groups.pop(("", None), [])).delete()
    for (state, found), keys in groups.items():
        relation, coverage, is_within = held_for(found)
        Row.objects.filter(pk__in=keys).update(
            state=state,
            relation=relation,
            coverage=coverage,
            is_within=is_within,
            changed_at=now,
        )


def _standing(version: CrosswalkVersion, one: Before, row: Row | None, by: Person) -> Standing:
    opinions = [
        opinion(review)
        for review in (row.reviews.all() if row else ())
        if review.author_id != by.pk
    ]
    if one.relation:
        opinions.append(Opinion(one.relation, one.coverage, one.is_within))
    return outcome(opinions, reviewers=version.reviewers, settled=None)


def opinion(review: Review) -> Opinion:
    """Return what a row of the database says."""
    return Opinion(review.relation, review.coverage, review.is_within)


def held_for(found: Opinion | None) -> tuple[str, int | None, bool]:
    """Return relation, coverage and is_within as a row keeps them, empty in a conflict."""
    return (found.relation, found.coverage, found.is_within) if found else ("", None, False)


def _created(
    version: CrosswalkVersion, standing: Mapping[Pair, Standing], now: datetime
) -> dict[Pair, Row]:
    keys = {key for pair in standing for key in pair}
    names = dict(Item.objects.filter(pk__in=keys).values_list("pk", "identifier"))
    rows = [
        Row(
            version=version,
            identifier=identifier_of(version, names[origin], names[destination]),
            origin_id=origin,
            destination_id=destination,
            state=state,
            changed_at=now,
            **dict(zip(("relation", "coverage", "is_within"), held_for(found), strict=True)),
        )
        for (origin, destination), (state, found) in standing.items()
    ]
    return dict(zip(standing, Row.objects.bulk_create(rows, batch_size=AT_ONCE), strict=True))


def identifier_of(
    version: CrosswalkVersion, origin: uuid.UUID, destination: uuid.UUID
) -> uuid.UUID:
    """Name a pair of a crosswalk: the same two items have the same name in all its versions."""
    return uuid.uuid5(version.crosswalk.identifier, f"{origin} {destination}")


def _review(row: Row, one: Before, by: Person) -> Review:
    return Review(
        mapping=row,
        author=by,
        relation=one.relation,
        coverage=one.coverage,
        is_within=one.is_within,
        rationale=one.rationale,
        was_suggested=one.was_suggested,
        is_carried=one.is_carried,
        first_relation=one.first_relation,
        given_at=datetime.fromisoformat(one.given_at),
    )
