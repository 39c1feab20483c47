"""The whole thread over HTTP: from a declared engagement to a credential that a stranger verifies.

Each step starts where the site says that it is awaited (tests/journeys/thread.py): the home page of
whoever has the next gesture to make, or the page where the step before ended. The journal gains its
verb at each.
"""

import json
from io import StringIO
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils.translation import override

from reseda.credentials.views import words
from reseda.mail.models import OutgoingMail
from reseda.recognition.models import ActivityUse, Decision
from reseda.service.models import RightsNotice
from tests.cast import DIRECTOR, JURY, REFERENT, STUDENT, TEACHER, UNIT
from tests.journeys.thread import SECRETS, Thread

pytestmark = pytest.mark.django_db


def is_discreet(text):
    return not [secret for secret in SECRETS if secret.casefold() in text.casefold()]


def letters(to):
    return [one.subject + one.body for one in OutgoingMail.objects.filter(to=to)]


def test_the_whole_thread(world, timetable, tmp_path):
    thread = Thread(world, timetable)
    engage(thread)
    study(thread)
    serve(thread)
    recognise(thread)
    refuse_to_recognise_again(thread)
    prove(thread, tmp_path)


def engage(thread):
    assert "Personne d’autre ne le sait" in thread.declare().told
    referent = thread.world.as_(REFERENT)
    assert "Roux" not in referent.open("/").click("Réservistes").main
    thread.disclose()
    referent.open("/").click("Réservistes").reads("Roux")
    read = thread.read_notice()
    assert RightsNotice.objects.get().acknowledged_at.date().isoformat() == "2026-10-05"
    read.click("lue, à relire ou imprimer").reads("Le 5 octobre 2026 à 9 h")


def study(thread):
    world = thread.world
    assert thread.enter_convocation().states()["Conflits"] == "now"
    assert "1200 séances lues" in thread.give_timetable().told
    assert "Vos groupes sont enregistrés" in thread.choose_groups().told
    conflicts = thread.see_conflicts()
    kinds = [row.xpath("string(./td[1])").strip() for row in conflicts.page.xpath("//tbody/tr")]
    is_exam = [kind.casefold() == "examen" for kind in kinds]
    assert any(is_exam)
    assert is_exam == sorted(is_exam, reverse=True)
    weeks = conflicts.page.xpath("//main//figure[@class='week']")
    assert [bool(week.xpath(".//svg")) for week in weeks] == [True, True]
    thread.ask_accommodation()
    assert all(is_discreet(letter) for letter in letters(DIRECTOR.email))
    thread.grant()
    thread.agree().reads("Télécharger le contrat")
    absences = thread.read_absence()
    absences.reads("Absence justifiée, engagement reconnu", STUDENT.name)
    assert is_discreet(absences.answer.content.decode())
    assert all(is_discreet(letter) for letter in letters(TEACHER.email))
    feed = world.visitor().open(thread.open_calendar()).answer.content.decode()
    assert "SUMMARY:Indisponible" in feed
    assert "absence justifiée" in feed.replace("\r\n ", "")
    assert is_discreet(feed.replace("\r\n ", ""))


def serve(thread):
    world = thread.world
    thread.ask_confirmation()
    world.as_(UNIT).open("/").reads("À répondre")
    thread.confirm().reads("Votre réponse est gardée")
    world.visitor().open(world.letter(UNIT.email).link, status=410)
    thread.ask_attestation()
    thread.attest().reads("Votre attestation est gardée")
    assert all(is_discreet(letter) for letter in letters(STUDENT.email))
    period = world.as_(STUDENT).open("/").click("Mon engagement").click("Du 2 au 13 novembre 2026")
    period.reads("12 jours", "A conduit un groupe de huit personnes")
    assert period.states()["Confirmation"] == "done"


