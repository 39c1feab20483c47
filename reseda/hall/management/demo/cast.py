"""The cast of the demo, the tests and the pictures: who plays which role. All are invented."""

from dataclasses import dataclass

from reseda.people.models import Role

SCHOOL = "garrigues"
OTHER_SCHOOL = "ponant"
MAIL = "garrigues.example"
OTHER_MAIL = "ponant.example"


@dataclass(frozen=True)
class Member:
    """Somebody of the cast: name, address, roles in their school, why one would sign in as them."""

    first_name: str
    last_name: str
    email: str
    roles: tuple[Role, ...]
    says: str
    school: str = SCHOOL

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.first_name} {self.last_name}"


def _at(name: str, domain: str = MAIL) -> str:
    return f"{name}@{domain}"


STUDENT = Member(
    "Camille",
    "Roux",
    _at("camille.roux"),
    (Role.STUDENT,),
    "élève de 2e année, réserviste : son engagement de bout en bout",
)
STAFF = Member(
    "Hugo",
    "Marchetti",
    _at("hugo.marchetti"),
    (Role.STAFF,),
    "membre du personnel, réserviste",
)
REFERENT = Member(
    "Solène",
    "Kerbrat",
    _at("solene.kerbrat"),
    (Role.REFERENT,),
    "référente défense : les réservistes qui l’ont informée",
)
DIRECTOR = Member(
    "Bernard",
    "Aubanel",
    _at("bernard.aubanel"),
    (Role.STUDIES_DIRECTOR,),
    "directeur des études : aménagements, jurys, règlement",
)
ENGINEER = Member(
    "Inès",
    "Vasseur",
    _at("ines.vasseur"),
    (Role.COMPETENCY_ENGINEER, Role.ASSESSOR),
    "ingénieure pédagogique : référentiels, évaluations",
)
JURY = Member(
    "Paul",
    "Lestrade",
    _at("paul.lestrade"),
    (Role.JURY_MEMBER,),
    "membre du jury de reconnaissance",
)
TEACHER = Member(
    "Nadia",
    "Belkacem",
    _at("nadia.belkacem"),
    (Role.TEACHER,),
    "enseignante : des absences justifiées, rien de plus",
)
REGISTRY = Member(
    "Odile",
    "Castan",
    _at("odile.castan"),
    (Role.REGISTRY,),
    "scolarité : élèves, imports, décisions du jury",
)
UNIT = Member(
    "Yann",
    "Le Goff",
    "correspondant@unite.example",
    (Role.UNIT_CORRESPONDENT,),
    "correspondant d’unité : confirme et atteste par lien",
)
HUMAN_RESOURCES = Member(
    "Claire",
    "Fontanes",
    _at("claire.fontanes"),
    (Role.HUMAN_RESOURCES,),
    "ressources humaines : les personnels réservistes",
)
DATA_PROTECTION = Member(
    "Marc",
    "Oriol",
    _at("marc.oriol"),
    (Role.DATA_PROTECTION,),
    "délégué à la protection des données : journal, droits",
)
STRANGER = Member(
    "Jeanne",
    "Le Bihan",
    _at("jeanne.lebihan", OTHER_MAIL),
    (Role.REFERENT, Role.STUDIES_DIRECTOR, Role.TEACHER),
    "directrice des études d’une autre école : ne doit rien voir d’ici",
    school=OTHER_SCHOOL,
)

# The word of the address /demo/connexion/<role>/, in the order of the buttons.
ROLES: dict[str, Member] = {
    "eleve": STUDENT,
    "personnel": STAFF,
    "referent": REFERENT,
    "direction": DIRECTOR,
    "ingenierie": ENGINEER,
    "jury": JURY,
    "enseignant": TEACHER,
    "scolarite": REGISTRY,
    "unite": UNIT,
    "rh": HUMAN_RESOURCES,
    "dpo": DATA_PROTECTION,
    "etranger": STRANGER,
}
