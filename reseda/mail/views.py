"""Pages of mail: the outbox of a school, its templates, and the letters of the demo."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.mail import actions, queries
from reseda.mail.domain import templates
from reseda.mail.forms import TemplateForm
from reseda.mail.models import Language, OutgoingMail
from reseda.mail.permissions import READ_MAIL
from reseda.people.http import Request
from reseda.people.models import Organisation
from reseda.ui.http import Column, Filter, Listing, Sort

STATUS = OutgoingMail.Status
TONES = {STATUS.QUEUED: "wait", STATUS.SENT: "ok", STATUS.FAILED: "stop"}


@require_safe
def list_mail(request: Request) -> HttpResponse:
    """List the messages of the school: what, when, in which state; never their text."""
    if not request.viewer.organisations(*READ_MAIL.table):
        raise Http404
    states = {status.value: (status.label, Q(status=status)) for status in STATUS}
    listing = Listing(
        request,
        READ_MAIL.rows(request.viewer).defer("body"),
        filters=[Filter("etat", _("État"), states)],
        sorts=[
            Sort("date", _("Date"), "-created_at"),
            Sort("modele", _("Modèle"), "template"),
            Sort("essais", _("Essais"), "-attempts"),
        ],
        columns=[
            Column(_("Écrit le"), lambda mail: mail.created_at),
            Column(_("Modèle"), lambda mail: str(queries.template_name(mail.template))),
            Column(_("Destinataire"), queries.recipient),
            Column(_("État"), lambda mail: mail.get_status_display()),
            Column(_("Essais"), lambda mail: mail.attempts),
            Column(_("Dernière erreur"), lambda mail: mail.last_error),
        ],
        name="courriers",
    )
    if listing.export:
        return listing.export
    rows = [
        (mail, queries.template_name(mail.template), queries.recipient(mail), _tone(mail))
        for mail in listing.page
    ]
    return render(request, "mail/list_mail.html", {"listing": listing, "rows": rows})


def _tone(mail: OutgoingMail) -> str:
    return TONES[STATUS(mail.status)]


@require_POST
def retry_mail(request: Request, pk: UUID) -> HttpResponse:
    """Send again a message that was given up."""
    mail = READ_MAIL.get_or_404(request.viewer, pk=pk)
    try:
        actions.try_again(mail, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Le courrier repart : il sera envoyé dans la minute."))
    return redirect("mail:outbox")


@require_safe
def list_templates(request: Request) -> HttpResponse:
    """List the templates, and which ones the school rewrote."""
    school = _school(request)
    rows = queries.template_rows(school)
    context = {"rows": rows, "languages": Language.choices, "school": school}
    return render(request, "mail/list_templates.html", context)


@require_http_methods(["GET", "POST"])
def edit_template(request: Request, code: str, language: str) -> HttpResponse:
    """Rewrite a template in one language, with what it gives under the eyes."""
    school, template = _school(request), _template(code, language)
    subject, body = queries.text(code, language, school.pk)
    form = TemplateForm(template, request.POST or None, initial={"subject": subject, "body": body})
    is_sent = request.method == "POST" and "preview" not in request.POST
    if is_sent and form.is_valid():
        text = {name: form.cleaned_data[name] for name in ("subject", "body")}
        actions.rewrite(school, template=code, language=language, by=request.user, **text)
        messages.success(request, _("Le modèle est enregistré."))
        return redirect("mail:edit_template", code, language)
    context = {
        "form": form,
        "template": template,
        "language": language,
        "languages": Language.choices,
        "letter": _letter(request, template, subject, body),
        "is_rewritten": (subject, body) != (template.subject[language], template.body[language]),
    }
    return render(request, "mail/edit_template.html", context, status=422 if is_sent else 200)


@require_POST
def preview_template(request: Request, code: str, language: str) -> HttpResponse:
    """Draw the letter that the text being written would give."""
    _school(request)
    letter = _letter(request, _template(code, language), "", "")
    return render(request, "mail/letter.html", {"letter": letter})


@require_POST
def reset_template(request: Request, code: str, language: str) -> HttpResponse:
    """Return to the text the template came with."""
    school, template = _school(request), _template(code, language)
    actions.reset(school, template=template.code, language=language, by=request.user)
    messages.success(request, _("Le texte d’origine est rétabli."))
    return redirect("mail:edit_template", code, language)


@login_not_required
@require_safe
def list_demo_mail(request: HttpRequest) -> HttpResponse:
    """Show every message of the demo, where nothing leaves the machine; elsewhere, nothing."""
    if not settings.IS_DEMO:
        raise Http404
    listing = Listing(
        request,
        OutgoingMail.objects.all(),
        search=["to", "subject"],
        sorts=[Sort("date", _("Date"), "-created_at"), Sort("a", _("Destinataire"), "to")],
    )
    return render(request, "mail/list_demo_mail.html", {"listing": listing})


def _school(request: Request) -> Organisation:
    """Return the school whose templates the viewer rewrites, or 404."""
    school = queries.editable_school(request.viewer)
    if school is None:
        raise Http404
    return school


def _template(code: str, language: str) -> templates.Template:
    try:
        template = templates.get(code)
    except KeyError as error:
        raise Http404 from error
    if language not in Language.values:
        raise Http404
    return template


def _letter(
    request: Request, template: templates.Template, subject: str, body: str
) -> tuple[str, str]:
    written = request.POST.get("subject", subject), request.POST.get("body", body)
    return templates.example(template, *written)
