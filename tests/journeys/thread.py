"""The steps of the thread, each as the person concerned takes it, page by page.

A step begins where the site itself says that it is awaited: the home page, or the page where the
step before ended.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from reseda.recognition.models import RecognitionFile
from reseda.service.models import Period
from tests.cast import DIRECTOR, ENGINEER, JURY, STUDENT, TEACHER, UNIT
from tests.journeys.conftest import PARIS, World
from tests.journeys.visitor import Attached, Visitor, said

UNIT_NAME = "Base aérienne 900"
PURPOSE = "Perfectionnement au tir"
PLACE = "Camp des Genêts"
# What nobody but those whom the student chose may read.
SECRETS = (UNIT_NAME, PURPOSE, PLACE, "Air et de l’Espace", "air_espace")
AFTERWARDS = datetime(2026, 11, 16, 9, tzinfo=PARIS)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@dataclass
class Thread:
    """The thread of the student of the cast, as far as it was taken."""

    world: World
    timetable: bytes
    taken: int = 0
    # The student on the page where the first step ends, and the page where the jury decides.
    student: Visitor | None = None
    judgement: str = ""

    @property
    def period(self) -> Period:
        """The one period of the thread."""
        return Period.objects.get(engagement__person__email=STUDENT.email)

    @property
    def file(self) -> RecognitionFile:
        """The first recognition file of the student."""
        return RecognitionFile.objects.filter(person__email=STUDENT.email).earliest("pk")

    def take(self, last: str) -> "Thread":
        """Take every step not taken yet, up to one included."""
        for step in STEPS[self.taken : STEPS.index(last) + 1]:
            getattr(self, step)()
            self.taken += 1
        return self

    # --- The engagement

    def declare(self) -> Visitor:
        """Declare the engagement."""
        student = self.world.as_(STUDENT).open("/").click("Mon engagement")
        student.click("Déclarer mon engagement")
        with self.world.journals("service.declare_engagement"):
            student.send(
                "Continuer",
                force="air_espace",
                contract_start_on="2025-09-01",
                contract_end_on="2030-08-31",
                training="initial_done",
                unit_name=UNIT_NAME,
                contact_name=UNIT.name,
                contact_email=UNIT.email,
            )
        self.student = student
        return student

    def disclose(self) -> Visitor:
        """Choose who may know, on the page that follows."""
        with self.world.journals("service.disclose"):
            return self.student.send(
                "Garder ce choix", audiences=["referent", "studies_director", "jury"]
            )

    def read_notice(self) -> Visitor:
        """Acknowledge the notice of rights, which the home page asks for."""
        student = self.world.awaits(STUDENT, "Lire la notice de vos droits")
        with self.world.journals("service.acknowledge_notice"):
            return student.send("J’ai lu la notice de mes droits")

    # --- Studies

    def enter_convocation(self) -> Visitor:
        """Enter a convocation of twelve days, with its file."""
        student = self.world.as_(STUDENT).open("/").click("Mon engagement")
        student.click("Saisir une convocation")
        with self.world.journals("service.add_period", "documents.keep"):
            return student.send(
                "Enregistrer",
                starts_on="2026-11-02",
                ends_on="2026-11-13",
                purpose=PURPOSE,
                place=PLACE,
                convocation=Attached("convocation.pdf", PDF, "application/pdf"),
            )

    def give_timetable(self) -> Visitor:
        """Give the year's timetable as a file, which the home page asks for."""
        student = self.world.awaits(STUDENT, "Donnez votre emploi du temps")
        with self.world.journals("timetable.add_feed"):
            return student.send(
                "Lire cet emploi du temps",
                file=Attached("ADECal.ics", self.timetable, "text/calendar"),
            )

    def choose_groups(self) -> Visitor:
        """Keep the groups that the page proposes from the enrolment."""
        student = self.world.as_(STUDENT).open("/").click("Mon emploi du temps").click("Ouvrir")
        with self.world.journals("timetable.choose_groups"):
            return student.send("Enregistrer mes groupes")

    def see_conflicts(self) -> Visitor:
        """See what the period takes from studies."""
        return self.world.awaits(STUDENT, "Une période tombe sur un examen")

    def ask_accommodation(self) -> Visitor:
        """Ask for an accommodation from the page of the conflicts."""
        student = self.see_conflicts()
        with self.world.journals("timetable.request_accommodation"):
            return student.send(
                "Demander l’aménagement",
                wish="Je demande le report des deux examens et à rattraper les travaux pratiques.",
            )

    def grant(self) -> Visitor:
        """The director of studies grants it, which her home page asks for."""
        director = self.world.awaits(DIRECTOR, "Une demande d’aménagement attend votre décision")
        with self.world.journals("timetable.grant_accommodation"):
            return director.send(
                "Enregistrer la décision",
                decision="granted",
                measures="Les deux examens sont reportés au 23 novembre.",
            )

    def agree(self) -> Visitor:
        """The student agrees to the measures, which the home page asks for; a contract is made."""
        student = self.world.awaits(STUDENT, "Les mesures de votre aménagement attendent")
        with self.world.journals("timetable.agree_to_measures", "documents.keep"):
            return student.send("J’accepte ces mesures")

    def read_absence(self) -> Visitor:
        """A teacher reads a justified absence."""
        teacher = self.world.awaits(TEACHER, "absences justifiées")
        first = teacher.page.xpath("//table//tbody/tr")[0]
        when = said(first.xpath("./td")[0])
        with self.world.journals("timetable.see_absence"):
            return teacher.send("J’ai lu", near=when)

    def open_calendar(self) -> str:
        """Open the calendar feed, and copy its address."""
        student = self.world.as_(STUDENT).open("/").click("Mon emploi du temps").click("Mon agenda")
        with self.world.journals("timetable.open_calendar"):
            student.send("Ouvrir mon agenda")
        (address,) = student.page.xpath("//input[@aria-label='Adresse de l’agenda']/@value")
        return re.sub(r"^https?://[^/]+", "", address)

    # --- The unit

    def ask_confirmation(self) -> Visitor:
        """Ask the unit to confirm, which the home page asks for."""
        student = self.world.awaits(STUDENT, "Demander à l’unité de confirmer votre période")
        with self.world.journals("service.ask_confirmation", "people.ask_outsider"):
            return student.send("Demander la confirmation à l’unité")

    def confirm(self) -> Visitor:
        """The unit correspondent confirms by the link of a letter, without an account."""
        unit = self.world.visitor().open(self.world.letter(UNIT.email).link)
        with self.world.journals("service.confirm_period"):
            return unit.send("Envoyer", answer="yes")

    def ask_attestation(self) -> Visitor:
        """Once the period is over, ask for its attestation, which the home page asks for."""
        self.world.clock.go_to(AFTERWARDS)
        student = self.world.awaits(STUDENT, "Obtenir l’attestation de votre période")
        with self.world.journals("service.ask_attestation"):
            return student.send("Demander l’attestation")

    def attest(self) -> Visitor:
        """The unit correspondent attests what was done, by link too."""
        unit = self.world.visitor().open(self.world.letter(UNIT.email).link)
        with self.world.journals("service.attest_period"):
            return unit.send(
                "Attester",
                days="12",
                activities="A conduit un groupe de huit personnes, et rendu compte à chaque étape.",
                capacities=["leadership", "risk"],
                title="correspondant réserve",
            )

    # --- Recognition

    def tell(self) -> Visitor:
        """Add an evidence tied to the period and to two competencies."""
        student = self.world.awaits(STUDENT, "Décrire ce que vous avez appris")
        first, second, *_others = [
            value
            for value, label in student.offered("Enregistrer", "items").items()
            if label == "La compétence entière"
        ]
        with self.world.journals("recognition.add_evidence", "documents.keep"):
            return student.send(
                "Enregistrer",
                title="Prendre la tête d’un groupe empêché",
                situation="De nuit, le chef d’équipe est déclaré indisponible.",
                action="J’ai redistribué les rôles et rendu compte en quatre minutes.",
                learning="Décider sans tout savoir, et dire ce que je ne sais pas.",
                items=[first, second],
                upload=Attached("compte-rendu.pdf", PDF, "application/pdf"),
                is_discreet="on",
            )

    def open_file(self) -> Visitor:
        """Open a recognition file, from the page of the evidence."""
        student = self.world.as_(STUDENT).open("/").click("Mes preuves").click("Mon dossier")
        with self.world.journals("recognition.open_file"):
            return student.send("Ouvrir un dossier")

    def submit_file(self) -> Visitor:
        """Compose the file and hand it in, which the home page asks for."""
        student = self.world.awaits(STUDENT, "Terminer et déposer votre dossier")
        names = student.named("position_")
        levels = {name: next(iter(student.offered("Enregistrer", name))) for name in names}
        with self.world.journals("recognition.compose_file"):
            student.send("Enregistrer", periods=[self.period.pk], wished_form="ects", **levels)
        with self.world.journals("recognition.submit_file"):
            return student.send("Déposer mon dossier")

    def assess(self) -> Visitor:
        """An assessor gives levels with a comment, which her home page asks for."""
        assessor = self.world.awaits(ENGINEER, f"Évaluer le dossier {self.file.reference}")
        with self.world.journals("recognition.consult_file"):
            assessor.send("Consulter le dossier")
        names = assessor.named("level_")
        given = {}
        for name in names:
            given[name] = [*assessor.offered("Rendre l’évaluation", name)][1]
            given[name.replace("level", "comment")] = "Les faits sont précis et attestés."
        with self.world.journals("recognition.rate_file", "recognition.conclude_assessment"):
            return assessor.send("Rendre l’évaluation", **given)

    def plan(self) -> Visitor:
        """The director of studies opens a session of the jury and puts the file on its agenda."""
        director = self.world.awaits(DIRECTOR, "dossier évalué attend un jury")
        director.click("Créer une session")
        jurors = director.offered("Enregistrer la session", "members")
        with self.world.journals("recognition.open_session"):
            director.send(
                "Enregistrer la session",
                name="Jury de novembre",
                held_on="2026-11-16",
                members=[value for value, label in jurors.items() if JURY.name in label],
            )
        with self.world.journals("recognition.plan_file"):
            return director.send("Inscrire", near=self.file.reference)

    def decide(self) -> Visitor:
        """A member of the jury validates 2 ECTS, which his home page asks for."""
        juror = self.world.awaits(JURY, f"Décider du dossier {self.file.reference}")
        with self.world.journals("recognition.consult_file"):
            juror.send("Consulter le dossier")
        self.judgement = juror.address
        with self.world.journals("recognition.decide"):
            return juror.send(
                "Prendre cette décision",
                outcome="validated",
                form="ects",
                ects="2",
                motivation="Les preuves montrent une conduite d’équipe au niveau attendu.",
            )

    # --- The credential

    def issue(self) -> Visitor:
        """The school issues the credential, which the director's home page asks for."""
        director = self.world.awaits(DIRECTOR, "Un titre est à délivrer")
        director.click("Délivrer", near=self.file.reference)
        with self.world.journals("credentials.issue"):
            return director.send("Signer et délivrer")

    def share(self) -> Visitor:
        """The holder shares it, which her home page offers."""
        student = self.world.awaits(STUDENT, "Un titre vous a été délivré")
        with self.world.journals("credentials.share"):
            return student.send("Partager", shows_name="oui")


STEPS = (
    "declare",
    "disclose",
    "read_notice",
    "enter_convocation",
    "give_timetable",
    "choose_groups",
    "ask_accommodation",
    "grant",
    "agree",
    "read_absence",
    "open_calendar",
    "ask_confirmation",
    "confirm",
    "ask_attestation",
    "attest",
    "tell",
    "open_file",
    "submit_file",
    "assess",
    "plan",
    "decide",
    "issue",
    "share",
)
