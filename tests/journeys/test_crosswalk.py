"""From the framework of others to a decision of a jury: frameworks brought in as files, completed
and published, put side by side, judged blindly by two people, settled, published, read by all.

Each step starts where the site says that it is awaited (tests/journeys/weaving.py).
"""

import csv
import io
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from reseda.competencies.domain.case.check import check
from reseda.competencies.models import Mapping
from reseda.competencies.tests import packages as official
from reseda.hall.management.demo import frame
from reseda.recognition.models import Decision
from tests.cast import DIRECTOR, ENGINEER, JURY, STUDENT
from tests.journeys import packages
from tests.journeys.test_bad_input import rows
from tests.journeys.thread import Thread
from tests.journeys.visitor import Attached
from tests.journeys.weaving import CASE, DECIDED, OTHER_WHY, RESERVE, SCHOOL, TITLE, WHY, Weaving

pytestmark = pytest.mark.django_db

NOBODY = {"Écrire", "Terminer", "Donner un second avis", "Trancher"}


@pytest.fixture
def weaving(bare):
    """A school with its regulation and nothing written of competencies."""
    people = frame.Cast.of(bare.school, timezone.localdate())
    frame.rules(people)
    frame.teachers(people)
    return Weaving(bare)


def names_nobody(text):
    return not [one.last_name for one in (ENGINEER, JURY, DIRECTOR) if one.last_name in text]


def is_awaited(weaving, who):
    """Tell whether the home page of somebody asks anything of them about competencies."""
    home = weaving.world.as_(who).open("/")
    return any(home.has_link(words) for words in NOBODY)


def test_from_the_file_of_another_school_to_the_decision_of_a_jury(weaving, term):
    write(weaving)
    weave(weaving)
    publish(weaving)
    take_away(weaving)
    serve(weaving)
    decide(weaving, term)


def write(weaving):
    weaving.take("import_school")
    assert weaving.programs() == {}
    weaving.world.visitor().open(f"{CASE}CFPackages/{packages.key('école')}", status=404)
    closed_to_students(weaving, "school")
    assert weaving.is_closed()
    weaving.take("complete")
    assert weaving.is_closed()
    weaving.take("publish_school")
    assert [*weaving.programs()] == [SCHOOL]
    weaving.at(STUDENT, "school").reads(packages.TEAM, "Découper un projet en lots")
    assert not is_awaited(weaving, ENGINEER)
    weaving.take("import_reserve")
    assert [*weaving.programs()] == [SCHOOL]
    weaving.take("publish_reserve")
    assert weaving.programs().keys() == {SCHOOL, RESERVE}


def closed_to_students(weaving, name):
    weaving.world.as_(STUDENT).open(weaving.pages[name], status=404)


def weave(weaving):
    weaving.take("suggest")
    hinted = weaving.at(ENGINEER, "crosswalk").click("Ligne par ligne")
    hinted.click(packages.TEAM).reads("Pourquoi c’est une piste")
    assert not is_awaited(weaving, JURY)
    weaving.take("judge")
    refused(weaving, "attendent leur second avis")
    blind(weaving)
    weaving.take("judge_again")
    seen = weaving.at(JURY, "pair").reads(WHY, OTHER_WHY)
    assert names_nobody(seen.main.replace(str(weaving.world.person(JURY)), ""))
    refused(weaving, "a des avis opposés")
    assert not is_awaited(weaving, JURY)
    weaving.at(ENGINEER, "crosswalk").reads("Accord entre relecteurs", "Même avis pour 75 %")
    assert weaving.programs().keys() == {SCHOOL, RESERVE}
    closed_to_students(weaving, "crosswalk")
    weaving.take("settle")
    assert weaving.is_closed()


def blind(weaving):
    """What the first reviewer thinks is nowhere before the second one’s own opinion."""
    juror = weaving.world.as_(JURY)
    page = urlsplit(weaving.pages["crosswalk"]).path
    for part in ("", "matrice/", "lignes/", "avis-opposes/", "couverture/"):
        juror.open(f"{page}{part}")
        assert WHY not in juror.main
        assert names_nobody(juror.main.replace(str(weaving.world.person(JURY)), ""))
        cells = juror.page.xpath("//td[@data-pair]/@class | //li[@data-lead]/@class")
        assert all(one.endswith("is-open") for one in cells)
    juror.open(weaving.pages["pair"]).reads("À l’aveugle", "À examiner")
    assert WHY not in juror.main
    for kind in ("csv", "xlsx", "sssom.tsv"):
        juror.open(f"{page}correspondance.{kind}", status=404)


def refused(weaving, words):
    """Publication is not offered, and what is typed all the same is refused in words."""
    engineer = weaving.at(ENGINEER, "crosswalk").reads(words)
    assert not engineer.has_button("Publier cette version")
    token = engineer.page.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    before = rows()
    engineer.client.post(f"{weaving.pages['crosswalk']}publier/", {"csrfmiddlewaretoken": token})
    assert words in engineer.open(engineer.address).told
    assert rows() == before
    assert weaving.version.is_draft


