"""The presentation of a version: shown to its readers, written while it is a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from reseda.competencies import queries
from reseda.competencies.actions import about as actions
from reseda.competencies.forms import AboutForm
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.permissions import EDIT_VERSION, READ_VERSION
from reseda.competencies.queries import case
from reseda.competencies.views.frameworks import frame
from reseda.people.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def show_about(request: Request, pk: int) -> HttpResponse:
    """Show what a version says of itself; its writers find a form while it is a draft."""
    allowed = READ_VERSION if request.method in {"GET", "HEAD"} else EDIT_VERSION
    version = allowed.get_or_404(request.viewer, "framework__school", pk=pk)
    form = AboutForm(request.POST or None, initial=_initial(version))
    if form.is_valid():
        try:
            actions.write_about(version, notice=form.notice, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, str(_("La présentation est enregistrée.")))
            return redirect("competencies:show_about", version.pk)
    context = {
        **frame(request, version, "about"),
        "form": form,
        "about": queries.known_about(version),
        "terms": queries.terms(version),
        "address": "" if version.is_draft else case.address(version.framework),
    }
    return render(request, "competencies/about.html", context, status=422 if form.is_bound else 200)


def _initial(version: FrameworkVersion) -> dict[str, Any]:
    about, terms = queries.known_about(version), queries.terms(version)
    return {
        "creator": about.creator or version.framework.school.name,
        "publisher": about.publisher,
        "description": about.description,
        "notes": about.notes,
        "official_source_url": about.official_source_url,
        "language": about.language,
        "licence": terms.licence.title if terms.licence else "",
        "licence_text": terms.licence_text,
        "subjects": "\n".join(one.title for one in terms.subjects),
    }
