"""A year of conciliation over HTTP: a timetable given and corrected, periods offered by a unit and
by a file, wished for, planned, refused with a reason, accepted, arranged, then planned again when
the timetable moves. At each stage a stranger finds nothing, and who told nobody counts for nobody.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reseda.law.queries import notice
from reseda.mail.models import OutgoingMail
from reseda.schools.models import Enrolment
from reseda.service import actions as service
from reseda.service.tasks import settle_silences
from reseda.timetable import tasks
from reseda.timetable.actions import feeds
from reseda.timetable.domain.reading import read
from reseda.timetable.models import Absence, Lesson, Plan
from tests.cast import HUMAN_RESOURCES, REFERENT, STAFF, STRANGER, STUDENT, TEACHER, UNIT
from tests.journeys.conftest import PARIS, exported, lessons
from tests.journeys.thread import PLACE, PURPOSE, SECRETS, UNIT_NAME, Thread
from tests.journeys.visitor import Attached, said

pytestmark = pytest.mark.django_db

FREE_WEEK, EXAM_WEEK = "du 9 au 13 novembre 2026", "du 2 au 6 novembre 2026"
FILE = (
    "début;fin;places;objet;qualifications demandées;id\n"
    "21/11/2026;22/11/2026;6;Entraînement à l’orientation;;A-1\n"
    "28/11/2026;29/11/2026;6;Manœuvre logistique;PERMIS MILITAIRE;A-2\n"
)
LISTS = ("service:list_offers", "service:list_offer_calls", "timetable:list_plans")
CORRECTED = "Anglais"


def is_discreet(text):
    return not [secret for secret in SECRETS if secret.casefold() in text.casefold()]


def work():
    """Compute the plans asked for, as a worker does."""
    asked = DBTaskResult.objects.filter(task_path="reseda.timetable.tasks.run_plan")
    assert asked
    for one in asked:
        tasks.run_plan.call(*one.args_kwargs["args"])


def home(world, who, *links):
    """Somebody’s home page, then the links followed from there."""
    visitor = world.as_(who).open("/")
    for words in links:
        visitor.click(words)
    return visitor


def moved(found):
    """The same lessons once the exam of Thursday 5 November is put on Tuesday 10."""
    later = timedelta(days=5)
    return [
        replace(one, starts_at=one.starts_at + later, ends_at=one.ends_at + later)
        if one.form == "Examen" and one.starts_at.date() == date(2026, 11, 5)
        else one
        for one in found
    ]


@pytest.fixture
def others(world, term):
    """Two students of the school with the same contract and timetable: one told the référent."""
    places = Enrolment.objects.filter(school=world.school).exclude(person__email=STUDENT.email)
    people = [one.person for one in places.order_by("pk")[:2]]
    for person, audiences in zip(people, (("referent",), ()), strict=True):
        contract = service.Declaration("air_espace", date(2025, 9, 1), date(2030, 8, 31))
        held = service.declare(person, school=world.school, declaration=contract, by=person)
        service.disclose(held, audiences=audiences, by=person)
        version = notice(timezone.localdate(), "fr").version
        service.acknowledge(held, version=version, language="fr", by=person)
        feeds.add(person, school=world.school, name="Mien", reading=read(term), by=person)
    return people


def test_a_year_of_conciliation(world, others, term):
    thread = Thread(world, term)
    fellow, silent = others
    thread.declare()
    thread.disclose()
    thread.read_notice()
    give_and_correct(world, thread)
    say_what_titles_mean(world)
    offer(world)
    wish(world)
    plan, cells = make_plan(world, fellow, silent)
    publish(world, plan, fellow)
    unseen(world, plan, cells)
    accept(world)
    arrange(world, thread)
    share_free_time(world)
    move_timetable(world)
    plan_again(world, plan, silent)
    unseen(world, Plan.objects.latest("pk"), cells)


def give_and_correct(world, thread):
    student = home(world, STUDENT, "Mon emploi du temps")
    with world.journals("timetable.add_feed"):
        student.send(
            "Lire cet emploi du temps",
            file=Attached("ADECal.ics", thread.timetable, "text/calendar"),
        )
    assert "450 séances lues" in student.told
    thread.choose_groups()
    feed = home(world, STUDENT, "Mon emploi du temps", "Ouvrir").send("Appliquer", q=CORRECTED)
    row = row_of(feed, "GEN73B CM Anglais")
    assert kind_in(row) == "lecture"
    with world.journals("timetable.correct_kind"):
        feed.send("Corriger les", near=named(row), kind="other")
    world.as_(STRANGER).open(feed.address.partition("?")[0], status=404)
    # A new export of the same timetable keeps what its student said.
    again = home(world, STUDENT, "Mon emploi du temps")
    newer = exported(lessons(451))
    again.send("Lire cet emploi du temps", file=Attached("ADECal.ics", newer, "text/calendar"))
    assert is_kept(world)


def row_of(page, title):
    return next(row for row in page.page.xpath("//tbody/tr") if title in said(row))


def named(row):
    """What names a row of a table: its two first cells."""
    return " ".join(said(cell) for cell in row.xpath("./td")[:2])


def kind_in(row):
    return row.xpath(".//select[@name='kind']/option[@selected]/@value")[0]


def is_kept(world):
    feed = home(world, STUDENT, "Mon emploi du temps", "Ouvrir").send("Appliquer", q=CORRECTED)
    return kind_in(row_of(feed, "GEN73B CM Anglais")) == "other"


def say_what_titles_mean(world):
    rules = home(world, REFERENT, "Types de séances")
    rule = {"target": "title", "match": "contains", "pattern": CORRECTED, "kind": "project"}
    before = Lesson.objects.filter(kind="project").count()
    rules.send("Essayer sans enregistrer", **rule).reads("Rien n’est encore enregistré")
    rules.reads("Des examens n’en seraient plus")
    rules.send("Essayer sans enregistrer", pattern="CM Anglais").reads("changeraient de type")
    assert "Des examens n’en seraient plus" not in rules.main
    assert Lesson.objects.filter(kind="project").count() == before
    with world.journals("timetable.add_rule"):
        rules.send("Ajouter la règle")
    assert Lesson.objects.filter(kind="project").count() > before
    # The word of the student passes before the rule of the school.
    assert is_kept(world)
    assert CORRECTED not in world.as_(STRANGER).open(reverse("timetable:rules")).main


def offer(world):
    calls = home(world, REFERENT, "Périodes proposées", "Demander aux unités")
    with world.journals("service.ask_offers", "people.ask_outsider"):
        calls.send(
            "Envoyer la demande", contact_email=UNIT.email, force="air_espace", unit_name=UNIT_NAME
        )
    unit = world.visitor().open(world.letter(UNIT.email).link)
    for first, last, purpose in (
        ("2026-11-02", "2026-11-06", "Semaine d’exercice"),
        ("2026-11-09", "2026-11-13", PURPOSE),
    ):
        with world.journals("service.add_offer"):
            unit.send(
                "Proposer cette période",
                starts_on=first,
                ends_on=last,
                purpose=purpose,
                place=PLACE,
                capacity=2,
            )
    unit.reads(PURPOSE, "Semaine d’exercice")
    wrong = home(world, REFERENT, "Périodes proposées", "Importer")
    wrong.send(
        "Voir ce qui changerait",
        status=422,
        file=Attached("p.csv", FILE.replace("21/11", "31/11").encode(), "text/csv"),
        force="air_espace",
    ).reads("Date illisible")
    preview = home(world, REFERENT, "Périodes proposées", "Importer").send(
        "Voir ce qui changerait",
        file=Attached("p.csv", FILE.encode(), "text/csv"),
        force="air_espace",
    )
    with world.journals("service.import_offers"):
        preview.send("Importer")
    preview.reads(PURPOSE, "Manœuvre logistique")
    for name in LISTS:
        assert PURPOSE not in world.as_(STRANGER).open(reverse(name), status=None).main


def wish(world):
    student = world.awaits(STUDENT, "4 périodes vous sont proposées")
    with world.journals("service.wish"):
        student.send("Garder ce souhait", near=FREE_WEEK.capitalize(), level="3")
    assert "Souhait gardé" in student.told


def make_plan(world, fellow, silent):
    form = home(world, REFERENT, "Planification", "Nouveau plan")
    assert str(silent) not in form.main
    with world.journals("timetable.draft_plan"):
        form.send("Calculer le plan", name="Plan de l’année", hard=["exam"], hours=80, travel=0)
    form.reads("Le plan se calcule")
    with world.journals("timetable.compute_plan"):
        work()
    plan = world.awaits(REFERENT, "Un plan est calculé")
    plan.reads("optimum prouvé", "2 réservistes planifiés", STUDENT.name, str(fellow))
    assert str(silent) not in plan.answer.content.decode()
    assert "hors du plan" not in plan.main
    address = plan.address
    exams = plan.click(f"{STUDENT.name}, semaine du lundi 2 novembre")
    exams.reads("2 examens tombent pendant la période", "Les études restent prioritaires")
    # The titles of lessons are their student’s own.
    assert "GEN7" not in exams.main
    exams.click("Toute son année").reads("Il faut d’abord : PERMIS MILITAIRE")
    week = world.as_(REFERENT).open(address).click(f"{STUDENT.name}, semaine du lundi 9 novembre")
    with world.journals("timetable.pin"):
        week.send("À tenir", near=FREE_WEEK)
    week.open(address).click("En tableau")
    assert str(silent) not in week.main
    cells = (exams.address, week.address)
    return Plan.objects.get(), cells


def publish(world, plan, fellow):
    referent = world.as_(REFERENT).open(reverse("timetable:read_plan", args=[plan.pk]))
    student = world.as_(STUDENT)
    assert "retenue pour vous" not in student.open("/").main
    with world.journals("timetable.publish_plan"):
        referent.send("Publier le plan")
    assert "chaque personne concernée reçoit un courriel discret" in referent.told
    told = OutgoingMail.objects.filter(template="timetable.plan_published")
    assert {one.to for one in told} == {STUDENT.email, fellow.email}
    assert STUDENT.last_name not in world.letter(UNIT.email).body
    letter = world.letter(STUDENT.email)
    assert letter.subject == "Votre plan d’année est publié"
    assert is_discreet(letter.subject + letter.body)


def unseen(world, plan, cells):
    """The director of another school finds nothing at the addresses of the plan."""
    stranger = world.as_(STRANGER)
    page = reverse("timetable:read_plan", args=[plan.pk])
    for address in (page, *cells, reverse("timetable:list_lines", args=[plan.pk])):
        stranger.open(address, status=404)
    assert plan.name not in stranger.open(reverse("timetable:list_plans")).main


def accept(world):
    student = world.as_(STUDENT).open(world.letter(STUDENT.email).link)
    student.reads(PURPOSE, PLACE)
    with world.journals("timetable.accept_line", "service.add_period"):
        student.send("Accepter", near=FREE_WEEK)
    student.reads("acceptée")
    referent = home(world, REFERENT, "Planification", "Plan de l’année")
    assert "/ " in referent.reads("acceptées").main


def arrange(world, thread):
    student = world.awaits(STUDENT, "Une période tombe sur des cours")
    world.as_(STRANGER).open(student.address, status=404)
    chosen = {}
    for name in student.named("how-"):
        ways = student.offered("Demander l’aménagement", name)
        chosen[name] = next(iter(ways))
    assert [way for way in chosen.values() if way not in {"none", "other"}]
    with world.journals("timetable.request_accommodation"):
        student.send(
            "Demander l’aménagement",
            wish="Je rattrape avec l’autre groupe.",
            **{name: way for name, way in chosen.items() if way != "other"},
        )
    director = thread.grant()
    assert is_discreet(director.main)
    world.as_(STRANGER).open(director.address, status=404)
    thread.agree().reads("Télécharger le contrat")
    assert Absence.objects.exclude(catch_up_at=None).exists()
    absences = thread.read_absence()
    absences.reads("Absence justifiée, engagement reconnu", STUDENT.name)
    assert is_discreet(absences.answer.content.decode())
    letters = OutgoingMail.objects.filter(to=TEACHER.email)
    assert letters
    assert all(is_discreet(one.subject + one.body) for one in letters)


def share_free_time(world):
    calendar = home(world, STUDENT, "Mon emploi du temps", "Mon agenda")
    first, last = (name for name in calendar.named("engagement-") if name.endswith("_on"))
    with world.journals("timetable.share_availability"):
        days = {first: "2026-10-05", last: "2026-11-30"}
        calendar.send("Partager mes disponibilités", **days)
    address = calendar.page.xpath("//input[@aria-label='Adresse des disponibilités']/@value")[0]
    path = address.partition("//")[2].partition("/")[2]
    feed = world.visitor().open(f"/{path}").answer.content.decode().replace("\r\n ", "")
    assert feed.count("BEGIN:VEVENT") > 5
    titles = Lesson.objects.values_list("title", flat=True).distinct()
    assert not [title for title in titles if title in feed]
    assert not [word for word in ("GEN7", "Examen", "Amphi", STUDENT.last_name) if word in feed]


def move_timetable(world):
    newer = exported(moved(lessons(451)))
    student = home(world, STUDENT, "Mon emploi du temps").send(
        "Lire cet emploi du temps", file=Attached("ADECal.ics", newer, "text/calendar")
    )
    assert "vos groupes et vos corrections sont gardés" in student.told
    assert "ne tient plus" not in student.open("/").main
    referent = home(world, REFERENT, "Planification", "Plan de l’année")
    referent.send("Vérifier").reads("1 période du plan ne tient plus")
    broken = world.awaits(STUDENT, "Une période retenue pour vous ne tient plus")
    broken.reads("Un examen tombe pendant la période")


def plan_again(world, former, silent):
    referent = world.awaits(REFERENT, "Une période du plan ne tient plus : replanifier")
    week = world.as_(REFERENT).open(referent.address)
    week.click(f"{STUDENT.name}, semaine du lundi 9 novembre").send(
        "Rendre au calcul", near=FREE_WEEK
    )
    referent.open(reverse("timetable:read_plan", args=[former.pk])).send("Replanifier")
    work()
    referent = world.awaits(REFERENT, "Un plan est calculé")
    changes = world.as_(REFERENT).open(referent.address).click("Ce qui change")
    changes.reads("1 personne concernée", STUDENT.name)
    assert str(silent) not in changes.main
    with world.journals("timetable.publish_plan"):
        referent.send("Publier le plan")
    former.refresh_from_db()
    assert former.status == Plan.Status.REPLACED
    letters = OutgoingMail.objects.filter(to=STUDENT.email, template="timetable.plan_published")
    assert letters.count() == 2
    possible = world.as_(STUDENT).open(world.letter(STUDENT.email).link)
    possible.reads("Un examen tombe pendant la période")
    assert not [
        item
        for item in possible.page.xpath("//main//li[.//button[contains(., 'Accepter')]]")
        if FREE_WEEK in said(item)
    ]


def test_a_member_of_the_staff_asks_for_absences_and_human_resources_answer_or_keep_silent(world):
    staff = home(world, STAFF, "Mon engagement", "Déclarer mon engagement")
    staff.send(
        "Continuer",
        force="air_espace",
        contract_start_on="2025-09-01",
        contract_end_on="2030-08-31",
        training="initial_done",
        unit_name=UNIT_NAME,
    )
    staff.send("Garder ce choix")
    office = home(world, HUMAN_RESOURCES, "Autorisations d’absence")
    assert STAFF.last_name not in office.main
    # Beyond any quota: human resources have to answer.
    for first, last in (("2027-01-04", "2027-02-12"), ("2027-03-01", "2027-04-09")):
        ask_absence(world, first, last)
    office = home(world, HUMAN_RESOURCES, "Autorisations d’absence")
    office.click(STAFF.last_name, near="Du 4 janvier")
    assert is_discreet(office.main)
    office.send("Répondre", status=422, decision="refused")
    with world.journals("service.refuse_leave"):
        office.send("Répondre", decision="refused", reason="La rentrée du semestre est ce jour-là.")
    told = home(world, STAFF, "Mes autorisations", "4 janvier")
    told.reads("La rentrée du semestre est ce jour-là.")
    settle_silences.call()
    assert "silence" not in home(world, STAFF, "Mes autorisations").main
    world.clock.go_to(datetime(2027, 2, 15, 9, tzinfo=PARIS))
    with world.journals("service.agree_by_silence"):
        settle_silences.call()
    home(world, STAFF, "Mes autorisations", "1er mars").reads("silence")
    mails = OutgoingMail.objects.filter(to__in=(STAFF.email, HUMAN_RESOURCES.email))
    assert mails.count() >= 4
    assert all(is_discreet(one.subject + one.body) for one in mails)
    world.as_(STRANGER).open(office.address, status=404)


def ask_absence(world, first, last):
    staff = home(world, STAFF, "Mon engagement", "Saisir une convocation")
    staff.send("Enregistrer", starts_on=first, ends_on=last, purpose=PURPOSE, place=PLACE)
    staff.click("Demander l’autorisation d’absence")
    with world.journals("service.ask_leave"):
        staff.send("Envoyer la demande")