def publish(weaving):
    weaving.take("publish")
    weaving.at(ENGINEER, "crosswalk").reads("Publiée")
    assert not any(is_awaited(weaving, one) for one in (ENGINEER, JURY, DIRECTOR))
    student = weaving.read_as_student()
    student.click("Couverture").reads("couverte aux trois quarts", "complétée, sans être couverte")
    assert names_nobody(student.answer.content.decode())
    student.open(weaving.pages["pair"]).reads("Convergente, partielle, les trois quarts")
    assert names_nobody(student.answer.content.decode())
    assert WHY not in student.main
    student.open(weaving.pages["conflicts"], status=404)
    assert weaving.is_closed()
    frozen = Mapping.objects.get(relation="partial")
    assert (frozen.coverage, frozen.state) == (75, "settled")


def take_away(weaving):
    """The tables hold every decision, « none » too; what programs read never does; nobody is
    named in any.
    """
    reader = weaving.read_as_student()
    here = reader.address
    lines = list(csv.reader(io.StringIO(taken(reader, "CSV").decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 1 + 4
    assert sum("aucune correspondance" in " ".join(line) for line in lines) == 2
    sheet = load_workbook(BytesIO(taken(reader.open(here), "XLSX"))).active
    assert [[str(one or "") for one in row] for row in sheet.values][1][:2] == lines[1][:2]
    told = taken(reader.open(here), "SSSOM").decode()
    body = [line.split("\t") for line in told.splitlines() if not line.startswith("#")]
    assert {"skos:closeMatch", "skos:relatedMatch"} >= {line[2] for line in body[1:]} - {""}
    for words in ("relations de la norme", "partielle et complémentaire"):
        data = taken(reader.open(here), words)
        assert check(data) == ()
        assert data.count(b"associationType") == 2


def taken(visitor, words):
    data = visitor.click(words).answer.content
    assert names_nobody(data.decode(errors="replace"))
    return data


def serve(weaving):
    """Programs read the two frameworks and the crosswalk, and nothing of the drafts after them."""
    engineer = weaving.at(ENGINEER, "crosswalk").click("Nouvelle version")
    engineer.send("Ouvrir la nouvelle version")
    draft = weaving.keep("draft", engineer)
    draft.click("Ligne par ligne").click(packages.PROJECT)
    draft.reads("repris de la version précédente")
    draft.send("Changer mon avis", jugement="total", rationale="Jamais encore publié.")
    engineer = weaving.at(ENGINEER, "school")
    engineer.send("Nouvelle version").click(packages.TEAM)
    engineer.send("Enregistrer", statement="Jamais encore publiée")
    served = weaving.programs()
    assert served.keys() == {SCHOOL, RESERVE, TITLE}
    program = weaving.world.visitor()
    for document in served.values():
        package = program.open(urlsplit(document["CFPackageURI"]["uri"]).path).answer
        assert check(package.content) == ()
        assert "Jamais encore" not in package.content.decode()
        assert names_nobody(package.content.decode())
        for one in package.json().get("CFItems", ()):
            program.open(urlsplit(one["uri"]).path)
            assert program.answer.json()["fullStatement"] == one["fullStatement"]
    assert "version" in served[TITLE]
    assert weaving.is_closed()


def decide(weaving, term):
    """A jury decides with this crosswalk before it; the credential tells the same competencies."""
    thread = Thread(weaving.world, term).take("decide")
    decision = Decision.objects.get()
    assert decision.crosswalk_version == weaving.version
    judged = weaving.world.as_(JURY).open(thread.judgement)
    judged.reads(f"{TITLE}, v1", packages.COMMAND, DECIDED)
    shared = thread.take("issue").share()
    (address,) = shared.page.xpath("//input[@id='adresse']/@value")
    employer = weaving.world.visitor().open(urlsplit(address).path).click("JSON")
    achievement = employer.answer.json()["credentialSubject"]["achievement"]
    program = weaving.world.visitor()
    assert achievement["alignment"]
    for one in achievement["alignment"]:
        program.open(urlsplit(one["targetUrl"]).path)
        assert program.answer.json()["fullStatement"] == one["targetName"]


def test_what_is_served_at_the_end_is_valid_by_the_official_schema(weaving):
    validator = official.official()
    weaving.take("publish")
    program = weaving.world.visitor()
    for document in weaving.programs().values():
        package = program.open(urlsplit(document["CFPackageURI"]["uri"]).path).answer.json()
        assert official.refused(validator, package) == []


@pytest.mark.parametrize("name", packages.FAULTY)
def test_a_wrong_package_is_told_with_its_place_and_leaves_nothing(weaving, name):
    data, place, words = packages.FAULTY[name]
    engineer = weaving.importing()
    before = rows()
    given = Attached("cadre.json", data, "application/json")
    engineer.send("Voir ce qui changerait", file=given, status=422)
    engineer.reads("Rien n’a été écrit ni gardé", place, words)
    assert rows() == before
    # The right one is chosen on the very page that tells what was wrong.
    right = Attached("cadre.json", packages.package(), "application/json")
    engineer.send("Voir ce qui changerait", file=right).reads(packages.TEAM)
    with weaving.world.journals("documents.erase"):
        engineer.send("Abandonner")
    assert engineer.title == "Référentiels de compétences"
