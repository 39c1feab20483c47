"""Timetables of the demo, written in the shapes that ADE and HyperPlanning export.

They are text, read by the same reader as everybody's: the demo shows the product on the input it
will meet. Sub-groups run in parallel, lessons move, some types are only in codes.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FIRST_HOURS = (time(8, 15), time(10, 15), time(13, 30), time(15, 30))
SLOT = timedelta(hours=1, minutes=45)
THURSDAY, FRIDAY = 3, 4
# ISO weeks without lessons.
HOLIDAYS = frozenset({44, 52, 53, 1, 8, 16})
# Every fourth week of the generalists has two exams; apprentices alternate by three weeks, and
# the third one at school ends with theirs.
EXAM_WEEK, EXAM_WEEKS = 3, 4
AT_SCHOOL, ALTERNATION = 3, 6
EXAM_SLOTS = frozenset({(THURSDAY, 1), (FRIDAY, 0)})
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


def generalist(
    courses: tuple[Course, ...], first: date, last: date, *, seed: int, wanted: int
) -> list[Session]:
    """Return about `wanted` sessions of a cohort of two tutorial groups and four practical ones."""
    draw = random.Random(seed)  # noqa: S311 (a timetable, not a secret)
    sessions: list[Session] = []
    weeks = list(teaching_weeks(first, last))
    for rank, monday in enumerate(weeks):
        slots = [(day, hour) for day in range(5) for hour in range(4) if (day, hour) != (3, 3)]
        draw.shuffle(slots)
        is_exam_week = rank % EXAM_WEEKS == EXAM_WEEK
        for day, hour in sorted(slots[: 14 if is_exam_week else 15]):
            start = _at(monday + timedelta(days=day), FIRST_HOURS[hour])
            course = courses[(rank * 5 + day * 3 + hour) % len(courses)]
            sessions += _slot(
                draw,
                course,
                start,
                len(sessions),
                is_exam=is_exam_week and (day, hour) in EXAM_SLOTS,
            )
    return sessions[:wanted]


def _slot(
    draw: random.Random, course: Course, start: datetime, number: int, *, is_exam: bool
) -> list[Session]:
    if is_exam:
        end = start + timedelta(hours=2)
        return [Session(number, course, "Examen", "ING promo", "Amphi 1", start, end)]
    end = start + SLOT
    form = draw.choices(("CM", "TD", "TP", "Projet"), weights=(4, 4, 3, 1))[0]
    groups = {"CM": ["ING promo"], "TD": ["ING TD1", "ING TD2"], "Projet": ["ING promo"]}.get(
        form, ["ING TP1", "ING TP2", "ING TP3", "ING TP4"]
    )
    return [
        Session(
            number + i,
            course,
            form,
            group,
            f"{draw.choice('ABC')}{draw.randint(101, 320)}",
            start,
            end,
        )
        for i, group in enumerate(groups)
    ]


def apprentices(first: date, last: date, *, seed: int, wanted: int) -> list[Session]:
    """Return the sessions of apprentices: three weeks at school, three in the company."""
    draw = random.Random(seed)  # noqa: S311 (a timetable, not a secret)
    sessions: list[Session] = []
    company = Course("", "Reservation de salles", "")
    for rank, monday in enumerate(teaching_weeks(first, last)):
        for day in range(5):
            date_of = monday + timedelta(days=day)
            if rank % ALTERNATION >= AT_SCHOOL:
                start, end = _at(date_of, time(8, 0)), _at(date_of, time(19, 0))
                sessions.append(
                    Session(len(sessions), company, "entreprise", "RES3", "", start, end)
                )
                continue
            for hour in range(4):
                course = NETWORKS_3[(rank + day * 3 + hour) % len(NETWORKS_3)]
                start = _at(date_of, FIRST_HOURS[hour])
                is_exam = rank % ALTERNATION == AT_SCHOOL - 1 and day == FRIDAY
                form = "Examen" if is_exam else draw.choice(("Cours", "TD", "TP"))
                groups = ["RES3 GR1", "RES3 GR2"] if form == "TP" else ["RES3"]
                sessions += [
                    Session(
                        len(sessions) + i,
                        course,
                        form,
                        group,
                        f"S{draw.randint(1, 40)}",
                        start,
                        start + SLOT,
                    )
                    for i, group in enumerate(groups)
                ]
    return sessions[:wanted]


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
