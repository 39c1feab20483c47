"""What happened to the reservists of the demo: a file at every stage of the thread.

Everything goes through the actions that people use, so that the demo holds nothing the product
would refuse.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from reseda.competencies.actions.frameworks import load_example
from reseda.credentials import actions as credentials
from reseda.hall.management.demo import (
    cast,
    crosswalks,
    frame,
    planning,
    population,
    record,
    timetables,
)
from reseda.hall.management.demo.reservists import (
    DONE_STAGES,
    ISSUED_STAGES,
    PLANNED,
    STORIES,
    Story,
)
from reseda.people.models import AnswerLink, Person, Role
from reseda.recognition import queries as recognition
from reseda.recognition.actions import assessments, evidence, files, juries
from reseda.recognition.models import Decision, JurySession, RecognitionFile
from reseda.schools.models import Enrolment, School
from reseda.service import actions as service
from reseda.service.models import Engagement, Period
from reseda.timetable.actions import accommodation, feeds, reviews
from reseda.timetable.domain.events import Reading
from reseda.timetable.models import AccommodationRequest, AccommodationReview
from reseda.timetable.queries.catch_up import recovered
from reseda.timetable.queries.periods import meeting

PARIS = timetables.PARIS
Say = Callable[[str], object]


def tell(school: School, today: date, say: Say) -> None:
    """Tell every story; the same day gives the same demo."""
    people = frame.Cast.of(school, today)
    target = load_example(school, "ecole", by=people.assessor)
    source = load_example(school, "reserve", by=people.assessor)
    relied_on = crosswalks.first(people, source, target)
    credentials.open_issuer(school, by=people.director)
    session = frame.rules(people)
    readings = frame.readings(today)
    frame.teachers(people)
    for story in (*STORIES, *PLANNED):
        _tell(story, people, session, readings)
    _staff(people)
    say("dossiers, jury, titres")
    crosswalks.second(people, relied_on)
    crosswalks.imported(people)
    say("tables de correspondance")
    planning.year_ahead(people, readings.get("ING2"))
    say("périodes proposées, souhaits, plan de l’année")


def _tell(
    story: Story, people: frame.Cast, session: JurySession, readings: dict[str, Reading]
) -> None:
    person = _person(story, people.school)
    engagement = _engage(story, person, people)
    if story.stage != "declared":
        _give_timetable(story, person, people.school, readings[story.cohort])
    if story.stage in DONE_STAGES:
        period = _served(engagement, person, people, days_ago=40 + story.rank % 9)
        _recognised(story, period, person, people, session)
    if story.stage == "issued":
        second = _served(engagement, person, people, days_ago=19, length=3)
        _arranged(story, second, person, people)
        _looked_back(second, person, people)
        evidence.add(second, told=_told(person, 1, people.school), by=person)
    _ahead(story, engagement, people, readings.get(story.cohort))


def _person(story: Story, school: School) -> Person:
    if story.stage == "issued":
        return Person.objects.get(email=cast.STUDENT.email)
    places = Enrolment.objects.filter(school=school, cohort__name=story.cohort).order_by("pk")
    return places.select_related("person")[story.rank].person


def _engage(story: Story, person: Person, people: frame.Cast) -> Engagement:
    since = people.today.replace(day=1) - timedelta(days=400 + story.rank * 9)
    declaration = service.Declaration(
        force=story.force,
        contract_start_on=since,
        contract_end_on=since + timedelta(days=5 * 365),
        training="specialised" if story.stage in DONE_STAGES else "initial_done",
        unit_name=story.unit,
        contact_name=cast.UNIT.name,
        contact_email=cast.UNIT.email,
    )
    engagement = service.declare(person, school=people.school, declaration=declaration, by=person)
    if story.audiences:
        service.disclose(engagement, audiences=story.audiences, by=person)
    if story.stage != "declared":
        _acknowledge(engagement, person, people)
        record.complete(story, engagement, people.school)
    return engagement


def _acknowledge(engagement: Engagement, person: Person, people: frame.Cast) -> None:
    from reseda.law.queries import notice  # noqa: PLC0415

    version = notice(people.today, "fr").version
    service.acknowledge(engagement, version=version, language="fr", by=person)


def _give_timetable(story: Story, person: Person, school: School, reading: Reading) -> None:
    feed = feeds.add(
        person, school=school, name="Emploi du temps de l’année", reading=reading, by=person
    )
    codes = {code for event in reading.events for code in event.groups}
    own = person.enrolments.get(school=school).groups.values_list("code", flat=True)
    feeds.choose_groups(feed, groups=sorted(codes & set(own)), by=person)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=PARIS)


def _served(
    engagement: Engagement, person: Person, people: frame.Cast, *, days_ago: int, length: int = 12
) -> Period:
    """A period that is over, confirmed and attested by the unit, by its links."""
    last = people.today - timedelta(days=days_ago)
    first = last - timedelta(days=length - 1)
    period = service.add_period(
        engagement,
        starts_at=_at(first, 8),
        ends_at=_at(last, 18),
        details=service.Details(purpose="Période de perfectionnement"),
        by=person,
    )
    service.ask_confirmation(period, by=person)
    service.confirm(period, link=_link(period, "service.confirm_period"), name=cast.UNIT.name)
    statement = service.Statement(
        days=Decimal(length),
        activities=(
            "A pris la tête d’un groupe de huit personnes pendant les exercices, préparé les "
            "itinéraires, tenu les consignes de sécurité et rendu compte à chaque étape."
        ),
        capacities="commandement d’un groupe\nrigueur\ngestion du risque",
        name=cast.UNIT.name,
        title="correspondant réserve",
    )
    service.attest(period, link=_link(period, "service.attest_period"), statement=statement)
    return Period.objects.get(pk=period.pk)


def _link(period: Period, purpose: str) -> AnswerLink:
    return AnswerLink.objects.get(
        purpose=purpose, subject_key=period.pk, answered_at__isnull=True, revoked_at__isnull=True
    )


TALES = (
    (
        "Prendre la tête d’un groupe quand le responsable est empêché",
        "Pendant un exercice de nuit, le chef d’équipe a été déclaré indisponible.",
        "J’ai pris la tête du groupe, redistribué les rôles et rendu compte en quatre minutes.",
        "J’ai appris à décider avec une information incomplète et à dire ce que je ne savais pas.",
    ),
    (
        "Préparer et tenir une consigne de sécurité",
        "Un déplacement de trente personnes sur un terrain difficile était prévu à l’aube.",
        "J’ai repéré l’itinéraire, listé les risques et briefé chaque équipe.",
        "J’ai appris qu’une consigne se vérifie en la faisant redire.",
    ),
)


# Places, in the example framework, of the competencies that these tales bear on.
TEAM, DECISION, COMMITMENT = 2, 3, 5
TOLD_COMPETENCIES = ((TEAM, DECISION), (DECISION, COMMITMENT))
# The abilities of the reserve that each tale names.
TOLD_ABILITIES = (
    ("Leadership", "Cohésion", "Décision"),
    ("Rigueur", "Gestion du risque", "Anticipation"),
)


def _told(person: Person, rank: int, school: School) -> evidence.Told:
    version = recognition.published_version(school)
    assert version is not None  # noqa: S101 (published a moment ago)
    expected = recognition.expected(version)
    items = [expected[place].item for place in TOLD_COMPETENCIES[rank]]
    abilities = [
        item
        for item in recognition.correspondence(version).abilities
        if item.statement in TOLD_ABILITIES[rank]
    ]
    return evidence.Told(*TALES[rank], items=items, abilities=abilities)


def _recognised(
    story: Story, period: Period, person: Person, people: frame.Cast, session: JurySession
) -> None:
    """A file as far as the story goes: submitted, assessed, decided, its credential issued."""
    evidence.add(period, told=_told(person, 0, people.school), by=person)
    evidence.add(period, told=_told(person, 1, people.school), by=person)
    file = files.open_file(people.school, by=person)
    known = recognition.expected(file.framework_version)
    expected = [known[place] for place in (TEAM, DECISION, COMMITMENT)]
    positions = {one.item.pk: one.levels[0].item.pk for one in expected}
    files.compose(file, periods=[period], positions=positions, wished_form="ects", by=person)
    file = files.submit(RecognitionFile.objects.get(pk=file.pk), by=person)
    if story.stage == "submitted":
        return
    given = [
        assessments.Given(
            one.item.pk,
            one.levels[rank % 2].item.pk,
            "Les faits sont précis, attestés, et dépassent l’exécution d’une consigne.",
        )
        for rank, one in enumerate(expected)
    ]
    assessments.rate(file, given=given, by=people.assessor)
    file = assessments.conclude(RecognitionFile.objects.get(pk=file.pk), by=people.assessor)
    file = juries.plan(session, file=RecognitionFile.objects.get(pk=file.pk), by=people.director)
    if story.stage in ISSUED_STAGES:
        decision = _decided(file, given, people)
        _issued(story, decision, person, people)


def _decided(file: RecognitionFile, given: list[assessments.Given], people: frame.Cast) -> Decision:
    files.consult(file, by=people.jury)
    verdict = juries.Verdict(
        outcome="validated",
        form="ects",
        ects=Decimal(2),
        motivation=(
            "Les preuves montrent une conduite d’équipe en situation exigeante, attestée, au "
            "niveau attendu de la formation."
        ),
        levels={one.competency: one.level for one in given if one.level is not None},
    )
    return juries.decide(RecognitionFile.objects.get(pk=file.pk), verdict=verdict, by=people.jury)


def _issued(story: Story, decision: Decision, person: Person, people: frame.Cast) -> None:
    credential = credentials.issue(
        decision,
        title="Conduite d’équipe en situation exigeante",
        description=(
            "Conduire une équipe, décider dans l’incertain et maîtriser les risques en situation "
            "réelle, au niveau attendu d’un élève ingénieur."
        ),
        by=people.director,
    )
    credentials.share(credential, shows_name=story.stage != "shared", by=person)
    if story.stage == "revoked":
        reason = "Erreur matérielle sur le niveau d’une compétence ; un titre corrigé suivra."
        credentials.revoke(credential, reason=reason, by=people.director)


def _ahead(
    story: Story, engagement: Engagement, people: frame.Cast, reading: Reading | None
) -> None:
    """What comes next: a period ahead, with or without conflict, at its stage of accommodation."""
    if story.stage in {"declared", "secret", "planned"}:
        return
    person = engagement.person
    first = _monday_after(people.today, 2 + story.rank % 3)
    if story.stage == "issued" and reading:
        first = _monday_of_exams(reading, people.today)
    length = 4 if story.rank % 2 else 5
    period = service.add_period(
        engagement,
        starts_at=_at(first, 7),
        ends_at=_at(first + timedelta(days=length - 1), 18),
        details=service.Details(purpose="Période d’instruction"),
        by=person,
    )
    if story.stage == "issued":
        saturday = first + timedelta(days=26)
        service.add_period(
            engagement, starts_at=_at(saturday, 8), ends_at=_at(saturday, 18), by=person
        )
    if story.stage in {"asked", "confirmed", "granted"}:
        service.ask_confirmation(period, by=person)
    if story.stage in {"confirmed", "granted"}:
        service.confirm(period, link=_link(period, "service.confirm_period"), name=cast.UNIT.name)
    if story.stage == "staff":
        service.ask_leave(period, tells_unit=True, by=person)
    if story.stage in {"requested", "granted", "refused"}:
        _arranged(story, period, person, people)


def _arranged(story: Story, period: Period, person: Person, people: frame.Cast) -> None:
    found = accommodation.request(
        period,
        wish="Je demande à être excusé des séances de cette semaine et à les rattraper.",
        wanted={
            one.clash.key: accommodation.Wanted(
                uid=one.recoveries[0].event.uid, at=one.recoveries[0].event.starts_at
            )
            for one in recovered(meeting(period))
            if one.recoveries
        },
        by=person,
    )
    if story.stage == "requested":
        return
    is_granted = story.stage in {"granted", "issued"}
    found = AccommodationRequest.objects.get(pk=found.pk)
    accommodation.decide(
        found,
        is_granted=is_granted,
        reason="" if is_granted else "Un examen ne peut être reporté cette semaine-là.",
        measures="Rattrapage avec l’autre groupe ; examen reporté au besoin." if is_granted else "",
        arranged={
            one.pk: accommodation.Arrangement(
                one.teacher,
                one.catch_up or "Avec l’autre groupe, la semaine suivante",
                at=one.catch_up_at,
            )
            for one in found.absences.select_related("teacher")
        },
        by=people.director,
    )
    if is_granted:
        accommodation.agree(AccommodationRequest.objects.get(pk=found.pk), by=person)


def _looked_back(period: Period, person: Person, people: frame.Cast) -> None:
    """An accommodation of the past, with the look back that each semester asks for."""
    review = AccommodationReview.objects.filter(request__period=period).first()
    if review is None:
        return
    word = "Les séances ont été rattrapées ; le sujet de l’examen m’a été donné plus tard."
    reviews.say(review, word=word, by=person)
    note = "Rattrapages tenus, aucune mesure défavorable constatée."
    reviews.hold(review, outcome="kept", note=note, by=people.director)


def _monday_after(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _monday_of_exams(reading: Reading, today: date) -> date:
    """The week of the first exams at least eight days away; in summer there are none left."""
    soon = _at(today + timedelta(days=8), 0)
    exams = (one for one in reading.events if one.kind == "exam" and one.starts_at > soon)
    exam = next(exams, None)
    if exam is None:
        return _monday_after(today, 2)
    day = exam.starts_at.astimezone(PARIS).date()
    return day - timedelta(days=day.weekday())


def _staff(people: frame.Cast) -> None:
    """Two members of the staff who are reservists; one lets human resources know, one nobody."""
    since = population.year_of(people.today)[0]
    second = Person.objects.create(
        first_name="Aurore",
        last_name="Teyssier",
        email=f"aurore.teyssier@{cast.MAIL}",
        password="!",  # noqa: S106 (no password)
    )
    second.mandates.create(role=Role.STAFF, organisation=people.school.organisation, from_on=since)
    first = Person.objects.get(email=cast.STAFF.email)
    for person, force, audiences in (
        (first, "terre", ("referent", "human_resources")),
        (second, "police", ()),
    ):
        story = Story("", 4, force, "14e régiment de réserve", "staff", audiences)
        engagement = _engage(story, person, people)
        if audiences:
            _served(engagement, person, people, days_ago=70, length=4)
            _ahead(story, engagement, people, None)
