"""What service develops beside what the school expects, as the published crosswalk says it.

A crosswalk is read, never guessed: without a published one towards the framework, nothing is said.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import CrosswalkVersion, Framework, Item, Mapping, Relation
from reseda.competencies.models import FrameworkVersion as Version
from reseda.recognition.models import RecognitionFile
from reseda.recognition.queries.frameworks import Competency, expected

SHARES: dict[int, Promise] = {
    25: _("un quart environ"),
    50: _("la moitié environ"),
    75: _("les trois quarts environ"),
}
WHOLE = 100


@dataclass(frozen=True)
class Bond:
    """What an ability of the reserve is to a competency of the school, and why."""

    ability: Item
    competency: Item
    relation: str
    coverage: int
    rationale: str
    # What is covered, where it is not the competency itself but an item under it.
    part: Item | None = None

    @property
    def is_convergent(self) -> bool:
        """Whether it is in what the school expects, in whole or in part."""
        return self.coverage > 0

    @property
    def weight(self) -> tuple[bool, int]:
        """What tells more comes higher: the competency before a part of it, then how much."""
        return self.is_convergent and self.part is None, self.coverage

    @property
    def share(self) -> str | Promise:
        """How much of the competency the ability covers, in words that follow “for”."""
        if self.part is not None:
            return _("une partie : « %(part)s »") % {"part": self.part.label}
        return _("la totalité") if self.coverage == WHOLE else SHARES.get(self.coverage, "")


@dataclass(frozen=True)
class Correspondence:
    """The abilities that a reserve framework names, and what people decided of each."""

    version: CrosswalkVersion | None = None
    abilities: tuple[Item, ...] = ()
    bonds: tuple[Bond, ...] = ()
    # The ability that an item of the reserve framework is part of.
    whole: dict[UUID, Item] = field(default_factory=dict)

    def converging(self, competency: Item) -> tuple[Bond, ...]:
        """Return what converges with a competency, what covers most first."""
        found = (one for one in self.bonds if one.competency == competency and one.is_convergent)
        return tuple(sorted(found, key=lambda one: one.weight, reverse=True))

    def of(self, ability: Item) -> tuple[Bond, ...]:
        """Return what an ability is to the school’s competencies, what it covers most first."""
        found = (one for one in self.bonds if one.ability == ability)
        return tuple(sorted(found, key=lambda one: one.weight, reverse=True))

    def to_supplement(self, named: Collection[UUID]) -> tuple[Item, ...]:
        """Return, of the abilities named, those that no competency expects but some complete."""
        convergent = {one.ability.pk for one in self.bonds if one.is_convergent}
        complementary = {one.ability.pk for one in self.bonds} - convergent
        return tuple(
            one for one in self.abilities if one.pk in complementary and one.identifier in named
        )


def crosswalk_in_force(version: Version | int) -> CrosswalkVersion | None:
    """Return the published crosswalk from the reserve to this very version, or None.

    Where several are published, the latest answers.
    """
    return (
        CrosswalkVersion.objects.filter(
            target=version,
            source__framework__kind=Framework.Kind.RESERVE,
            status=CrosswalkVersion.Status.PUBLISHED,
        )
        .select_related("crosswalk")
        .order_by("-published_at", "-pk")
        .first()
    )


def correspondence(version: Version) -> Correspondence:
    """Return what the crosswalk in force says of a framework; else the bare abilities, if any."""
    found = crosswalk_in_force(version)
    if found is not None:
        return _read(found, expected(version))
    reserve = (
        Version.objects.filter(
            framework__school=version.framework.school_id,
            framework__kind=Framework.Kind.RESERVE,
            status=Version.Status.PUBLISHED,
        )
        .order_by("-published_at", "-pk")
        .first()
    )
    return _abilities(None, expected(reserve)) if reserve else Correspondence()


def correspondence_of(
    file: RecognitionFile, version: Version, competencies: tuple[Competency, ...]
) -> Correspondence:
    """Return what is read with a file: the crosswalk of its decision, else the one in force."""
    if file.status != RecognitionFile.Status.DECIDED:
        found = crosswalk_in_force(version)
    else:
        decided = CrosswalkVersion.objects.filter(decisions__file=file)
        found = decided.select_related("crosswalk").first()
    return _read(found, competencies) if found else Correspondence()


def _read(version: CrosswalkVersion, competencies: tuple[Competency, ...]) -> Correspondence:
    known = _abilities(version, expected(version.source_id))
    wholes = {member: each.item for each in competencies for member in each.members}
    best: dict[tuple[int, int], Bond] = {}
    rows = Mapping.objects.filter(version=version).exclude(relation=Relation.NONE)
    told = rows.select_related("origin", "destination").prefetch_related("reviews")
    for row in told.order_by("pk"):
        ability = known.whole.get(row.origin.identifier)
        competency = wholes.get(row.destination.identifier)
        if ability is None or competency is None:
            continue
        covered = WHOLE if row.relation == Relation.TOTAL else row.coverage or 0
        part = None if row.destination == competency else row.destination
        bond = Bond(ability, competency, row.relation, covered, _why(row), part)
        held = best.setdefault((ability.pk, competency.pk), bond)
        if held.weight < bond.weight:
            best[ability.pk, competency.pk] = bond
    return Correspondence(version, known.abilities, tuple(best.values()), known.whole)


def _why(row: Mapping) -> str:
    """Return what settled a pair, else what those who agreed wrote; nobody is named."""
    said = dict.fromkeys(review.rationale for review in row.reviews.all() if review.rationale)
    return row.rationale or "\n".join(said)


def _abilities(
    version: CrosswalkVersion | None, abilities: tuple[Competency, ...]
) -> Correspondence:
    return Correspondence(
        version,
        tuple(each.item for each in abilities),
        whole={member: each.item for each in abilities for member in each.members},
    )
