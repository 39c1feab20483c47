"""Pages of the school: what it issued and has to issue; issuing, revoking."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.credentials import actions, queries
from reseda.credentials.forms import IssueForm, RevokeForm
from reseda.credentials.permissions import ISSUE_CREDENTIAL, REVOKE_CREDENTIAL
from reseda.credentials.views import REFUSED
from reseda.credentials.views.holder import page
from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition.models import Decision
from reseda.recognition.queries import decision_levels, with_levels
from reseda.ui.http import Column, Filter, Listing, Sort
from reseda.ui.queries import thread


@require_safe
def list_credentials(request: Request) -> HttpResponse:
    """List the validated decisions with their credential, issued or to issue."""
    if not request.viewer.roles & {Role.STUDIES_DIRECTOR, Role.REGISTRY}:
        raise Http404
    states = {
        "a-delivrer": (_("À délivrer"), queries.TO_ISSUE),
        "delivres": (_("Délivrés"), queries.ISSUED),
        "revoques": (_("Révoqués"), queries.REVOKED),
    }
    listing = Listing(
        request,
        queries.followed(request.viewer),
        search=[
            "file__person__last_name",
            "file__person__first_name",
            "file__reference",
            "credential__title",
            "credential__code",
        ],
        filters=[Filter("etat", _("État"), states)],
        sorts=[
            Sort("decision", _("Date de la décision"), "-decided_at"),
            Sort("delivrance", _("Date de délivrance"), "-credential__issued_at"),
            Sort("nom", _("Nom"), "file__person__last_name"),
        ],
        columns=[
            Column(_("Dossier"), lambda row: row.file.reference),
            Column(_("Nom"), lambda row: row.file.person.last_name),
            Column(_("Prénom"), lambda row: row.file.person.first_name),
            Column(_("Formation"), lambda row: row.file.programme.code),
            Column(_("Décidé le"), lambda row: row.decided_at.date()),
            Column(_("Titre"), lambda row: _of(row, "title")),
            Column(_("Code"), lambda row: _of(row, "code")),
            Column(_("Délivré le"), lambda row: _of(row, "issued_at")),
            Column(_("Révoqué le"), lambda row: _of(row, "revoked_at")),
        ],
        name="titres",
    )
    if listing.export:
        return listing.export
    may_issue = Role.STUDIES_DIRECTOR in request.viewer.roles
    waiting = len(queries.to_issue(request.viewer)) if may_issue else 0
    context = {"listing": listing, "may_issue": may_issue, "waiting": waiting}
    return render(request, "credentials/list.html", context)


def _of(row: Decision, name: str) -> object:
    credential = getattr(row, "credential", None)
    return getattr(credential, name) if credential else ""


@require_http_methods(["GET", "HEAD", "POST"])
def issue_credential(request: Request, pk: int) -> HttpResponse:
    """Write the title and description of a credential, and issue it."""
    decision = ISSUE_CREDENTIAL.get_or_404(
        request.viewer, "file__person", "file__programme", "credential", pk=pk
    )
    if decision.outcome != Decision.Outcome.VALIDATED:
        raise Http404
    if hasattr(decision, "credential"):
        return redirect("credentials:read_credential", pk=decision.credential.pk)
    title, description = queries.proposal(decision)
    form = IssueForm(
        request.POST or None,
        holder=decision.file.person.last_name,
        initial={"title": title, "description": description},
    )
    if request.method == "POST" and form.is_valid():
        try:
            credential = actions.issue(decision, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Le titre est délivré ; son titulaire en est averti."))
            return redirect("credentials:read_credential", pk=credential.pk)
    status = REFUSED if request.method == "POST" else 200
    levels = decision_levels(with_levels(Decision.objects.filter(pk=pk)).get())
    context = {"decision": decision, "form": form, "levels": levels}
    activity = decision.file.activities.first()
    context["thread"] = thread(request.viewer, activity.period_id) if activity else []
    return render(request, "credentials/issue.html", context, status=status)


@require_POST
def revoke_credential(request: Request, pk: UUID) -> HttpResponse:
    """Revoke a credential, with a reason."""
    credential = REVOKE_CREDENTIAL.get_or_404(request.viewer, pk=pk)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return page(request, pk, revoke_form=form, status=REFUSED)
    try:
        actions.revoke(credential, reason=form.cleaned_data["reason"], by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Le titre est révoqué ; la liste publique le dit."))
    return redirect("credentials:read_credential", pk=pk)
