"""What one viewer may know of pairs: in a blind review, one’s own opinion comes first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reseda.competencies.domain.judgement import PROPOSED
from reseda.competencies.models import CrosswalkVersion, Item, Mapping, Review, Suggestion
from reseda.competencies.permissions import EDIT_CROSSWALK, REVIEW_CROSSWALK
from reseda.people.models import Person
from reseda.people.policy import Viewer

Pair = tuple[int, int]


@dataclass(frozen=True)
class Earlier:
    """What an earlier version decided of the same pair, before a wording changed."""

    version: CrosswalkVersion
    mapping: Mapping

    @property
    def rationale(self) -> str:
        """Why it was decided."""
        return self.mapping.rationale


@dataclass(frozen=True)
class Cell:
    """A pair as one viewer may know it: show `state` and `relation`, never those of `mapping`.

    `state` is "" where nobody gave an opinion. `relation`, `coverage`, `is_within` are empty while
    people differ, or while the only opinion is hidden (`is_hidden`: a blind review). `mapping` is
    None then too.
    """

    origin: int
    destination: int
    state: str = ""
    relation: str = ""
    coverage: int | None = None
    is_within: bool = False
    mapping: Mapping | None = None
    mine: Review | None = None
    others: tuple[Review, ...] = ()
    is_hidden: bool = False
    suggestion: Suggestion | None = None
    earlier: Earlier | None = None

    @property
    def key(self) -> str:
        """How pages name a pair in a form: the two keys."""
        return f"{self.origin}-{self.destination}"

    @property
    def is_left(self) -> bool:
        """Whether the viewer’s opinion is awaited."""
        return self.state == "" or (self.state == PROPOSED and self.mine is None)


@dataclass(frozen=True)
class Sight:
    """What a viewer may know of a version: nothing of opinions, one’s own first, or all."""

    viewer: Viewer
    version: CrosswalkVersion
    may_review: bool
    may_edit: bool

    @classmethod
    def of(cls, viewer: Viewer, version: CrosswalkVersion) -> "Sight":
        """Read the rights of a viewer (two queries)."""
        return cls(
            viewer,
            version,
            REVIEW_CROSSWALK.allows(viewer, version),
            EDIT_CROSSWALK.allows(viewer, version),
        )

    def hides(self, state: str, mine: Review | None) -> bool:
        """Whether the opinions of the others are hidden: who settles a conflict must read them."""
        if not self.may_review:
            return True
        is_blind = self.version.is_draft and self.version.is_blind and mine is None
        return is_blind and not (self.may_edit and state != PROPOSED)


def cells(
    viewer: Viewer, version: CrosswalkVersion, origins: Sequence[Item], destinations: Sequence[Item]
) -> dict[Pair, Cell]:
    """Return the pairs of a window that have something to say: opinions, a suggestion, a past.

    At most ten queries, whatever the window; a pair that is absent is undecided.
    """
    rows = {item.pk for item in origins}
    columns = {item.pk for item in destinations}
    mappings = Mapping.objects.filter(version=version, origin__in=rows, destination__in=columns)
    found = known(Sight.of(viewer, version), mappings)
    past = _earlier(version, origins, destinations)
    for pair in past.keys() - found.keys():
        found[pair] = Cell(*pair, earlier=past[pair])
    for one in Suggestion.objects.filter(version=version, origin__in=rows, destination__in=columns):
        pair = one.origin_id, one.destination_id
        found[pair] = replace(found.get(pair) or Cell(*pair), suggestion=one)
    return found


def known(sight: Sight, mappings: Iterable[Mapping]) -> dict[Pair, Cell]:
    """Return what a viewer may know of pairs that have opinions (two queries)."""
    held = {mapping.pk: mapping for mapping in mappings}
    opinions: dict[int, list[Review]] = defaultdict(list)
    if sight.may_review:
        # A window has thousands of opinions of a few people: each of them is read once.
        reviews = list(Review.objects.filter(mapping__in=held))
        people = Person.objects.in_bulk({review.author_id for review in reviews})
        for review in reviews:
            review.author = people[review.author_id]
            opinions[review.mapping_id].append(review)
    told = (_told(sight, mapping, opinions[mapping.pk]) for mapping in held.values())
    return {(cell.origin, cell.destination): cell for cell in told}


def _told(sight: Sight, mapping: Mapping, opinions: Sequence[Review]) -> Cell:
    mine = next((one for one in opinions if one.author_id == sight.viewer.person.pk), None)
    is_hidden = sight.hides(mapping.state, mine)
    cell = Cell(
        mapping.origin_id,
        mapping.destination_id,
        mapping.state,
        mine=mine,
        others=() if is_hidden else tuple(one for one in opinions if one is not mine),
        is_hidden=is_hidden,
    )
    if is_hidden and mapping.state == PROPOSED:
        return cell
    return replace(
        cell,
        mapping=mapping,
        relation=mapping.relation,
        coverage=mapping.coverage,
        is_within=mapping.is_within,
    )


def previous(version: CrosswalkVersion) -> CrosswalkVersion | None:
    """Return the frozen version before this one (one query)."""
    return (
        CrosswalkVersion.objects.filter(crosswalk=version.crosswalk_id, number__lt=version.number)
        .exclude(status="draft")
        .select_related("crosswalk")
        .order_by("-number")
        .first()
    )


def _earlier(
    version: CrosswalkVersion, origins: Sequence[Item], destinations: Sequence[Item]
) -> dict[Pair, Earlier]:
    """Return what the version before decided of the pairs of a window."""
    before = previous(version) if version.is_draft and version.number > 1 else None
    if before is None:
        return {}
    rows = _before(before.source_id, origins)
    columns = _before(before.target_id, destinations)
    past = {}
    for one in before.mappings.filter(origin__in=rows, destination__in=columns):
        (row, one.origin), (column, one.destination) = (
            rows[one.origin_id],
            columns[one.destination_id],
        )
        past[row, column] = Earlier(before, one)
    return past


def _before(version: int, items: Sequence[Item]) -> dict[int, tuple[int, Item]]:
    """Return the same items as they were in a version: key now and item then, by key then."""
    now = {item.identifier: item.pk for item in items}
    found = Item.objects.filter(version=version, identifier__in=now)
    return {item.pk: (now[item.identifier], item) for item in found}
