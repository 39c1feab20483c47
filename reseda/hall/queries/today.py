"""What awaits somebody in every room, and their figures of the moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import ngettext

from reseda.competencies import queries as competencies
from reseda.competencies.queries import crosswalks
from reseda.credentials import queries as credentials
from reseda.credentials.permissions import READ_CREDENTIAL, SHARE_CREDENTIAL
from reseda.hall.permissions import READ_JOURNAL
from reseda.mail import queries as mail
from reseda.people import queries as people
from reseda.people.models import Role
from reseda.people.policy import Viewer
from reseda.recognition import queries as recognition
from reseda.recognition.permissions import JUDGE_FILE, READ_EVIDENCE
from reseda.schools import queries as schools
from reseda.service import queries as service
from reseda.service.permissions import FOLLOW_RESERVIST
from reseda.timetable.permissions import READ_ABSENCE, READ_REQUEST
from reseda.timetable.queries import thread as timetable
from reseda.timetable.queries.planning import todo as planning
from reseda.ui.domain.parts import Todo

TELLERS: tuple[Callable[[Viewer], list[Todo]], ...] = (
    service.todo,
    timetable.todo,
    planning.todo,
    competencies.todo,
    crosswalks.todo,
    recognition.todo,
    credentials.todo,
    schools.todo,
    mail.todo,
    people.todo,
)
URGENCY = {"stop": 0, "wait": 1, "info": 2, "ok": 3, "quiet": 4}


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits the viewer in every room: what is stopped first, then by day due."""
    found = [one for tell in TELLERS for one in tell(viewer)]
    return sorted(found, key=lambda one: (URGENCY[one.tone], one.due_on or date.max))


@dataclass(frozen=True)
class Figure:
    """One number of the home page, with its words and the page where it comes from."""

    value: object
    label: str
    url: str


def figures(viewer: Viewer) -> list[Figure]:
    """Return the numbers that matter to the roles of the viewer, four at most.

    Each counts rows that the viewer may open one by one: no number tells more than its list.
    """
    return list(_figures(viewer))[:4]


def _figures(viewer: Viewer) -> Iterator[Figure]:
    roles = viewer.roles
    if roles & {Role.STUDENT, Role.STAFF}:
        yield from _own(viewer)
    if roles & {Role.REFERENT, Role.STUDIES_DIRECTOR, Role.HUMAN_RESOURCES}:
        followed = FOLLOW_RESERVIST.rows(viewer).filter(ended_on__isnull=True).count()
        words = ngettext("réserviste suivi", "réservistes suivis", followed)
        yield Figure(followed, words, reverse("service:list_reservists"))
    if roles & {Role.REFERENT, Role.STUDIES_DIRECTOR}:
        granted = READ_REQUEST.rows(viewer).filter(status="granted").count()
        words = ngettext("aménagement accordé", "aménagements accordés", granted)
        yield Figure(granted, words, reverse("timetable:requests"))
    if roles & {Role.JURY_MEMBER}:
        waiting = JUDGE_FILE.rows(viewer).filter(status="assessed").count()
        words = ngettext("dossier à juger", "dossiers à juger", waiting)
        yield Figure(waiting, words, reverse("recognition:list_juries"))
    if roles & {Role.STUDIES_DIRECTOR, Role.REGISTRY}:
        issued = READ_CREDENTIAL.rows(viewer).filter(revoked_at__isnull=True).count()
        words = ngettext("titre délivré", "titres délivrés", issued)
        yield Figure(issued, words, reverse("credentials:list_credentials"))
    if roles & {Role.TEACHER, Role.REGISTRY}:
        coming = READ_ABSENCE.rows(viewer).filter(ends_at__gte=timezone.now()).count()
        words = ngettext("absence justifiée à venir", "absences justifiées à venir", coming)
        yield Figure(coming, words, reverse("timetable:absences"))
    if roles & {Role.DATA_PROTECTION}:
        entries = READ_JOURNAL.rows(viewer).count()
        words = ngettext("acte inscrit au journal", "actes inscrits au journal", entries)
        yield Figure(entries, words, reverse("hall:journal"))


def _own(viewer: Viewer) -> Iterator[Figure]:
    engagement = service.engagement_of(viewer.person, viewer.today)
    if engagement:
        counts = service.counters_of(engagement, timezone.now(), viewer.today)
        done = sum(one.days.done for one in counts if one.year == viewer.today.year)
        words = ngettext("jour de service cette année", "jours de service cette année", int(done))
        yield Figure(
            localize(int(done) if done == int(done) else done),
            words,
            reverse("service:my_engagement"),
        )
    if Role.STUDENT in viewer.roles:
        told = READ_EVIDENCE.rows(viewer).filter(person=viewer.person).count()
        words = ngettext("preuve racontée", "preuves racontées", told)
        yield Figure(told, words, reverse("recognition:my_evidence"))
    held = SHARE_CREDENTIAL.rows(viewer).count()
    yield Figure(
        held, ngettext("titre obtenu", "titres obtenus", held), reverse("credentials:mine")
    )
