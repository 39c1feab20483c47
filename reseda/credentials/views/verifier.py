"""The door of anybody who was given a credential: a file, a link, a code."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reseda.credentials import http, queries
from reseda.credentials.domain.baking import is_compact_jwt
from reseda.credentials.domain.codes import read_code
from reseda.credentials.domain.verification import MAX_BYTES, verify
from reseda.credentials.forms import VerifyForm
from reseda.credentials.views import REFUSED, words
from reseda.credentials.views.outside import outside
from reseda.credentials.views.public import told
from reseda.documents.http import Unfetchable
from reseda.people.http import limited

NOT_FOUND = 404


@require_http_methods(["GET", "HEAD", "POST"])
@outside
def verify_any(request: HttpRequest) -> HttpResponse:
    """Say what a credential is worth; nothing of it is kept."""
    if request.method == "POST":
        refusal = limited(request, "verify_credential")
        return refusal if refusal is not None else _verify(request)
    if "code" in request.GET:
        refusal = limited(request, "verify_credential", counts_get=True)
        return refusal if refusal is not None else _by_code(request)
    return _page(request, VerifyForm())


def _verify(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, REFUSED)
    file, text = form.cleaned_data["file"], form.cleaned_data["text"]
    if file is not None:
        return _judge(request, form, "file", file.read())
    return _read_text(request, form, text)


def _read_text(request: HttpRequest, form: VerifyForm, text: str) -> HttpResponse:
    ours = _address_here(request, text)
    if ours:
        return redirect(ours)
    if read_code(text):
        return _by_code(request, text)
    if text.startswith(("https://", "http://")):
        return _by_link(request, form, text)
    if text.startswith(("{", "<")) or is_compact_jwt(text):
        return _judge(request, form, "text", text.encode())
    form.add_error("text", str(words.unreadable("bad_json")))
    return _page(request, form, REFUSED)


def _judge(request: HttpRequest, form: VerifyForm, field: str, data: bytes) -> HttpResponse:
    other_sites = http.outside()

    def resolved(url: str) -> bytes | None:
        found = queries.resolve_locally(url)
        return found if found is not None else other_sites(url)

    now = timezone.now()
    verdict = verify(data, resolve=resolved, now=now, trusted=queries.trusted())
    found = queries.present(verdict)
    if found.ruling == "unreadable":
        form.add_error(field, str(words.unreadable(verdict.check("format").code)))
        return _page(request, form, REFUSED)
    return render(request, "credentials/verdict.html", told(found, now))


def _by_link(request: HttpRequest, form: VerifyForm, url: str) -> HttpResponse:
    try:
        data = http.linked(url, MAX_BYTES)
    except Unfetchable:
        form.add_error(
            "text",
            _("Cette adresse ne donne pas de titre. Téléchargez le titre et envoyez le fichier."),
        )
        return _page(request, form, REFUSED)
    return _judge(request, form, "text", data)


def _by_code(request: HttpRequest, text: str = "") -> HttpResponse:
    text = text or request.GET.get("code", "")
    found = queries.shared_by_code(text)
    if found is not None:
        return redirect("credentials:show_credential", pk=found.pk)
    form = VerifyForm({"text": text})
    form.is_valid()
    form.add_error(
        "text",
        _("Aucun titre partagé ne porte ce code. Vérifiez-le, ou demandez au titulaire."),
    )
    return _page(request, form, NOT_FOUND)


def _address_here(request: HttpRequest, text: str) -> str:
    """Return the path of one of our own pages of credentials, empty for any other text."""
    sites = (f"{settings.PUBLIC_URL}/", f"{request.scheme}://{request.get_host()}/")
    site = next((one for one in sites if text.startswith(one)), None)
    if site is None:
        return ""
    path = "/" + text[len(site) :].partition("#")[0].partition("?")[0]
    try:
        found: Any = resolve(path if path.endswith("/") or "." in path else f"{path}/")
    except Resolver404:
        return ""
    if found.view_name not in {"credentials:show_credential", "credentials:take_credential"}:
        return ""
    return str(queries.page_url(found.kwargs["pk"])).removeprefix(settings.PUBLIC_URL)


def _page(request: HttpRequest, form: VerifyForm, status: int = 200) -> HttpResponse:
    return render(request, "credentials/verify.html", {"form": form}, status=status)
