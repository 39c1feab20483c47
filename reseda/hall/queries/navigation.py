"""Where somebody may go: the sections of the side navigation, by role."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Role
from reseda.people.policy import Viewer

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
            Place("service:my_leaves", _("Mes autorisations"), "calendar-check", (R.STAFF,)),
            Place(
                "timetable:my_possibilities",
                _("Mes possibilités"),
                "calendar-search",
                (R.STUDENT, R.STAFF),
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
                "service:list_offers",
                _("Périodes proposées"),
                "calendar-plus",
                (R.REFERENT, R.STUDIES_DIRECTOR),
            ),
            Place(
                "timetable:list_plans",
                _("Planification"),
                "calendar-range",
                (R.REFERENT, R.STUDIES_DIRECTOR),
            ),
            Place(
                "timetable:requests",
                _("Aménagements"),
                "calendar-clock",
                (R.STUDENT, R.REFERENT, R.STUDIES_DIRECTOR),
            ),
            Place("timetable:reviews", _("Bilans"), "clipboard-check", (R.STUDIES_DIRECTOR,)),
            Place(
                "timetable:absences",
                _("Absences justifiées"),
                "user-check",
                (R.TEACHER, R.REGISTRY),
            ),
            Place(
                "service:list_leaves",
                _("Autorisations d’absence"),
                "calendar-check",
                (R.HUMAN_RESOURCES,),
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
            Place(
                "competencies:list_crosswalks",
                _("Correspondances"),
                "git-compare-arrows",
                (
                    R.REFERENT,
                    R.STUDIES_DIRECTOR,
                    R.COMPETENCY_ENGINEER,
                    R.ASSESSOR,
                    R.JURY_MEMBER,
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
                "timetable:rules",
                _("Types de séances"),
                "tags",
                (R.STUDIES_DIRECTOR, R.REFERENT),
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
