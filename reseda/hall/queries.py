"""What the hall gathers from every room: what awaits somebody, where they may go, what was done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.credentials import queries as credentials
from reseda.journal.actions import Verb
from reseda.journal.models import Entry
from reseda.mail import queries as mail
from reseda.people import queries as people
from reseda.people.models import AnswerLink, Person, Role
from reseda.people.policy import Viewer
from reseda.recognition import queries as recognition
from reseda.schools import queries as schools
from reseda.service import queries as service
from reseda.timetable.queries import thread as timetable
from reseda.ui.domain.parts import Todo

TELLERS: tuple[Callable[[Viewer], list[Todo]], ...] = (
    service.todo,
    timetable.todo,
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


R = Role
EVERYBODY: tuple[Role, ...] = tuple(Role)


@dataclass(frozen=True)
class Place:
    """A page of the side navigation: where, under which word, for which roles."""

    route: str
    label: str | Promise
    icon: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Section:
    """A part of the navigation, under its title."""

    title: str | Promise
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Link:
    """A place as one page shows it."""

    label: str | Promise
    url: str
    icon: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class LinkSection:
    """A section as one page shows it: only what this viewer may open."""

    title: str | Promise
    links: tuple[Link, ...]


SECTIONS = (
    Section(
        "",
        (Place("hall:home", _("À faire aujourd’hui"), "list-checks", EVERYBODY),),
    ),
    Section(
        _("Mon parcours"),
        (
            Place("service:my_engagement", _("Mon engagement"), "shield", (R.STUDENT, R.STAFF)),
            Place(
                "timetable:feeds", _("Mon emploi du temps"), "calendar-days", (R.STUDENT, R.STAFF)
            ),
            Place("recognition:my_evidence", _("Mes preuves"), "notebook-pen", (R.STUDENT,)),
            Place("recognition:my_file", _("Mon dossier"), "folder-check", (R.STUDENT,)),
            Place("credentials:mine", _("Mes titres"), "award", (R.STUDENT, R.STAFF)),
        ),
    ),
    Section(
        _("Le parcours"),
        (
            Place(
                "service:list_reservists",
                _("Réservistes"),
                "users",
                (R.REFERENT, R.STUDIES_DIRECTOR, R.HUMAN_RESOURCES),
            ),
            Place(
                "timetable:requests",
                _("Aménagements"),
                "calendar-clock",
                (R.STUDENT, R.REFERENT, R.STUDIES_DIRECTOR),
            ),
            Place(
                "timetable:absences",
                _("Absences justifiées"),
                "user-check",
                (R.TEACHER, R.REGISTRY),
            ),
            Place("people:list_answers", _("Mes réponses"), "reply", (R.UNIT_CORRESPONDENT,)),
        ),
    ),
    Section(
        _("Reconnaître"),
        (
            Place(
                "competencies:list_frameworks",
                _("Compétences"),
                "layers",
                (
                    R.STUDENT,
                    R.STAFF,
                    R.REFERENT,
                    R.STUDIES_DIRECTOR,
                    R.COMPETENCY_ENGINEER,
                    R.ASSESSOR,
                    R.JURY_MEMBER,
                    R.TEACHER,
                ),
            ),
            Place("recognition:list_assessments", _("Évaluations"), "scan-search", (R.ASSESSOR,)),
            Place(
                "recognition:list_juries", _("Jurys"), "gavel", (R.STUDIES_DIRECTOR, R.JURY_MEMBER)
            ),
            Place(
                "recognition:list_regulations", _("Règlement"), "book-marked", (R.STUDIES_DIRECTOR,)
            ),
            Place("recognition:list_decisions", _("Décisions"), "stamp", (R.REGISTRY,)),
            Place(
                "credentials:list_credentials",
                _("Titres"),
                "award",
                (R.STUDIES_DIRECTOR, R.REGISTRY),
            ),
        ),
    ),
    Section(
        _("L’école"),
        (
            Place(
                "schools:school", _("École"), "school", (R.STUDIES_DIRECTOR, R.REGISTRY, R.REFERENT)
            ),
            Place(
                "schools:list_students",
                _("Élèves"),
                "graduation-cap",
                (R.STUDIES_DIRECTOR, R.REGISTRY, R.REFERENT),
            ),
            Place(
                "people:list_persons", _("Personnes"), "id-card", (R.STUDIES_DIRECTOR, R.REFERENT)
            ),
            Place("mail:outbox", _("Courriers"), "mail", (R.STUDIES_DIRECTOR, R.REFERENT)),
            Place("hall:journal", _("Journal"), "scroll-text", (R.DATA_PROTECTION,)),
        ),
    ),
    Section(
        _("S’informer"),
        (
            Place("law:list_values", _("Droit applicable"), "scale", EVERYBODY),
            Place("people:show_rights", _("Qui peut quoi"), "key-round", EVERYBODY),
            Place("hall:help", _("Aide"), "circle-question-mark", EVERYBODY),
        ),
    ),
)


def navigation(viewer: Viewer, path: str, waiting: int) -> list[LinkSection]:
    """Return the sections that a viewer may open, the current page marked, with what waits."""
    shown = []
    for section in SECTIONS:
        places = [
            one for one in section.places if viewer.roles & {role.value for role in one.roles}
        ]
        links = tuple(_link(place, path, waiting) for place in places)
        if links:
            shown.append(LinkSection(section.title, links))
    current = max(
        (link for section in shown for link in section.links if _leads_to(link.url, path)),
        key=lambda link: len(link.url),
        default=None,
    )
    return [
        LinkSection(
            section.title,
            tuple(
                Link(one.label, one.url, one.icon, one.count, one is current)
                for one in section.links
            ),
        )
        for section in shown
    ]


def _leads_to(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _link(place: Place, path: str, waiting: int) -> Link:
    url = reverse(place.route)
    return Link(place.label, url, place.icon, waiting if url == "/" else 0, url == path)


@dataclass(frozen=True)
class Said:
    """An entry of the journal as a sentence: who, what, when."""

    entry: Entry
    actor: str
    sentence: str


def said(entries: Iterable[Entry]) -> list[Said]:
    """Put entries into words; the names of the actors are read once, whatever the entries."""
    rows = list(entries)
    names = _actors(rows)
    return [Said(row, names.get(row.actor, row.actor), _sentence(row)) for row in rows]


def _sentence(entry: Entry) -> str:
    verb = Verb.known.get(entry.verb)
    return str(verb.sentence).format_map(_Facts(entry.facts)) if verb else entry.verb


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "–"


def _actors(entries: list[Entry]) -> dict[str, str]:
    keys: dict[str, set[str]] = {"person": set(), "link": set()}
    for entry in entries:
        kind, _colon, key = entry.actor.partition(":")
        keys.setdefault(kind, set()).add(key)
    people_names = {
        one.journal_name: str(one) for one in Person.objects.filter(pk__in=keys["person"])
    }
    outsiders = {
        one.journal_name: one.name or str(_("Une personne extérieure"))
        for one in AnswerLink.objects.filter(pk__in=keys["link"])
    }
    return {**people_names, **outsiders, "system": "Réséda"}
