"""Timetables of the demo, written in the shapes that ADE and HyperPlanning export.

They are text, read by the same reader as everybody's: the demo shows the product on the input it
will meet. Sub-groups run in parallel, lessons move, some types are only in codes.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FIRST_HOURS = (time(8, 15), time(10, 15), time(13, 30), time(15, 30))
SLOT = timedelta(hours=1, minutes=45)
THURSDAY, FRIDAY = 3, 4
# ISO weeks without lessons.
HOLIDAYS = frozenset({44, 52, 53, 1, 8, 16})
# Every fourth week of the generalists has two exams; apprentices spend four weeks of six at
# school, and the last of the four ends with theirs.
EXAM_WEEK, EXAM_WEEKS = 3, 4
AT_SCHOOL, ALTERNATION = 4, 6
EXAM_SLOTS = frozenset({(THURSDAY, 1), (FRIDAY, 0)})
FREE_SLOT = (THURSDAY, 3)
SLOTS_A_WEEK = 16
ROOMS = tuple(f"{wing}{number}" for wing in "ABC" for number in range(101, 125))
LINE_BYTES = 74


@dataclass(frozen=True)
class Course:
    """One teaching unit: its code, its title, and who teaches it."""

    code: str
    title: str
    teacher: str


@dataclass(frozen=True)
class Session:
    """One session as the scheduling office wrote it."""

    number: int
    course: Course
    form: str
    group: str
    room: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Wall:
    """The groups of a cohort, that run in parallel: all together, tutorials, practicals."""

    whole: str
    tutorials: tuple[str, ...]
    practicals: tuple[str, ...]


ING = Wall("ING promo", ("ING TD1", "ING TD2"), tuple(f"ING TP{number}" for number in (1, 2, 3, 4)))
# Practicals of the halves of the cohort, a week apart.
FIRST_HALF = replace(ING, practicals=ING.practicals[:2])
SECOND_HALF = replace(ING, practicals=ING.practicals[2:])
OWED_A_WEEK = 2
RES3 = Wall("RES3", ("RES3 TD1", "RES3 TD2"), tuple(f"RES3 GR{number}" for number in (1, 2, 3, 4)))
COMPANY = Course("", "Reservation de salles", "")

GENERALIST_1 = (
    Course("GEN51A", "Analyse et équations différentielles", "Belkacem Nadia"),
    Course("GEN51B", "Mécanique des milieux continus", "Tardieu Luc"),
    Course("GEN52A", "Thermodynamique", "Okafor Grace"),
    Course("GEN52B", "Algorithmique", "Salvat Remi"),
    Course("GEN53A", "Economie de l'entreprise", "Brunel Alice"),
    Course("GEN53B", "Anglais", "Wright Emma"),
    Course("GEN54A", "Projet decouverte", "Vidal Jeanne"),
    Course("GEN54B", "Probabilites", "Belkacem Nadia"),
)
GENERALIST_2 = (
    Course("GEN71A", "Recherche opérationnelle", "Belkacem Nadia"),
    Course("GEN71B", "Matériaux", "Tardieu Luc"),
    Course("GEN72A", "Énergie et procédés", "Okafor Grace"),
    Course("GEN72B", "Bases de données", "Salvat Remi"),
    Course("GEN73A", "Gestion des risques", "Brunel Alice"),
    Course("GEN73B", "Anglais", "Wright Emma"),
    Course("GEN74A", "Projet d'ingénierie", "Vidal Jeanne"),
    Course("GEN74B", "Statistiques", "Belkacem Nadia"),
)
NETWORKS_3 = (
    Course("RES91", "Sécurité des systèmes", "SALVAT Remi"),
    Course("RES92", "Réseaux opérateurs", "MERCIER Anne"),
    Course("RES93", "Management d'équipe", "BRUNEL Alice"),
    Course("RES94", "Cloud et virtualisation", "SALVAT Remi"),
    Course("RES95", "Anglais", "WRIGHT Emma"),
    Course("RES96", "Projet industriel", "MERCIER Anne"),
)


def teaching_weeks(first: date, last: date) -> Iterator[date]:
    """Yield the Mondays of the weeks with lessons: holidays of autumn, winter, spring left out."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        number = monday.isocalendar().week
        if number not in HOLIDAYS:
            yield monday
        monday += timedelta(days=7)


