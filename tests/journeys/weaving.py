"""The steps from the frameworks of others to a published crosswalk, each as the person concerned
takes it, page by page.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django_tasks_db.models import DBTaskResult

from reseda.competencies import tasks
from reseda.competencies.models import CrosswalkVersion
from tests.cast import DIRECTOR, ENGINEER, JURY, STRANGER, STUDENT, Member
from tests.journeys import packages
from tests.journeys.conftest import World
from tests.journeys.visitor import Attached, Visitor

TITLE = "De la réserve au diplôme"
SCHOOL, RESERVE = "Ingénieur généraliste", "Capacités de la réserve"
WHY, OTHER_WHY = "Vu trois fois sur le terrain.", "Huit personnes seulement, et sans budget."
DECIDED = "Trois quarts : la conduite, sans le budget."
CASE = "/ims/case/v1p1/"


@dataclass
class Weaving:
    """The work of the competency engineer, as far as it was taken."""

    world: World
    taken: int = 0
    # Where each object stands, as its author saw it.
    pages: dict[str, str] = field(default_factory=dict)

    def take(self, last: str) -> "Weaving":
        """Take every step not taken yet, up to one included."""
        for step in STEPS[self.taken : STEPS.index(last) + 1]:
            getattr(self, step)()
            self.taken += 1
        return self

    def at(self, who: Member, name: str) -> Visitor:
        """Go back to the page of an object."""
        return self.world.as_(who).open(self.pages[name])

    def keep(self, name: str, visitor: Visitor) -> Visitor:
        """Remember where an object stands."""
        self.pages[name] = urlsplit(visitor.address).path
        return visitor

    def is_closed(self) -> bool:
        """Tell whether somebody of another school finds none of the pages met so far."""
        stranger = self.world.as_(STRANGER)
        return all(stranger.open(page, status=404) for page in self.pages.values())

    @property
    def version(self) -> CrosswalkVersion:
        """The first version of the crosswalk."""
        return CrosswalkVersion.objects.get(number=1)

    # --- Two frameworks

    def importing(self) -> Visitor:
        """Go to where a framework is made of a file, from what the home page asks for."""
        engineer = self.world.awaits(ENGINEER, "Écrire le référentiel de compétences de l’école")
        return engineer.click("Compétences").click("Importer un référentiel")

    def import_school(self) -> Visitor:
        """Make the school’s framework of a package of CASE, once seen what it holds."""
        engineer = self.importing()
        given = Attached("cadre.json", packages.package(), "application/json")
        with self.world.journals("documents.keep"):
            engineer.send("Voir ce qui changerait", file=given)
        self.keep("import", engineer).reads("CASE 1.0 ou 1.1", packages.TEAM, packages.LEARNING)
        with self.world.journals("competencies.create_from", "documents.erase"):
            engineer.send("Créer le référentiel", kind="school")
        del self.pages["import"]
        return self.keep("school", engineer).reads(packages.TEAM, packages.PROJECT)

    def complete(self) -> Visitor:
        """Write in the tree what keeps it from being published, which the home page asks for."""
        engineer = self.world.awaits(ENGINEER, "Terminer et publier le référentiel")
        engineer.send("Publier", status=422).reads("ne peut pas encore être publié")
        engineer.reads("Cette compétence n’a aucun niveau")
        for above, kind, words in (
            (packages.PROJECT, "Niveau", "Projet cadré"),
            ("Projet cadré", "Apprentissage critique", "Découper un projet en lots"),
            (packages.PROJECT, "Niveau", "Projet livré"),
            ("Projet livré", "Apprentissage critique", "Tenir un budget"),
            (packages.PROJECT, "Indicateur", "Le calendrier est tenu"),
        ):
            engineer.click(above)
            self.keep("item", engineer).click(kind)
            with self.world.journals("competencies.add_item"):
                engineer.send("Enregistrer", statement=words).reads(words)
        return engineer

    def publish_school(self) -> Visitor:
        """Freeze it."""
        engineer = self.at(ENGINEER, "school")
        with self.world.journals("competencies.publish"):
            return engineer.send("Publier").reads("publiée le")

    def import_reserve(self) -> Visitor:
        """Make the reserve’s framework of a table."""
        engineer = self.world.as_(ENGINEER).open("/").click("Compétences")
        engineer.click("Importer un référentiel")
        given = Attached("reserve.csv", packages.RESERVE, "text/csv")
        engineer.send("Voir ce qui changerait", file=given)
        engineer.reads("tableau Réséda", packages.COMMAND)
        with self.world.journals("competencies.create_from"):
            engineer.send("Créer le référentiel", title=RESERVE, kind="reserve")
        return self.keep("reserve", engineer)

    def publish_reserve(self) -> Visitor:
        """Freeze it too, which the home page asks for."""
        engineer = self.world.awaits(ENGINEER, "Terminer et publier le référentiel")
        with self.world.journals("competencies.publish"):
            return engineer.send("Publier")

    # --- What one is to the other

    def open_crosswalk(self) -> Visitor:
        """Open a crosswalk between the two."""
        engineer = self.world.as_(ENGINEER).open("/").click("Correspondances")
        engineer.click("Ouvrir une correspondance")
        with self.world.journals("competencies.create_crosswalk", "competencies.ask_suggestions"):
            engineer.send("Ouvrir la relecture", title=TITLE)
        return self.keep("crosswalk", engineer).reads("Calcul en cours", "4 couples")

    def suggest(self) -> Visitor:
        """Let the worker compute what was asked of it."""
        with self.world.journals("competencies.store_suggestions"):
            for row in DBTaskResult.objects.filter(task_path=tasks.compute.module_path):
                tasks.compute.call(*row.args_kwargs["args"])
        return self.at(ENGINEER, "crosswalk").reads("Calculées le")

    def judge(self) -> Visitor:
        """The engineer judges the four pairs, line by line."""
        engineer = self.at(ENGINEER, "crosswalk").click("Ligne par ligne")
        engineer.reads(packages.COMMAND, "Les pistes d’abord")
        with self.world.journals("competencies.give_review"):
            self.keep("pair", engineer.click(packages.TEAM))
            engineer.send("Donner mon avis", jugement="total", rationale=WHY)
        engineer.click("La ligne entière").send("Aucune", near=packages.PROJECT)
        engineer.click("ligne suivante").send("Aucune", near=packages.TEAM)
        return engineer.send("Complémentaire", near=packages.PROJECT)

    def judge_again(self) -> Visitor:
        """A second person judges them, which the home page asks for; blindly, until it is done."""
        juror = self.world.awaits(JURY, "Donner un second avis sur des correspondances")
        self.keep("line", juror).send("trois quarts", near=packages.TEAM)
        juror.click(packages.TEAM, near=packages.TEAM)
        juror.send("Changer mon avis", jugement="partial-50", rationale=OTHER_WHY)
        juror.click("La ligne entière").send("Aucune", near=packages.PROJECT)
        juror.click("ligne suivante").send("Aucune", near=packages.TEAM)
        return juror.send("Complémentaire", near=packages.PROJECT)

    def settle(self) -> Visitor:
        """The director of studies decides where they differ, which the home page asks for."""
        director = self.world.awaits(DIRECTOR, "Trancher des avis opposés")
        director.reads(WHY, OTHER_WHY)
        self.keep("conflicts", director)
        director.send("Trancher", jugement="partial-75", rationale=" ", status=422)
        with self.world.journals("competencies.settle_pair"):
            return director.send("Trancher", jugement="partial-75", rationale=DECIDED)

    def publish(self) -> Visitor:
        """The engineer freezes the crosswalk."""
        engineer = self.at(ENGINEER, "crosswalk")
        with self.world.journals("competencies.publish_crosswalk"):
            return engineer.send("Publier cette version")

    # --- Read by others

    def programs(self) -> dict[str, dict]:
        """What a program reads without an account: each document that the provider lists."""
        # CASE has no empty list: it says 404.
        told = self.world.visitor().client.get(f"{CASE}CFDocuments").json()
        return {one["title"]: one for one in told.get("CFDocuments", ())}

    def read_as_student(self) -> Visitor:
        """A student of the school reads the crosswalk."""
        student = self.world.as_(STUDENT).open("/").click("Compétences").click("Correspondances")
        return student.click(TITLE)


STEPS = (
    "import_school",
    "complete",
    "publish_school",
    "import_reserve",
    "publish_reserve",
    "open_crosswalk",
    "suggest",
    "judge",
    "judge_again",
    "settle",
    "publish",
)
