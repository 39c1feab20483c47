"""Pages by which students tell their activities."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.documents.actions import consult
from reseda.documents.http import download
from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition import actions, queries
from reseda.recognition.forms import EvidenceForm
from reseda.recognition.models import Evidence
from reseda.recognition.permissions import ADD_EVIDENCE, READ_EVIDENCE, WRITE_EVIDENCE
from reseda.recognition.views import REFUSED
from reseda.recognition.views.doors import first, needs
from reseda.ui.http import Column, Filter, Listing, Sort
from reseda.ui.queries import thread


@require_safe
def list_evidence(request: Request) -> HttpResponse:
    """List what the student told, and the activities that are not told yet."""
    needs(request, Role.STUDENT)
    lived = queries.lived(request.user)
    listing = Listing(
        request,
        queries.evidence_of(request.user),
        search=["title"],
        filters=[Filter("etat", _("État"), queries.HELD_CHOICES)],
        sorts=[
            Sort("date", _("Date"), "-created_at"),
            Sort("titre", pgettext("evidence", "Titre"), "title"),
        ],
        columns=[
            Column(pgettext("evidence", "Titre"), lambda row: row.title),
            Column(_("Activité"), lambda row: queries.dates_of(row.period)),
            Column(_("La situation"), lambda row: row.situation),
            Column(_("Ce que j’ai fait"), lambda row: row.action),
            Column(_("Ce que j’ai appris"), lambda row: row.learning),
        ],
        name="preuves",
    )
    if listing.export:
        return listing.export
    untold = [each for each in lived if not each.evidence]
    context = {
        "listing": listing,
        "untold": untold,
        "lived": lived,
        "deleted": _deleted(request),
    }
    return render(request, "recognition/evidence_list.html", context)


@require_http_methods(["GET", "POST"])
def add_evidence(request: Request) -> HttpResponse:
    """Tell an activity."""
    needs(request, Role.STUDENT)
    lived = queries.lived(request.user)
    school = lived[0].period.engagement.school_id if lived else None
    version = queries.published_version(school) if school else None
    competencies = queries.expected(version) if version else ()
    known = queries.correspondence(version) if version else queries.Correspondence()
    asked = request.GET.get("periode", "")
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        lived=lived,
        competencies=competencies,
        abilities=known.abilities,
        initial={"period": asked},
    )
    if request.method == "POST" and form.is_valid():
        period = ADD_EVIDENCE.get_or_404(request.viewer, pk=form.cleaned_data["period"])
        try:
            actions.add(period, told=form.told(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre preuve est ajoutée."))
            return redirect("recognition:my_evidence")
    context = {"form": form, "lived": lived, **_offered(competencies, known)}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "recognition/evidence_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def edit_evidence(request: Request, pk: int) -> HttpResponse:
    """Show an evidence of one's own, and change it while no file handed in holds it."""
    evidence = WRITE_EVIDENCE.get_or_404(
        request.viewer, "file", "period__engagement", "period__attestation", pk=pk, deleted_at=None
    )
    is_held = queries.is_held(evidence)
    version = queries.published_version(evidence.period.engagement.school_id)
    competencies = queries.expected(version) if version else ()
    known = queries.correspondence(version) if version else queries.Correspondence()
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        lived=(),
        competencies=competencies,
        abilities=known.abilities,
        evidence=evidence,
        initial=_initial(evidence, competencies, known),
    )
    if request.method == "POST" and form.is_valid():
        is_dropped = form.cleaned_data.get("is_file_dropped", False)
        try:
            actions.revise(evidence, told=form.told(), by=request.user, is_file_dropped=is_dropped)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre preuve est enregistrée."))
            return redirect("recognition:my_evidence")
    context = {
        "form": form,
        "evidence": evidence,
        "dates": queries.dates_of(evidence.period),
        "is_held": is_held,
        "named": queries.named(evidence),
        **_offered(competencies, known),
        "thread": thread(request.viewer, evidence.period_id),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "recognition/evidence_form.html", context, status=status)


@require_POST
def delete_evidence(request: Request, pk: int) -> HttpResponse:
    """Delete an evidence; the list then offers to take it back."""
    evidence = WRITE_EVIDENCE.get_or_404(request.viewer, pk=pk, deleted_at=None)
    try:
        actions.delete(evidence, by=request.user)
    except ValidationError as error:
        messages.error(request, first(error))
        return redirect("recognition:edit_evidence", pk=pk)
    return redirect(f"{reverse('recognition:my_evidence')}?supprimee={pk}")


@require_POST
def restore_evidence(request: Request, pk: int) -> HttpResponse:
    """Take back a deleted evidence."""
    evidence = WRITE_EVIDENCE.get_or_404(request.viewer, pk=pk)
    actions.restore(evidence, by=request.user)
    messages.success(request, _("Votre preuve est revenue."))
    return redirect("recognition:my_evidence")


@require_POST
def open_attachment(request: Request, pk: int) -> HttpResponse:
    """Give the file of an evidence; opening somebody else's is written in the journal."""
    evidence = READ_EVIDENCE.get_or_404(request.viewer, "file", pk=pk, file__isnull=False)
    if evidence.file is not None and evidence.person_id != request.user.pk:
        consult(evidence.file, by=request.user)
    return download(evidence.file) if evidence.file else redirect("recognition:my_evidence")


def _deleted(request: Request) -> Evidence | None:
    """Return the evidence just deleted, so that the page offers to take it back."""
    key = request.GET.get("supprimee", "")
    if not key.isdecimal():
        return None
    return WRITE_EVIDENCE.rows(request.viewer).filter(pk=key, deleted_at__isnull=False).first()


def _offered(
    competencies: tuple[queries.Competency, ...], known: queries.Correspondence
) -> dict[str, object]:
    """Say what may be ticked, and what the crosswalk makes of each side."""
    return {
        "competencies": [(each, known.converging(each.item)) for each in competencies],
        "abilities": [(each, known.of(each)) for each in known.abilities],
        "crosswalk": known.version,
    }


def _initial(
    evidence: Evidence,
    competencies: tuple[queries.Competency, ...],
    known: queries.Correspondence,
) -> dict[str, object]:
    named = {item.identifier for item in queries.named(evidence)}
    chosen = {link.item.identifier for link in evidence.links.select_related("item")}
    offered = [
        item
        for each in competencies
        for item in (each.item, *(one for level in each.levels for one in level.learnings))
    ]
    return {
        "title": evidence.title,
        "situation": evidence.situation,
        "action": evidence.action,
        "learning": evidence.learning,
        "items": [item.pk for item in offered if item.identifier in chosen],
        "abilities": [item.pk for item in known.abilities if item.identifier in named],
        "is_discreet": False,
    }