def generalist(courses: tuple[Course, ...], first: date, last: date, *, seed: int) -> list[Session]:
    """Return about 1,200 sessions of a cohort of two tutorial groups and four practical ones."""
    draw = random.Random(seed)  # noqa: S311 (a timetable, not a secret)
    sessions: list[Session] = []
    owed: list[Course] = []
    for rank, monday in enumerate(teaching_weeks(first, last)):
        slots = [(day, hour) for day in range(5) for hour in range(4) if (day, hour) != FREE_SLOT]
        draw.shuffle(slots)
        exams = EXAM_SLOTS if rank % EXAM_WEEKS == EXAM_WEEK else frozenset()
        spare = [slot for slot in slots[SLOTS_A_WEEK:] if slot not in exams]
        sessions += _given_back(draw, owed, monday, spare, len(sessions))
        owed = []
        for day, hour in sorted({*slots[:SLOTS_A_WEEK], *exams}):
            start = _at(monday + timedelta(days=day), FIRST_HOURS[hour])
            course = courses[(rank * 5 + day * 3 + hour) % len(courses)]
            form = "Examen" if (day, hour) in exams else _form(draw)
            wall = ING
            if form == "TP" and len(owed) < OWED_A_WEEK:
                owed.append(course)
                wall = FIRST_HALF
            sessions += _slot(draw, wall, course, form, start, len(sessions))
    return sessions


def _given_back(
    draw: random.Random,
    owed: list[Course],
    monday: date,
    spare: list[tuple[int, int]],
    number: int,
) -> list[Session]:
    """Return the practicals that the other half of the cohort has a week later, where it is free:
    whoever missed theirs may recover them there.
    """
    found: list[Session] = []
    for course, (day, hour) in zip(owed, spare, strict=False):
        start = _at(monday + timedelta(days=day), FIRST_HOURS[hour])
        found += _slot(draw, SECOND_HALF, course, "TP", start, number + len(found))
    return found


def apprentices(first: date, last: date, *, seed: int) -> list[Session]:
    """Return about 1,100 sessions of apprentices: four weeks at school, two in the company."""
    draw = random.Random(seed)  # noqa: S311 (a timetable, not a secret)
    sessions: list[Session] = []
    for rank, monday in enumerate(teaching_weeks(first, last)):
        for day in range(5):
            on = monday + timedelta(days=day)
            if rank % ALTERNATION >= AT_SCHOOL:
                hours = _at(on, time(8)), _at(on, time(19))
                sessions.append(
                    Session(len(sessions), COMPANY, "entreprise", RES3.whole, "", *hours)
                )
                continue
            is_last = rank % ALTERNATION == AT_SCHOOL - 1 and day == FRIDAY
            for hour, starts_at in enumerate(FIRST_HOURS):
                course = NETWORKS_3[(rank + day * 3 + hour) % len(NETWORKS_3)]
                form = "Examen" if is_last and hour in (0, 1) else _form(draw)
                sessions += _slot(draw, RES3, course, form, _at(on, starts_at), len(sessions))
    return sessions


def _form(draw: random.Random) -> str:
    return draw.choices(("CM", "TD", "TP", "Projet"), weights=(4, 4, 3, 1))[0]


def _slot(
    draw: random.Random, wall: Wall, course: Course, form: str, start: datetime, number: int
) -> list[Session]:
    """Return the sessions that run at the same time: one for all, or one a group."""
    end = start + (timedelta(hours=2) if form == "Examen" else SLOT)
    groups = {"TD": wall.tutorials, "TP": wall.practicals}.get(form, (wall.whole,))
    rooms = ["Amphi 1"] if form == "Examen" else draw.sample(ROOMS, len(groups))
    return [
        Session(number + i, course, form, group, rooms[i], start, end)
        for i, group in enumerate(groups)
    ]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=PARIS).astimezone(UTC)


