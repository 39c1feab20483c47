"""What the decisions of a crosswalk amount to: agreement, coverage, gaps, what only completes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain import judgement
from reseda.competencies.domain.judgement import (
    DECIDED,
    NONE,
    Agreement,
    Alignment,
    Complement,
    Covered,
    Judged,
    Opinion,
)
from reseda.competencies.models import CrosswalkVersion, Item, Mapping, Review
from reseda.competencies.queries.crosswalks.axes import axis, groups

# Of Landis and Koch (1977), and what keeps kappa from having a value.
WORDS: dict[str, Promise] = {
    "no_pairs": _("aucun couple n’a deux avis"),
    "one_category": _(
        "sans valeur : les deux relecteurs ont donné partout la même relation, ce qui ne permet "
        "pas de distinguer l’accord du hasard"
    ),
    "poor": _("moins bon que le hasard"),
    "slight": _("très faible"),
    "fair": _("faible"),
    "moderate": _("modéré"),
    "substantial": _("fort"),
    "almost_perfect": _("presque parfait"),
}
CAUTIONS: dict[str, Promise] = {
    "few_pairs": _("Moins de 30 couples ont deux avis : l’intervalle est peu fiable."),
    "prevalence": _(
        "Une seule relation fait plus des quatre cinquièmes des avis : le kappa est alors bas "
        "même quand les relecteurs s’accordent presque toujours (Feinstein et Cicchetti, 1990)."
    ),
    "not_blind": _("La relecture n’était pas à l’aveugle : le second avis a pu suivre le premier."),
    "many_people": _("Plus de deux personnes ont relu : leurs accords sont mis en commun."),
}


@dataclass(frozen=True)
class Coverage:
    """One destination, how far it is reached, and by what; see `judgement.Covered`."""

    item: Item
    told: Covered
    origins: tuple[tuple[Item, int], ...]
    complementary: tuple[Item, ...]

    @property
    def covered(self) -> int:
        """The best share that an origin covers, in percent: shares are never added."""
        return self.told.covered

    @property
    def status(self) -> str:
        """One of "covered", "complementary", "gap", "in_progress", "untouched"."""
        return self.told.status

    @property
    def is_gap(self) -> bool:
        """Whether people decided that no origin leads here."""
        return self.told.is_gap


@dataclass(frozen=True)
class Supplement:
    """An origin that only completes what the school expects, and what it completes."""

    item: Item
    destinations: tuple[Item, ...]
    is_complete: bool


@dataclass(frozen=True)
class Aligned:
    """Webb’s measures of the destinations of one branch of the tree (None: of all of them)."""

    group: Item | None
    measures: Alignment


def agreement_of(version: CrosswalkVersion) -> Agreement:
    """Measure the agreement of two reviewers on their first opinions, by relation (one query).

    Of a pair judged by more than two, the first two count; the one of the two who joined first is
    the first reviewer throughout.
    """
    opinions: dict[int, list[tuple[int, str]]] = {}
    rows = Review.objects.filter(mapping__version=version).order_by("given_at", "pk")
    for mapping, author, first, last in rows.values_list(
        "mapping_id", "author_id", "first_relation", "relation"
    ):
        opinions.setdefault(mapping, []).append((author, first or last))
    doubles = [sorted(told[:2]) for told in opinions.values() if len(told) > 1]
    found = judgement.agreement([(one[1], other[1]) for one, other in doubles])
    people = {author for told in doubles for author, _relation in told}
    cautions = (
        *found.cautions,
        *(["not_blind"] if not version.is_blind else []),
        *(["many_people"] if len(people) > 2 else []),  # noqa: PLR2004 (two reviewers)
    )
    return replace(found, cautions=cautions if found.pairs else ())


def summary(found: Agreement) -> Promise:
    """Return the words of an agreement: a band, never to be shown without the figures."""
    return WORDS[found.words]


def coverage(version: CrosswalkVersion) -> tuple[Coverage, ...]:
    """Say how far each destination is reached, in tree order (four queries)."""
    origins = {item.pk: item for item in axis(version, "source")}
    destinations = {item.pk: item for item in axis(version, "target")}
    found = judgement.coverage(
        list(origins), list(destinations), _judged(version), _refused(version, "destination")
    )
    return tuple(
        Coverage(
            destinations[one.destination],
            one,
            tuple((origins[key], share) for key, share in one.origins),
            tuple(origins[key] for key in one.complementary),
        )
        for one in found
    )


def supplement(version: CrosswalkVersion) -> tuple[Supplement, ...]:
    """Return the origins whose only relations are complementary, in tree order (four queries)."""
    origins = {item.pk: item for item in axis(version, "source")}
    destinations = {item.pk: item for item in axis(version, "target")}
    found: tuple[Complement, ...] = judgement.supplement(
        list(origins), list(destinations), _judged(version), _refused(version, "origin")
    )
    return tuple(
        Supplement(
            origins[one.origin],
            tuple(destinations[key] for key in one.destinations),
            one.is_complete,
        )
        for one in found
    )


def alignment(version: CrosswalkVersion, found: Sequence[Coverage]) -> tuple[Aligned, ...]:
    """Measure the alignment of each group of destinations, after Webb (one query).

    `found` is the coverage of the version.
    """
    under = groups(version, "target")
    tops = {item.pk: item for item in under.values() if item}
    keys = {key: item.pk if item else None for key, item in under.items()}
    return tuple(
        Aligned(tops.get(one.group or 0), one)
        for one in judgement.alignment(keys, [each.told for each in found])
    )


def _judged(version: CrosswalkVersion) -> list[Judged]:
    """Read the pairs but those decided to be without a match, which are only counted.

    In a draft that is reviewed blind, a pair that awaits its second opinion is as if nobody had
    looked at it.
    """
    rows = Mapping.objects.filter(version=version).exclude(state__in=DECIDED, relation=NONE)
    if version.is_draft and version.is_blind:
        rows = rows.exclude(state=Mapping.State.PROPOSED)
    return [
        Judged(origin, end, state, Opinion(relation, share, within) if relation else None)
        for origin, end, state, relation, share, within in rows.values_list(
            "origin_id", "destination_id", "state", "relation", "coverage", "is_within"
        )
    ]


def _refused(version: CrosswalkVersion, end: str) -> dict[int, int]:
    rows = Mapping.objects.filter(version=version, state__in=DECIDED, relation=NONE)
    return dict(rows.order_by().values_list(f"{end}_id").annotate(count=Count("pk")))
