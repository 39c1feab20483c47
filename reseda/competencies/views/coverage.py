"""Coverage: what the school expects, by what the reserve develops; gaps, and what completes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reseda.competencies.domain.judgement import Alignment
from reseda.competencies.models import CrosswalkVersion, Item
from reseda.competencies.permissions import READ_CROSSWALK
from reseda.competencies.queries import crosswalks
from reseda.competencies.queries.crosswalks import overview, screens
from reseda.competencies.views.crosswalks import RELATED, agreement_context, context_of
from reseda.people.http import Request
from reseda.ui.domain.parts import Text
from reseda.ui.http.sheets import sheet

# A glass of the drawing is filled from its foot, in units of the drawing.
FOOT, DEEP = 45, 42
SHARES: dict[int, Text] = {
    100: gettext_lazy("couverte tout entière"),
    75: gettext_lazy("couverte aux trois quarts"),
    50: gettext_lazy("couverte à moitié"),
    25: gettext_lazy("couverte au quart"),
}
STATUSES: dict[str, Text] = {
    "complementary": gettext_lazy("complétée, sans être couverte"),
    "gap": gettext_lazy("sans correspondance, décidé"),
    "in_progress": gettext_lazy("examen en cours"),
    "untouched": gettext_lazy("pas encore examinée"),
}


ALL, HALF = 1, 0.5
UNREACHED = gettext_lazy("rien d’atteint")


@dataclass(frozen=True)
class Link:
    """What one origin is to one destination, as a square of the detail."""

    origin: Item
    relation: str
    coverage: int | None
    url: str

    @property
    def heat(self) -> int:
        """The share that is covered, 0 for what only completes."""
        return overview.WHOLE if self.relation == "total" else self.coverage or 0


@dataclass(frozen=True)
class Line:
    """One expectation of the school: how far it is reached, and by what."""

    item: Item
    depth: int
    covered: int
    look: str
    words: str
    cells: tuple[Link | None, ...]

    @property
    def height(self) -> str:
        """How high the glass is filled."""
        return f"{DEEP * self.covered / 100:.2f}"

    @property
    def top(self) -> str:
        """Where the filling starts."""
        return f"{FOOT - DEEP * self.covered / 100:.2f}"


@dataclass(frozen=True)
class Part:
    """One part of the school’s framework: what is reached of it, from where, how it is spread."""

    item: Item | None
    measures: Alignment
    range: Text
    balance: Text

    @property
    def width(self) -> int:
        """How far the bar of what is reached goes, of a hundred."""
        return round(100 * self.measures.range)


@require_safe
def show_coverage(request: Request, pk: int) -> HttpResponse:
    """Show how far what the reserve develops reaches what the school expects."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    context = context_of(request, version, "coverage")
    found = crosswalks.coverage(version)
    columns = _columns(version, found)
    lines = _lines(version, found, columns)
    context |= {
        "coverage_parts": overview.coverage_parts(found),
        "tiles": _tops(lines),
        "lines": lines,
        "columns": columns,
        "complements": [
            (one.item, one.destinations, one.is_complete) for one in crosswalks.supplement(version)
        ],
        "gaps": [one.item for one in found if one.is_gap],
        "untouched": [one.item for one in found if one.status == "untouched"],
        "parts": [_part(one) for one in crosswalks.alignment(version, found)],
    }
    if context["is_reviewer"] or not version.is_draft:
        context |= agreement_context(version)
    return render(request, "competencies/crosswalk_coverage.html", context)


def tiles(version: CrosswalkVersion, found: Sequence[crosswalks.Coverage]) -> list[Line]:
    """Return what the school expects, drawn one tile each, what is under another left out."""
    return _tops(_lines(version, found, ()))


def _tops(lines: Sequence[Line]) -> list[Line]:
    return [one for one in lines if not one.depth]


def _columns(version: CrosswalkVersion, found: Sequence[crosswalks.Coverage]) -> list[Item]:
    """Return the origins that lead somewhere, in the order of their framework."""
    used = {origin.pk for one in found for origin, _share in one.origins}
    used |= {origin.pk for one in found for origin in one.complementary}
    return [item for item in crosswalks.axis(version, "source") if item.pk in used]


def _lines(
    version: CrosswalkVersion, found: Sequence[crosswalks.Coverage], columns: Sequence[Item]
) -> list[Line]:
    depths = {one.item.pk: one.depth for one in screens.Axis(version, "target").entries}
    return [_line(version, one, depths[one.item.pk], columns) for one in found]


def _line(
    version: CrosswalkVersion, one: crosswalks.Coverage, depth: int, columns: Sequence[Item]
) -> Line:
    shares = {origin.pk: share for origin, share in one.origins}
    beside = {origin.pk for origin in one.complementary}

    def link(origin: Item) -> Link | None:
        url = reverse("competencies:show_pair", args=[version.pk, origin.pk, one.item.pk])
        share = shares.get(origin.pk)
        if share is not None:
            relation = "total" if share == overview.WHOLE else "partial"
            return Link(origin, relation, None if relation == "total" else share, url)
        return Link(origin, "complementary", None, url) if origin.pk in beside else None

    return Line(
        one.item,
        depth,
        one.covered,
        one.status,
        str(said(one)),
        tuple(link(origin) for origin in columns),
    )


def said(one: crosswalks.Coverage) -> Text:
    """Say how far something is reached."""
    return SHARES[one.covered] if one.status == "covered" else STATUSES[one.status]


def _part(one: crosswalks.Aligned) -> Part:
    return Part(one.group, one.measures, _range(one.measures.range), _balance(one.measures))


def _range(share: float) -> Text:
    """Say how much of a part is reached."""
    if share in {0, HALF, ALL}:
        return {
            0: UNREACHED,
            HALF: _("la moitié des attentes"),
            ALL: _("toutes les attentes"),
        }[share]
    if share > HALF:
        return _("plus de la moitié des attentes")
    return _("moins de la moitié des attentes")


def _balance(measures: Alignment) -> Text:
    """Say how origins are spread over what they reach; over a single thing, there is no spread."""
    if measures.balance is None:
        return UNREACHED
    if measures.reached == 1:
        return _("une seule attente atteinte : rien à répartir")
    if measures.is_even:
        return _("réparties assez également")
    return _("surtout sur quelques attentes")


@require_safe
def export_coverage(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give the coverage as a table."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    head = [
        *(_("Code"), _("Ce que l’école attend"), _("Couverture"), _("Part couverte (%)")),
        *(_("Converge"), _("Complète"), _("Couples décidés"), _("Couples")),
    ]
    body: list[list[Any]] = [
        [
            one.item.code,
            one.item.label,
            str(said(one)),
            one.covered,
            ", ".join(origin.code for origin, _share in one.origins),
            ", ".join(origin.code for origin in one.complementary),
            one.told.decided,
            one.told.pairs,
        ]
        for one in crosswalks.coverage(version)
    ]
    return sheet(f"couverture-{version.crosswalk_id}-v{version.number}", kind, head, body)