def recognise(thread):
    thread.tell().reads("Prendre la tête d’un groupe empêché")
    thread.open_file()
    submitted = thread.submit_file()
    assert submitted.states()["Évaluation"] == "now"
    assessed = thread.assess()
    assert is_discreet(assessed.answer.content.decode())
    planned = thread.plan()
    planned.reads(thread.file.reference)
    assert is_discreet(planned.answer.content.decode())
    thread.decide()
    decision = Decision.objects.get()
    assert (decision.outcome, decision.form, decision.ects) == ("validated", "ects", 2)
    judged = thread.world.as_(JURY).open(thread.judgement)
    judged.reads("2 ECTS", "conduite d’équipe")
    assert is_discreet(judged.answer.content.decode())
    student = thread.world.as_(STUDENT).open("/").click("Mon dossier").click("Suivre")
    student.reads("2 ECTS", JURY.name, "conduite d’équipe au niveau attendu")
    assert student.states()["Jury"] == "done"


def refuse_to_recognise_again(thread):
    student = thread.world.as_(STUDENT).open("/").click("Mon dossier")
    student.send("Ouvrir un dossier")
    again = student.address
    names = student.named("position_")
    levels = {name: next(iter(student.offered("Enregistrer", name))) for name in names}
    student.send("Enregistrer", periods=[thread.period.pk], wished_form="ects", **levels)
    student.reads("déjà validée")
    assert not student.has_button("Déposer mon dossier")
    # Even by typing the address of the button that is not there.
    token = student.page.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    forged = again.replace("composer", "deposer")
    student.client.post(forged, {"csrfmiddlewaretoken": token})
    second = thread.file.__class__.objects.latest("pk")
    assert (second.pk, second.status) == (int(again.split("/")[2]), "draft")
    use = ActivityUse.objects.get(period=thread.period)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityUse.objects.bulk_create([ActivityUse(period=use.period, decision=use.decision)])


def prove(thread, tmp_path):
    world = thread.world
    assert is_discreet(thread.issue().answer.content.decode())
    shared = thread.share()
    (address,) = shared.page.xpath("//input[@id='adresse']/@value")
    employer = world.visitor().open(urlsplit(address).path)
    employer.reads("Ce titre est authentique", STUDENT.name, "2 ECTS", thread.world.school.name)
    assert is_discreet(employer.answer.content.decode())
    assert "réserv" not in employer.main.casefold()
    employer.send("EN English")
    assert employer.page.get("lang") == "en"
    employer.reads(STUDENT.name, "2 ECTS")
    assert not employer.page.xpath("//h1[contains(., 'Ce titre est authentique')]")
    employer.click("JSON")
    credential = employer.answer.json()
    assert verified(credential, tmp_path) == (0, True)
    tampered = json.loads(json.dumps(credential))
    tampered["credentialSubject"]["achievement"]["name"] = "Diplôme d’ingénieur"
    assert verified(tampered, tmp_path) == (1, False)
    director = world.as_(DIRECTOR).open("/").click("Titres")
    director.click("Voir", near=thread.file.reference)
    with world.journals("credentials.revoke"):
        director.send("Révoquer", reason="Erreur matérielle sur un niveau.")
    assert verified(credential, tmp_path) == (1, False)
    with override("en"):
        revoked = str(words.HEADLINES["revoked"].title)
    employer.open(urlsplit(address).path).reads(revoked)


def verified(credential, folder):
    """Return the exit code of `reseda credentials verify FILE`, and its verdict."""
    path = folder / "titre.json"
    path.write_text(json.dumps(credential, ensure_ascii=False), encoding="utf-8")
    out = StringIO()
    try:
        call_command("credentials_verify", str(path), "--offline", stdout=out)
    except SystemExit as ended:
        return ended.code, json.loads(out.getvalue())["is_valid"]
    return 0, json.loads(out.getvalue())["is_valid"]


def test_each_stage_is_one_click_from_the_next_and_from_the_one_before(world, term):
    Thread(world, term).take("share")
    student = world.as_(STUDENT).open("/").click("Mon engagement")
    student.click("Du 2 au 13 novembre 2026")
    stages = student.thread()
    assert all(stages.values())
    links = {}
    for name, address in stages.items():
        student.open(address)
        found = (urljoin(student.address, one) for one in student.page.xpath("//main//a/@href"))
        links[name] = {urlsplit(one).path for one in found}
    paths = {name: urlsplit(address).path for name, address in stages.items()}
    missing = [
        (one, other)
        for pair in pairwise(stages)
        for one, other in (pair, pair[::-1])
        if paths[other] not in links[one] | {paths[one]}
    ]
    assert not missing
