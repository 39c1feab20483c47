"""Pages of the holder: what she holds, to whom she shows it, how she takes it away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reseda.credentials import actions, queries
from reseda.credentials.domain.pdf import qr_svg
from reseda.credentials.forms import RevokeForm, ShareForm
from reseda.credentials.models import Credential
from reseda.credentials.permissions import (
    READ_CREDENTIAL,
    REVOKE_CREDENTIAL,
    SHARE_CREDENTIAL,
)
from reseda.credentials.views import REFUSED, files, words
from reseda.people.http import Request
from reseda.people.models import Role
from reseda.ui.queries import thread

LOADED = ("holder", "school__issuer", "status_list", "decision__file__programme")


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the credentials of the viewer."""
    if not request.viewer.roles & {Role.STUDENT, Role.STAFF}:
        raise Http404
    return render(request, "credentials/mine.html", {"held": queries.held(request.viewer)})


@require_safe
def read_credential(request: Request, pk: UUID) -> HttpResponse:
    """Show one credential to its holder, or to those of the school who follow it."""
    return page(request, pk)


@require_POST
def share_credential(request: Request, pk: UUID) -> HttpResponse:
    """Share a credential, with or without one’s name."""
    credential = SHARE_CREDENTIAL.get_or_404(request.viewer, pk=pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return page(request, pk, share_form=form, status=REFUSED)
    actions.share(credential, shows_name=form.cleaned_data["shows_name"], by=request.user)
    messages.success(request, _("Le titre est partagé : qui a son adresse peut le vérifier."))
    return redirect("credentials:read_credential", pk=pk)


@require_POST
def unshare_credential(request: Request, pk: UUID) -> HttpResponse:
    """Stop sharing a credential."""
    credential = SHARE_CREDENTIAL.get_or_404(request.viewer, pk=pk)
    actions.unshare(credential, by=request.user)
    messages.success(request, _("Le titre n’est plus partagé : son adresse ne répond plus."))
    return redirect("credentials:read_credential", pk=pk)


@require_safe
def download_credential(request: Request, pk: UUID, kind: str) -> HttpResponse:
    """Give the credential as a file to its holder or to those who follow it, shared or not."""
    credential = READ_CREDENTIAL.get_or_404(request.viewer, *LOADED, pk=pk)
    return files.answer(request, credential, kind, names_holder=True)


@require_safe
def qr_code(request: Request, pk: UUID) -> HttpResponse:
    """Give the QR code of the public page, to be put on a curriculum vitae."""
    credential = SHARE_CREDENTIAL.get_or_404(request.viewer, pk=pk)
    svg = qr_svg(queries.page_url(credential.pk))
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Content-Disposition"] = f'inline; filename="code-qr-{credential.code}.svg"'
    response["Cache-Control"] = "private, max-age=3600"
    return response


def page(
    request: Request,
    pk: UUID,
    *,
    share_form: ShareForm | None = None,
    revoke_form: RevokeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the page of one credential, with the forms the viewer may send."""
    credential = READ_CREDENTIAL.get_or_404(request.viewer, *LOADED, pk=pk)
    found = queries.verified(credential, now=timezone.now())
    is_mine = credential.holder_id == request.user.pk
    may_revoke = not credential.revoked_at and REVOKE_CREDENTIAL.allows(request.viewer, credential)
    context = {
        "credential": credential,
        "found": found,
        "claims": found.claims,
        "headline": words.headline(found),
        "lines": words.lines(found),
        "is_mine": is_mine,
        "holder": str(credential.holder),
        # The holder sees her page as others do: without her name where she does not show it.
        "shown_holder": "" if is_mine and not credential.shows_name else str(credential.holder),
        "share_form": share_form or ShareForm(initial={"shows_name": _answer(credential)}),
        "revoke_form": (revoke_form or RevokeForm()) if may_revoke else None,
        "page_url": queries.page_url(credential.pk),
        "kinds": list(queries.KINDS),
        "thread": _thread(request, credential),
    }
    return render(request, "credentials/credential.html", context, status=status)


def _answer(credential: Credential) -> str:
    return "oui" if credential.shows_name or not credential.shared_at else "non"


def _thread(request: Request, credential: Credential) -> list[Any]:
    activity = credential.decision.file.activities.order_by("pk").first()
    return thread(request.viewer, activity.period_id) if activity else []
