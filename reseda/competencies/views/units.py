"""The teaching units of a version, their credits, and the competencies to which they contribute."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from reseda.competencies import queries
from reseda.competencies.actions import units as actions
from reseda.competencies.models import Item
from reseda.competencies.permissions import EDIT_VERSION, READ_VERSION
from reseda.competencies.queries import branches
from reseda.competencies.queries.frameworks import walk
from reseda.competencies.views.frameworks import frame
from reseda.people.http import Request

UNITS_A_PAGE = 40
Pair = tuple[int, int]


@require_http_methods(["GET", "HEAD", "POST"])
def show_units(request: Request, pk: int) -> HttpResponse:
    """Show which teaching unit develops which competency; a draft’s writers tick the boxes."""
    allowed = READ_VERSION if request.method in {"GET", "HEAD"} else EDIT_VERSION
    version = allowed.get_or_404(request.viewer, "framework__school", pk=pk)
    if request.method == "POST":
        before, after = (_pairs(request.POST.getlist(name)) for name in ("avant", "lien"))
        try:
            changed = actions.develop(
                version, added=after - before, removed=before - after, by=request.user
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            said = ngettext("%(n)d lien changé.", "%(n)d liens changés.", changed)
            messages.success(request, said % {"n": changed})
        return redirect(request.get_full_path())
    nodes = queries.tree(version)
    units = branches.units(version, nodes)
    competencies = [n.item for n in walk(nodes) if n.item.kind == Item.Kind.COMPETENCY]
    sums = branches.credits_of(units)
    context = {
        **frame(request, version, "units"),
        "page": Paginator(units, UNITS_A_PAGE).get_page(request.GET.get("page")),
        "competencies": competencies,
        "sums": [(one, sums.get(one.pk)) for one in competencies],
        "held": branches.summary(nodes),
        "silent": [unit for unit in units if not unit.develops],
        "untaught": [one for one in competencies if one.pk not in sums] if units else [],
    }
    return render(request, "competencies/units.html", context)


def _pairs(words: list[str]) -> set[Pair]:
    """Read the pairs of a unit and a competency, as the page writes them: `12-5`."""
    found: set[Pair] = set()
    for word in words:
        unit, dash, competency = word.partition("-")
        if not (dash and unit.isdecimal() and competency.isdecimal()):
            raise Http404
        found.add((int(unit), int(competency)))
    return found
