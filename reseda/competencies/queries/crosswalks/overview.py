"""Where a version stands, in the words and lengths of its pages."""

from collections import Counter
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain import judgement
from reseda.competencies.domain.judgement import Agreement, Carried
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion, Item, Mapping, Review
from reseda.competencies.permissions import READ_VERSION
from reseda.competencies.queries.crosswalks.axes import axis
from reseda.competencies.queries.crosswalks.measures import Coverage
from reseda.competencies.queries.crosswalks.progress import progress
from reseda.competencies.queries.crosswalks.screens import Eyes, known_to
from reseda.journal import queries as journal
from reseda.people.models import Person
from reseda.people.policy import Viewer

# Drawn as a hundred units long.
WHOLE = 100
# A scale of kappa from -0.2 to 1, on 300 units after 10.
LOWEST, LENGTH, MARGIN = -0.2, 300, 10
Look = tuple[str, str, Promise]
STATES: Table[str, Look] = {
    "settled": ("info", "gavel", _("tranchés")),
    "agreed": ("ok", "check", _("d’accord")),
    "proposed": ("wait", "hourglass", _("second avis attendu")),
    "conflict": ("stop", "triangle-alert", _("avis opposés")),
    "open": ("quiet", "circle-dashed", _("à examiner")),
}
REACHED: Table[str, Look] = {
    "whole": ("ok", "circle-check", _("couvertes tout entières")),
    "partly": ("ok", "circle-dot-dashed", _("couvertes en partie")),
    "beside": ("info", "circle-plus", _("complétées seulement")),
    "gap": ("stop", "circle-slash", _("sans correspondance, décidé")),
    "open": ("quiet", "circle-dashed", _("à examiner encore")),
}


@dataclass(frozen=True)
class Part:
    """One part of a whole: where it is drawn, how it is said."""

    state: str
    count: int
    x: str
    width: str
    tone: str
    icon: str
    word: str | Promise


@dataclass(frozen=True)
class Standing:
    """How far the pairs are judged, as one viewer may know it; `awaits_me` is None once frozen."""

    pairs: int
    done: int
    awaits_me: int | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Scale:
    """Kappa and its interval on a drawn scale, in units of the drawing."""

    point: str
    low: str
    span: str
    notches: tuple[tuple[str, str], ...]


def parts(counts: Table[str, int], looks: Table[str, Look]) -> tuple[Part, ...]:
    """Lay the parts of a whole end to end, those without anything left out."""
    whole = sum(counts.values())
    found, x = [], 0.0
    for state, (tone, icon, word) in looks.items():
        count = counts.get(state, 0)
        if count:
            width = WHOLE * count / whole
            found.append(Part(state, count, f"{x:.3f}", f"{width:.3f}", tone, icon, word))
            x += width
    return tuple(found)


def progress_of(version: CrosswalkVersion, eyes: Eyes) -> Standing:
    """Count the pairs by state; a pair judged blindly by others alone is one to examine.

    Five queries.
    """
    told = progress(version, eyes.viewer)
    known = version.mappings.filter(known_to(version, eyes), state=Mapping.State.PROPOSED)
    proposed = known.distinct().count()
    counts = {
        "settled": told.settled,
        "agreed": told.agreed,
        "proposed": proposed,
        "conflict": told.conflict,
    }
    counts["open"] = told.pairs - sum(counts.values())
    awaits = told.left if version.is_draft and eyes.is_reviewer else None
    return Standing(told.pairs, told.decided, awaits, parts(counts, STATES))


def waiting(version: CrosswalkVersion) -> dict[str, int]:
    """Count what stands between a draft and its publication (one query)."""
    return version.mappings.aggregate(
        decided=Count("pk", filter=Q(state__in=("agreed", "settled"))),
        conflict=Count("pk", filter=Q(state="conflict")),
        proposed=Count("pk", filter=Q(state="proposed")),
    )


