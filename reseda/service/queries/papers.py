"""The convocation summed up: its dates, whether it is signed, and the digest of the original."""

import json
from importlib.resources import files

import typst
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from reseda.documents.models import StoredFile
from reseda.service.domain.days import days as count_days
from reseda.service.models import Period
from reseda.ui.templatetags.ui import days, moment, span


def summary(period: Period, original: StoredFile, *, is_signed: bool) -> bytes:
    """Return as a PDF, in French, what is kept of a convocation: no unit, place nor purpose."""
    page = files("reseda.service").joinpath("templates/service/convocation.typ").read_bytes()
    with override("fr"):
        said = json.dumps(_said(period, original, is_signed), ensure_ascii=False)
    return bytes(typst.compile(page, sys_inputs={"said": said}, pdf_standards=["ua-1"]))


def _said(period: Period, original: StoredFile, is_signed: bool) -> dict[str, object]:
    engagement = period.engagement
    signed = _("oui, selon son titulaire") if is_signed else _("non vérifiée")
    return {
        "school": engagement.school.name,
        "title": _("Résumé d’une convocation"),
        "facts": [
            [_("Titulaire"), str(engagement.person)],
            [_("Dates"), span(period.starts_at, period.ends_at)],
            [_("Début"), moment(period.starts_at)],
            [_("Fin"), moment(period.ends_at)],
            [_("Durée"), days(count_days(period.starts_at, period.ends_at))],
            [_("Signature"), signed],
            [_("Résumé établi"), moment(timezone.now())],
        ],
        "digest_title": _("Empreinte de l’original (SHA-256)"),
        "digest": original.sha256,
        "text": _(
            "L’original a été effacé à la demande de son titulaire. Le reste de la convocation "
            "(unité, lieu, objet) n’est pas gardé. Qui détient l’original peut vérifier, par son "
            "empreinte, que c’est bien lui qui est résumé ici."
        ),
    }