def ade(sessions: list[Session], project: str, exported_at: datetime) -> bytes:
    """Write sessions as ADE does: UTC, groups and teacher loose in the description."""
    lines = [
        "BEGIN:VCALENDAR",
        "METHOD:PUBLISH",
        "PRODID:-//ADE/version 6.0",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
    ]
    for one in sessions:
        uid = f"{project}-{one.number}-0-{one.number % 7}".encode().hex()
        lines += [
            "BEGIN:VEVENT",
            f"DTSTAMP:{_utc(exported_at)}",
            f"DTSTART:{_utc(one.starts_at)}",
            f"DTEND:{_utc(one.ends_at)}",
            f"SUMMARY:{one.course.code} {one.form} {_text(one.course.title)}"
            + (f" {one.group}" if "promo" not in one.group else ""),
            f"LOCATION:{one.room}",
            _description(one, exported_at),
            f"UID:ADE{uid}",
            "CREATED:19700101T000000Z",
            f"LAST-MODIFIED:{_utc(exported_at)}",
            "SEQUENCE:2141163112",
            "END:VEVENT",
        ]
    return _folded([*lines, "END:VCALENDAR"])


def _description(one: Session, exported_at: datetime) -> str:
    exported = f"(Exporté le:{exported_at:%d/%m/%Y %H:%M})"
    return f"DESCRIPTION:\\n\\n{one.group}\\n{_text(one.course.teacher)}\\n{exported}\\n"


def hyperplanning(sessions: list[Session], exported_at: datetime) -> bytes:
    """Write sessions as HyperPlanning does: named fields in the description, parameters."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID;LANGUAGE=fr:Copyright Index-Education - HYPERPLANNING {exported_at:%Y}",
        "METHOD:PUBLISH",
    ]
    for one in sessions:
        is_company = one.form == "entreprise"
        subject = one.course.title if is_company else f"{one.course.code} {one.course.title}"
        fields = [f"Matière : {_text(subject)}"]
        fields += [f"Enseignant : {_text(one.course.teacher)}"] if one.course.teacher else []
        fields += [f"TD : {one.group}"]
        fields += [f"Salle : {one.room}"] if one.room else []
        fields += ["Mémo : entreprise"] if is_company else [f"Type : {one.form}"]
        summary = " - ".join(
            part for part in (subject, one.course.teacher, one.group, one.form) if part
        )
        lines += [
            "BEGIN:VEVENT",
            "CATEGORIES:HYPERPLANNING",
            f"DTSTAMP:{_utc(exported_at)}",
            f"UID:Cours-{2000 + one.number}-{one.number % 40}-RES3-Index-Education",
            f"DTSTART:{_utc(one.starts_at)}",
            f"DTEND:{_utc(one.ends_at)}",
            f"SUMMARY;LANGUAGE=fr:{_text(summary)}",
            *([f"LOCATION;LANGUAGE=fr:{one.room}"] if one.room else []),
            "DESCRIPTION;LANGUAGE=fr:" + "\\n".join(fields) + "\\n",
            "END:VEVENT",
        ]
    return _folded([*lines, "END:VCALENDAR"])


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")


def _is_inside_a_character(byte: int) -> bool:
    return byte & 0b1100_0000 == 0b1000_0000  # noqa: PLR2004 (UTF-8 continuation)


def _folded(lines: list[str]) -> bytes:
    folded: list[bytes] = []
    for line in lines:
        rest = line.encode()
        while len(rest) > LINE_BYTES:
            cut = LINE_BYTES
            while _is_inside_a_character(rest[cut]):
                cut -= 1
            folded.append(rest[:cut])
            rest = b" " + rest[cut:]
        folded.append(rest)
    return b"\r\n".join(folded) + b"\r\n"