def is_served(version: CrosswalkVersion) -> bool:
    """Tell whether programs read this version by CASE: the last one ever published (one query)."""
    published = CrosswalkVersion.objects.filter(crosswalk=version.crosswalk_id)
    last = published.exclude(status="draft").order_by("-number").first()
    return last is not None and last.pk == version.pk


def conflict_count(version: CrosswalkVersion) -> int:
    """Count the pairs whose reviewers differ (one query)."""
    return version.mappings.filter(state=Mapping.State.CONFLICT).count()


def coverage_parts(found: Sequence[Coverage]) -> tuple[Part, ...]:
    """Count what the school expects by how far it is reached."""
    counts = Counter(_reached(one) for one in found)
    return parts(counts, REACHED)


def _reached(one: Coverage) -> str:
    if one.status == "covered":
        return "whole" if one.covered == WHOLE else "partly"
    return {"complementary": "beside", "gap": "gap"}.get(one.status, "open")


def scale(found: Agreement) -> Scale | None:
    """Lay kappa and its interval on a scale, None where it has no value."""
    if found.kappa is None or found.low is None or found.high is None:
        return None
    low = _placed(found.low)
    return Scale(
        f"{_placed(found.kappa):.1f}",
        f"{low:.1f}",
        f"{max(_placed(found.high) - low, 1):.1f}",
        tuple((f"{_placed(value):.1f}", number_format(value, 1)) for value in NOTCHES),
    )


NOTCHES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def _placed(value: float) -> float:
    return MARGIN + LENGTH * (max(value, LOWEST) - LOWEST) / (1 - LOWEST)


# --- What can be compared, and carried


def has_two_frameworks(viewer: Viewer) -> bool:
    """Tell whether two frameworks are published: what a crosswalk needs (one query)."""
    rows = READ_VERSION.rows(viewer).filter(status="published")
    return rows.values("framework").distinct().count() > 1


def kinds(versions: Sequence[FrameworkVersion]) -> dict[str, int]:
    """Count the items of some versions by kind (one query)."""
    rows = Item.objects.filter(version__in=versions).order_by().values_list("kind")
    return dict(rows.annotate(n=Count("pk")))


def carried(
    version: CrosswalkVersion, source: FrameworkVersion, target: FrameworkVersion
) -> tuple[Carried, dict[str, Item]]:
    """Say what a next version over these two would take from this one; items by identifier."""
    following = CrosswalkVersion(
        source=source,
        target=target,
        source_kinds=version.source_kinds,
        target_kinds=version.target_kinds,
    )
    was = axis(version, "source"), axis(version, "target")
    now = axis(following, "source"), axis(following, "target")
    pairs = version.mappings.values_list("origin__identifier", "destination__identifier")
    found = judgement.carry(
        (_worded(was[0]), _worded(was[1])),
        (_worded(now[0]), _worded(now[1])),
        [(str(origin), str(end)) for origin, end in pairs],
    )
    named = {str(item.identifier): item for side in (*was, *now) for item in side}
    return found, named


def _worded(items: Sequence[Item]) -> list[judgement.Wording]:
    return [
        judgement.Wording(str(item.identifier), item.statement, item.statement_en) for item in items
    ]


def reason_of(version: CrosswalkVersion, person: Person, pair: tuple[int, int]) -> str:
    """Return what a person wrote of a pair, if anything (one query)."""
    found = Review.objects.filter(
        mapping__version=version,
        mapping__origin=pair[0],
        mapping__destination=pair[1],
        author=person,
    ).first()
    return found.rationale if found else ""


def acts_on(
    version: CrosswalkVersion, mapping: Mapping, verbs: tuple[str, ...]
) -> list[tuple[datetime, str]]:
    """Return when each of these acts was done on a pair of this version (one query)."""
    entries = journal.history(version).filter(verb__in=verbs, facts__pair=str(mapping.identifier))
    return list(entries.values_list("at", "verb"))
