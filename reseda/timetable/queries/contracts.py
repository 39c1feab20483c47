"""The contract of accommodation written out: what the school arranged and the student agreed to."""

import json
from datetime import datetime
from importlib.resources import files

import typst
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from reseda.timetable.models import Absence, AccommodationRequest


def reference(found: AccommodationRequest) -> str:
    """Return the name of a decided accommodation: its year and its number."""
    when = found.decided_at or found.requested_at
    return f"{timezone.localtime(when).year}-{found.pk:04}"


def contract(found: AccommodationRequest) -> bytes:
    """Return the contract as a PDF in French, fit for assistive technology.

    It tells the absence, never its reason: no force, no unit, no place. Refused with `unprintable`
    where a text holds a sign that the fonts cannot draw.
    """
    template = files("reseda.timetable").joinpath("templates/timetable/contract.typ")
    with override("fr"):
        said = json.dumps(_said(found), ensure_ascii=False)
    compiler = typst.Compiler(
        template.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"said": said},
    )
    # Typst counts whole seconds.
    signed_at = (found.agreed_at or timezone.now()).replace(microsecond=0)
    try:
        pages = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=signed_at)
    except typst.TypstError as error:
        raise ValidationError(
            _("Un signe de la décision ne s’imprime pas (un émoji, par exemple) : signalez-le."),
            code="unprintable",
        ) from error
    if not isinstance(pages, bytes):
        raise TypeError("typst gave no document")
    return pages


def _said(found: AccommodationRequest) -> dict[str, object]:
    school = found.school
    absences = found.absences.select_related("teacher").exclude(answer=Absence.Answer.ATTEND)
    review = found.reviews.order_by("due_on").first()
    return {
        "school": school.name,
        "address": " · ".join(filter(None, [school.city, f"UAI {school.uai}"])),
        "reference": reference(found),
        "student": str(found.person),
        "programme": str(found.programme or ""),
        "from": _moment(found.starts_at),
        "to": _moment(found.ends_at),
        "measures": found.measures,
        "lessons": [_told(one) for one in absences],
        "review": date_format(review.due_on, "j F Y") if review else "",
        "decided_by": str(found.decided_by or ""),
        "decided_at": _moment(found.decided_at),
        "agreed_at": _moment(found.agreed_at),
    }


def _told(absence: Absence) -> dict[str, str]:
    start, end = timezone.localtime(absence.starts_at), timezone.localtime(absence.ends_at)
    parts = [absence.get_measure_display() if absence.measure else _("absence excusée")]
    if absence.catch_up_at:
        parts.append(_moment(absence.catch_up_at))
    if absence.catch_up:
        parts.append(absence.catch_up)
    return {
        "title": absence.title,
        "kind": absence.get_kind_display(),
        "day": date_format(start, "l j F Y"),
        "hours": f"{start:%H:%M} – {end:%H:%M}",
        "measure": " · ".join(parts),
        "teacher": str(absence.teacher or ""),
    }


def _moment(when: datetime | None) -> str:
    return date_format(timezone.localtime(when), r"j F Y à H:i") if when else ""
