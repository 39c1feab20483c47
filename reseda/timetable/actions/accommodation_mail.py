"""The messages of accommodation: each in the language of its reader, none with a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from reseda.mail.actions import send
from reseda.people.models import Person
from reseda.timetable.models import Absence, AccommodationRequest


def tell(template: str, person: Person, found: AccommodationRequest, url: str = "") -> None:
    """Tell somebody of a request, between its days; `url` is that of its page, else another."""
    _send(template, person, found, (found.starts_at, found.ends_at), url)


def tell_teachers(
    template: str, found: AccommodationRequest, missed: Mapping[Person, Sequence[Absence]]
) -> None:
    """Tell each teacher, in one message, of the absences of their own lessons and nothing else."""
    for teacher, lessons in missed.items():
        span = min(one.starts_at for one in lessons), max(one.ends_at for one in lessons)
        with override(teacher.language):
            told = "\n".join(_line(one) for one in sorted(lessons, key=_start))
        _send(template, teacher, found, span, reverse("timetable:absences"), told)


def _send(
    template: str,
    person: Person,
    found: AccommodationRequest,
    span: tuple[datetime, datetime],
    url: str,
    lessons: str = "",
) -> None:
    page = url or reverse("timetable:request", args=[found.pk])
    with override(person.language):
        first, last = (formats.date_format(timezone.localtime(one), "j F Y") for one in span)
    send(
        template,
        to=person.email,
        organisation=found.school,
        language=person.language,
        context={
            "first_name": person.first_name,
            "student": str(found.person),
            "from_day": first,
            "to_day": last,
            "url": f"{settings.PUBLIC_URL}{page}",
            **({"lessons": lessons} if lessons else {}),
        },
    )


def _line(absence: Absence) -> str:
    """A lesson and the measure agreed: no free text, in which anything could be written."""
    told = f"– {absence.title}, {_moment(absence.starts_at)}"
    parts = [absence.get_measure_display()] if absence.measure else []
    if absence.catch_up_at:
        parts.append(_moment(absence.catch_up_at))
    return _("%(lesson)s : %(measure)s") % {
        "lesson": told,
        "measure": ", ".join(map(str, parts)) or _("absence excusée"),
    }


def _moment(when: datetime) -> str:
    local = timezone.localtime(when)
    return f"{formats.date_format(local, 'j F Y')}, {local:%H:%M}"


def _start(absence: Absence) -> datetime:
    return absence.starts_at
