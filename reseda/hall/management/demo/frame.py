"""The frame of the stories: who acts, this year’s regulation and jury, the timetables."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from reseda.hall.management.demo import cast, population, timetables
from reseda.people.models import Person, Role
from reseda.recognition.actions import juries, regulations
from reseda.recognition.models import JurySession
from reseda.schools.models import AcademicYear, School
from reseda.schools.queries import holders
from reseda.timetable.domain.events import Reading
from reseda.timetable.domain.reading import read
from reseda.timetable.models import ModuleTeacher


@dataclass(frozen=True)
class Cast:
    """The people who act on files, read once."""

    school: School
    today: date
    director: Person
    assessor: Person
    jury: Person
    referent: Person

    @classmethod
    def of(cls, school: School, today: date) -> "Cast":
        """Read them."""
        found = [
            Person.objects.get(email=one.email)
            for one in (cast.DIRECTOR, cast.ENGINEER, cast.JURY, cast.REFERENT)
        ]
        return cls(school, today, *found)


def rules(people: Cast) -> JurySession:
    """Publish this year’s regulation and open a session of the jury."""
    year = AcademicYear.objects.get(school=people.school)
    terms = regulations.Terms(
        title="Règlement de la reconnaissance de l’engagement",
        text=(
            "L’école valide, à la demande de l’élève, les compétences acquises dans les "
            "activités de l’article L611-9 du Code de l’éducation qui relèvent de celles "
            "attendues par sa formation. Une même activité ne donne lieu qu’à une validation. "
            "L’élève dépose un dossier de preuves ; un "
            "évaluateur propose un niveau par compétence ; le jury décide."
        ),
        appeal=(
            "Recours gracieux auprès de la direction dans les deux mois, puis recours devant le "
            "tribunal administratif."
        ),
        forms=["ects", "unit_element", "supplement"],
        max_ects=Decimal(4),
        min_days=Decimal(5),
        days_per_ects=Decimal(5),
        adopted_by="Conseil des études",
    )
    drafted = regulations.draft(people.school, year=year, terms=terms, by=people.director)
    published_on = min(people.today, year.starts_on + timedelta(days=30))
    regulations.publish(drafted, on=published_on, by=people.director)
    return juries.open_session(
        people.school,
        name="Jury de reconnaissance, première session",
        held_on=people.today,
        members=[people.jury],
        by=people.director,
    )


def readings(today: date) -> dict[str, Reading]:
    """Return the timetable of each cohort, written as its software does and read as everybody’s."""
    first, last = population.year_of(today)
    start, end = first + timedelta(days=6), last - timedelta(days=60)
    exported_at = datetime.combine(today, time(6), tzinfo=UTC)
    plans = {
        "ING1": timetables.ade(
            timetables.generalist(timetables.GENERALIST_1, start, end, seed=11),
            f"{first.year}-{last.year}",
            exported_at,
        ),
        "ING2": timetables.ade(
            timetables.generalist(timetables.GENERALIST_2, start, end, seed=12),
            f"{first.year}-{last.year}",
            exported_at,
        ),
        "ING3": timetables.hyperplanning(timetables.apprentices(start, end, seed=13), exported_at),
    }
    return {cohort: read(data) for cohort, data in plans.items()}


def teachers(people: Cast) -> None:
    """Say which modules the teacher of the cast teaches."""
    teacher = holders(people.school, Role.TEACHER, people.today).get()
    taught = (*timetables.GENERALIST_1, *timetables.GENERALIST_2)
    ModuleTeacher.objects.bulk_create(
        ModuleTeacher(school=people.school, module=course.code, teacher=teacher)
        for course in taught
        if course.teacher.startswith(teacher.last_name)
    )
