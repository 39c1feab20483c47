"""Bad input, as a person would give it: a sentence on the page says what is wrong and what to do,
and nothing is lost or half-written.
"""

import os
import zipfile
from datetime import timedelta
from io import BytesIO
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from reseda.people.models import AnswerLink, Person
from reseda.timetable.models import Feed, Lesson
from reseda.timetable.queries.lessons import MOST_LESSONS
from tests.cast import ENGINEER, REGISTRY, STUDENT, UNIT
from tests.journeys import packages
from tests.journeys.thread import Thread
from tests.journeys.visitor import Attached

pytestmark = pytest.mark.django_db

HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n"
TAIL = b"END:VCALENDAR\r\n"
GOOD = (
    b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261005T070000Z\r\nDTSTART:20261105T080000Z\r\n"
    b"DTEND:20261105T100000Z\r\nSUMMARY:Analyse\r\nEND:VEVENT\r\n"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def event(**lines):
    """One event, with these lines besides."""
    more = "".join(f"{name}:{value}\r\n" for name, value in lines.items())
    return GOOD.replace(b"END:VEVENT", more.encode() + b"END:VEVENT")


def archive():
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("calendrier.ics", "BEGIN:VCALENDAR")
    return made.getvalue()


def rows():
    """How many rows each table of the product has."""
    models = [one for one in apps.get_models() if one.__module__.startswith("reseda.")]
    return {one._meta.label: one._default_manager.count() for one in models}


@pytest.fixture
def student(bare):
    """The student of the cast, on the page where a timetable is given."""
    return bare.as_(STUDENT).open("/").click("Mon emploi du temps")


UNREADABLE = {
    "binary": (PNG, "Ce n’est pas un fichier de calendrier"),
    "archive": (archive(), "Ce n’est pas un fichier de calendrier"),
    "empty": (b"", "Ce fichier est vide"),
    "page": (b"<!doctype html><html><title>Connexion</title></html>", "C’est une page de site"),
    "text": (b"Lundi : analyse\r\nMardi : rien\r\n", "Ce n’est pas un calendrier iCalendar"),
    "50 MB": (HEAD + GOOD * (50 * 1024**2 // len(GOOD)) + TAIL, "Ce fichier est trop gros"),
    "too many lines": (HEAD + b"\n" * 9_000_000 + TAIL, "Ce fichier a trop de lignes"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_timetable_is_refused_in_words(student, name):
    data, words = UNREADABLE[name]
    before = rows()
    student.send("Lire cet emploi du temps", file=Attached("a.ics", data), status=422)
    student.reads(words)
    assert rows() == before
    assert student.has_button("Lire cet emploi du temps")


def test_a_truncated_timetable_keeps_what_could_be_read_and_says_what_could_not(student):
    whole = HEAD + GOOD + GOOD.replace(b"UID:1", b"UID:2") + TAIL
    cut = whole[: whole.rindex(b"SUMMARY")]
    student.send("Lire cet emploi du temps", file=Attached("a.ics", cut, "text/calendar"))
    assert "1 séance lue" in student.told
    assert Feed.objects.get().problems
    student.reads("Analyse", "coupé")


MALICIOUS = {
    "endless series": event(RRULE="FREQ=SECONDLY"),
    "huge series": event(RRULE="FREQ=MINUTELY;COUNT=2000000000"),
    "impossible date": GOOD.replace(b"20261105T080000Z", b"99999999T999999Z"),
    "end before start": GOOD.replace(b"20261105T100000Z", b"19000101T000000Z"),
    "far year": GOOD.replace(b"20261105T100000Z", b"99991231T235959Z"),
    "long line": event(COMMENT="x" * 200_000),
    "nested": b"BEGIN:VEVENT\r\n" * 500 + GOOD,
    "null": GOOD.replace(b"Analyse", b"Ana\x00lyse"),
    "local file": event(ATTACH="file:///etc/passwd"),
    "unknown zone": GOOD.replace(b"DTSTART:", b"DTSTART;TZID=../../etc/passwd:"),
}


@pytest.mark.parametrize("name", MALICIOUS)
def test_a_malicious_timetable_ends_in_a_page_that_says_what_was_made_of_it(student, name):
    before = rows()
    given = Attached("a.ics", HEAD + MALICIOUS[name] + TAIL, "text/calendar")
    student.send("Lire cet emploi du temps", file=given, status=None)
    if student.status == 422:
        student.reads("Un point est à corriger")
        assert rows() == before
    else:
        assert student.status == 200
        assert Lesson.objects.count() <= MOST_LESSONS
        assert Feed.objects.get().problems or Lesson.objects.count() == 1


def test_what_a_timetable_says_is_shown_as_words_never_as_a_page(student):
    bad = GOOD.replace(b"Analyse", b"<script>alert(1)</script><img src=x onerror=alert(1)>")
    student.send("Lire cet emploi du temps", file=Attached("a.ics", HEAD + bad + TAIL))
    student.reads("<script>alert(1)</script>")
    assert not student.page.xpath("//main//script | //main//img")


INSIDE = (
    "http://127.0.0.1/calendrier.ics",
    "http://localhost/calendrier.ics",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.8/ade.ics",
    "http://[::1]/ade.ics",
    "http://[::ffff:127.0.0.1]/ade.ics",
    "http://2130706433/ade.ics",
    "webcal://192.168.1.1/ade.ics",
)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_the_servers_own_network_is_refused(student, address):
    before = rows()
    student.send("Lire cet emploi du temps", address=address, status=422)
    student.reads("Cette adresse mène à un réseau interne")
    assert rows() == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file:///etc/passwd", "doit commencer par https://"),
        ("https://moi:secret@ade.example/a.ics", "contient un mot de passe"),
        ("https://ade.example:22/a.ics", "port inhabituel"),
    ],
)
def test_an_address_that_is_no_subscription_is_refused(student, address, words):
    before = rows()
    student.send("Lire cet emploi du temps", address=address, status=422)
    student.reads(words)
    assert rows() == before


# --- Tables of people

LINE = "{0}@garrigues.example;{1};{2};enseignant"
TITLES = "e-mail;nom;prénom;rôle"


@pytest.fixture
def registry(bare):
    """The registry, on the page where people are imported."""
    return bare.as_(REGISTRY).open("/").click("Élèves").click("Importer")


def table(*lines, encoding="utf-8"):
    return Attached("personnes.csv", "\r\n".join(lines).encode(encoding), "text/csv")


def test_a_table_saved_by_a_french_spreadsheet_is_read(registry):
    before = Person.objects.count()
    given = table(TITLES, LINE.format("zoe.muller", "Müller", "Zoé"), encoding="latin-1")
    registry.send("Voir ce qui changerait", file=given).reads("Müller", "Zoé")
    assert Person.objects.count() == before
    registry.send("Importer")
    assert Person.objects.get(email="zoe.muller@garrigues.example").last_name == "Müller"


def test_lines_given_twice_are_told_one_by_one_and_nothing_is_imported(registry):
    before = rows()
    one, other = LINE.format("a.b", "Bé", "Al"), LINE.format("c.d", "Dé", "Cé")
    given = table(TITLES, one, other, one, one)
    registry.send("Voir ce qui changerait", file=given, status=422)
    registry.reads("Cette personne est déjà à la ligne 2", "gardez une seule des deux lignes")
    told = registry.page.xpath("//main//tbody/tr")
    assert [row.xpath("string(.//td[1] | .//th[1])").strip() for row in told] == ["4", "5"]
    assert rows() == before


def test_a_missing_column_is_named(registry):
    before = rows()
    given = table("nom;prénom;rôle", "Bé;Al;enseignant")
    registry.send("Voir ce qui changerait", file=given, status=422)
    registry.reads("Colonne manquante", "« E-mail »", "partez du modèle")
    assert rows() == before


@pytest.mark.parametrize(
    ("data", "words"),
    [(PNG, "n’est pas un tableau"), (archive(), "n’est pas un classeur"), (b"", "est vide")],
)
def test_what_is_no_table_is_refused_in_words(registry, data, words):
    before = rows()
    registry.send("Voir ce qui changerait", file=Attached("p.csv", data), status=422)
    registry.reads(words)
    assert rows() == before


# --- Links


def test_an_expired_link_says_so_offers_another_and_writes_nothing(world, term):
    Thread(world, term).take("ask_confirmation")
    link = world.letter(UNIT.email).link
    unit = world.visitor().open(link)
    world.clock.go_to(timezone.now() + timedelta(days=60))
    before = rows()
    unit.send("Envoyer", answer="yes", status=410)
    unit.reads("Le délai pour répondre est passé")
    assert rows() == before
    assert AnswerLink.objects.get().answered_at is None
    unit.send("Recevoir un nouveau lien", status=410)
    world.visitor().open(world.letter(UNIT.email).link).reads("Votre réponse")


@pytest.mark.parametrize("path", ["/repondre/{}/", "/agenda/{}.ics"])
def test_a_forged_token_opens_nothing(bare, path):
    before = rows()
    bare.visitor().open(path.format("forge" * 8), status=404).reads("n’existe pas")
    assert rows() == before


def test_a_forged_way_in_lets_nobody_in(bare):
    before = rows()
    visitor = bare.visitor().open(f"/connexion/lien/{'forge' * 8}/")
    visitor.send("Me connecter", status=410).reads("Ce lien n’est plus valable")
    visitor.open("/mon-engagement/").reads("Se connecter")
    assert rows() == before


def test_a_token_changed_by_one_letter_opens_nothing(world, term):
    Thread(world, term).take("ask_confirmation")
    link = world.letter(UNIT.email).link
    forged = link[:-2] + ("A" if link[-2] != "A" else "B") + "/"
    before = rows()
    world.visitor().open(forged, status=404).reads("n’a jamais existé")
    assert rows() == before


# --- Packages of competencies


def swollen(words, by):
    """The package of the school with something put in the place of a word."""
    return packages.package().replace(words, by, 1)


# Made when they are used: they are big.
BOMBS = {
    "nested": lambda: b'{"CFDocument": ' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}",
    "nested in an item": lambda: swollen(b'"C1-N1"', b"[" * 900_000 + b"]" * 900_000),
    "endless number": lambda: swollen(b'"C1-N1"', b"9" * 5_000_000),
    "endless exponent": lambda: swollen(b'"C1-N1"', b"1e999999999"),
    "too many items": lambda: packages.package(items=packages.ITEMS[:1] * 60_000),
    "a label of 30 MB": lambda: swollen(b"quipe", b"quipe" + b"x" * 30_000_000),
    "100 MB": lambda: packages.package() + b" " * (100 * 1024**2),
    "another encoding": lambda: packages.package().decode().encode("utf-16"),
    "an encoding of spreadsheets": lambda: packages.package().decode().encode("cp1252"),
    "nothing": bytes,
}


def kept():
    """How many files lie in the storage, known or not."""
    return sum(len(files) for _place, _folders, files in os.walk(settings.MEDIA_ROOT))


@pytest.fixture
def engineer(bare):
    """The competency engineer, on the page where a framework is brought in."""
    return bare.as_(ENGINEER).open("/").click("Compétences").click("Importer un référentiel")


@pytest.mark.parametrize("name", BOMBS)
def test_a_package_made_to_harm_is_refused_in_words_and_leaves_nothing(engineer, name):
    before = rows(), kept()
    given = Attached("cadre.json", BOMBS[name](), "application/json")
    engineer.send("Voir ce qui changerait", file=given, status=422)
    assert engineer.page.xpath("//*[@class='field-errors'] | //main//tbody/tr/td") != []
    assert (rows(), kept()) == before
    assert engineer.has_button("Voir ce qui changerait")


def test_what_a_package_says_is_shown_as_words_never_as_a_page(bare, engineer):
    given = Attached("cadre.json", packages.HOSTILE, "application/json")
    engineer.send("Voir ce qui changerait", file=given).reads(packages.SCRIPT)
    engineer.send("Créer le référentiel", kind="reserve").reads(packages.SCRIPT)
    pages = [engineer.address]
    pages += engineer.page.xpath("//nav[@class='tabs']//a/@href")
    for page in pages:
        engineer.open(urljoin(engineer.address, page))
        assert not engineer.page.xpath("//main//script | //main//img")
    engineer.send("Publier").reads(packages.SCRIPT)
    assert not engineer.page.xpath("//main//script | //main//img")
    found = bare.visitor().client.get("/ims/case/v1p1/CFDocuments")
    assert found["Content-Type"] == "application/json"
    assert found["X-Content-Type-Options"] == "nosniff"
