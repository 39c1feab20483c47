"""What is read of mail."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reseda.mail.domain import templates
from reseda.mail.models import OutgoingMail, StoredTemplate
from reseda.mail.permissions import EDIT_TEMPLATES, READ_MAIL
from reseda.people.models import Organisation
from reseda.people.policy import Viewer
from reseda.ui.domain.parts import Todo


@dataclass(frozen=True)
class TemplateRow:
    """A template as a school sees it: whether it rewrote it, and in which languages."""

    template: templates.Template
    rewritten: tuple[str, ...]


def fault_message(fault: templates.Fault) -> str:
    """Say why a rewritten template is refused, and what to do."""
    part = gettext("l’objet") if fault.part == "subject" else gettext("le texte")
    if fault.code == "unknown":
        sentence = gettext("La variable {%(name)s} n’existe pas : retirez-la de %(part)s.")
    elif fault.code == "missing":
        sentence = gettext(
            "Gardez {%(name)s} dans %(part)s : sans cette adresse, on ne peut répondre."
        )
    else:
        sentence = gettext("Écrivez %(part)s.")
    return sentence % {"name": fault.variable, "part": part}


def text(code: str, language: str, organisation: int | None) -> tuple[str, str]:
    """Return the subject and body in force: the school's, unless the template outgrew them."""
    template = templates.get(code)
    stored = (
        StoredTemplate.objects.filter(
            organisation=organisation, code=code, language=language
        ).first()
        if organisation is not None
        else None
    )
    if stored and not templates.faults(template, stored.subject, stored.body):
        return stored.subject, stored.body
    return template.subject[language], template.body[language]


def due() -> QuerySet[OutgoingMail]:
    """Return the messages that could leave now, oldest first."""
    return OutgoingMail.objects.filter(
        status=OutgoingMail.Status.QUEUED, next_try_at__lte=timezone.now()
    ).order_by("next_try_at")


def template_rows(school: Organisation) -> list[TemplateRow]:
    """Return every template with the languages in which this school rewrote it."""
    rewritten: dict[str, list[str]] = {}
    for stored in StoredTemplate.objects.filter(organisation=school.pk):
        rewritten.setdefault(stored.code, []).append(stored.language)
    return [
        TemplateRow(template, tuple(rewritten.get(template.code, ())))
        for template in templates.declared()
    ]


def editable_school(viewer: Viewer) -> Organisation | None:
    """Return the school whose templates the viewer may rewrite."""
    return EDIT_TEMPLATES.rows(viewer).order_by("pk").first()


def masked(address: str) -> str:
    """Return an address one can recognise but not read: an outbox must not tell who serves."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}"


def recipient(mail: OutgoingMail) -> str:
    """Return the recipient, masked unless the message failed and its address must be mended."""
    return mail.to if mail.status == OutgoingMail.Status.FAILED else masked(mail.to)


def template_name(code: str) -> object:
    """Return what people read for a template, or its code once it is no longer declared."""
    try:
        return templates.get(code).name
    except KeyError:
        return code


def todo(viewer: Viewer) -> list[Todo]:
    """Tell who looks after a school's mail that messages could not leave."""
    failed = READ_MAIL.rows(viewer).filter(status=OutgoingMail.Status.FAILED).count()
    if not failed:
        return []
    title = ngettext(
        "%(count)d courrier n’a pas pu partir", "%(count)d courriers n’ont pas pu partir", failed
    ) % {"count": failed}
    url = reverse("mail:outbox") + "?etat=failed"
    return [Todo(title=title, url=url, tone="stop", pill=_("Échec"))]
