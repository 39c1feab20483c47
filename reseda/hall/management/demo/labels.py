"""What two invented reviewers think of each pair, written by hand, and why.

One line an ability of the reserve: the first reviewer’s opinions, then the second’s, column by
column. `-` no correspondence, `c` complementary, `T` convergent in full, `2` `5` `7` convergent for
a quarter, a half, three quarters; `w` when the ability stands whole within what is expected.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reseda.competencies.domain.judgement import Opinion

Reasons = Mapping[tuple[str, str], str]
COLUMNS = ("C1", "C2", "C3", "C4", "C5", "C6")
PAIRS = """
Engagement:           - 2 - -  - 7 | - 2 - -  - 7
Rigueur:              2 5 - 5  - 2 | - 5 - 5  - 2
Partage:              - - 5 -  2 - | - - 5 -  2 c
Leadership:           - 2 7 5  c - | - 2 7 5  2 -
Management:           - 5 7w - - - | - 5 7w 2 - -
Gestion de crise:     - - 2 7w 2 - | - - - 7w 2 -
Gestion du risque:    2 2 - 7w - 5 | 2 2 - 7w - 5
Travail en équipe:    - 2 7w - 2 - | - 2 7w c 2 -
Cohésion:             - - c -  - c | - - c -  - c
Décision:             - 2 2 7w - - | - 2 2 7w - -
Gestion des émotions: - - c 2 c - | - - c c  - -
Anticipation:         c 5 - 5  - c | c 5 - 5  - -
"""
REASONS: Reasons = {
    ("Engagement", "C2"): (
        "Un engagement tenu sur plusieurs années apprend à honorer des échéances, sans le budget "
        "ni le commanditaire d’un projet."
    ),
    ("Engagement", "C6"): (
        "Servir dans la durée est l’exemple même d’une action au service des autres ; reste à en "
        "rendre compte publiquement."
    ),
    ("Rigueur", "C1"): "Le contrôle avant emploi est commun aux deux métiers.",
    ("Rigueur", "C2"): (
        "Compte rendu à l’heure, matériel contrôlé, consigne tenue : la moitié de ce qui fait "
        "aboutir un projet."
    ),
    ("Rigueur", "C4"): (
        "Appliquer une procédure sans raccourci et rendre compte d’un fait sans l’interpréter : "
        "le premier niveau le demande."
    ),
    ("Rigueur", "C6"): (
        "Les règles de sécurité sont appliquées sans rappel ; l’éthique et l’environnement "
        "restent à apprendre."
    ),
    ("Partage", "C3"): "Accueillir, instruire, prendre sa part : l’entraide attendue en équipe.",
    ("Partage", "C5"): (
        "Mettre l’information à la portée de tous est une part du message adapté à son "
        "interlocuteur."
    ),
    ("Leadership", "C2"): (
        "Donner le sens et obtenir l’adhésion servent à piloter, sans la maîtrise du plan ni du "
        "budget."
    ),
    ("Leadership", "C3"): (
        "Donner le sens, montrer l’exemple, obtenir l’adhésion : l’encadrement attendu, hors "
        "progression de chacun dans la durée."
    ),
    ("Leadership", "C4"): (
        "Entraîner un groupe quand la situation se dégrade est au cœur du troisième niveau."
    ),
    ("Leadership", "C5"): "Obtenir l’adhésion complète l’argumentation sans la remplacer.",
    ("Management", "C2"): (
        "Objectif clair, tâches réparties, exécution contrôlée : la conduite d’un projet court."
    ),
    ("Management", "C3"): (
        "Répartir, contrôler, faire un retour utile : l’animation d’une équipe sur une mission "
        "définie."
    ),
    ("Gestion de crise", "C3"): "Tenir un poste dans un dispositif suppose d’y entraîner d’autres.",
    ("Gestion de crise", "C4"): (
        "Alerter, tenir son rôle, rétablir un fonctionnement : la conduite d’une équipe pendant "
        "une crise."
    ),
    ("Gestion de crise", "C5"): (
        "Transmettre une information exacte dans l’urgence est un apprentissage critique du "
        "deuxième niveau."
    ),
    ("Gestion du risque", "C1"): (
        "Repérer les dangers d’une activité aide à concevoir sûr ; le dimensionnement n’y est pas."
    ),
    ("Gestion du risque", "C2"): (
        "Les aléas d’un plan se traitent de même ; les coûts et les délais s’y ajoutent."
    ),
    ("Gestion du risque", "C4"): (
        "Classer les dangers, proposer une mesure, savoir arrêter : l’analyse des risques attendue."
    ),
    ("Gestion du risque", "C6"): (
        "Placer la sécurité avant la performance est une composante de l’ingénieur responsable."
    ),
    ("Travail en équipe", "C2"): (
        "Se coordonner et se remplacer font tenir un projet collectif, sans le piloter."
    ),
    ("Travail en équipe", "C3"): (
        "Coordination, relève, messages confirmés : le travail d’équipe attendu dès le premier "
        "niveau."
    ),
    ("Travail en équipe", "C5"): (
        "Les messages brefs et confirmés sont une manière de transmettre dans l’urgence."
    ),
    ("Cohésion", "C3"): (
        "Veiller sur ses camarades va au-delà de l’équipe de projet : cela complète ce que l’école "
        "attend."
    ),
    ("Cohésion", "C6"): (
        "Faire groupe avec des gens de tous métiers n’est pas dans le référentiel et l’enrichit."
    ),
    ("Décision", "C2"): (
        "Décider à temps est nécessaire au pilotage ; l’accord de parties opposées n’y est pas."
    ),
    ("Décision", "C3"): "Assumer sa décision devant le groupe est une part de l’encadrement.",
    ("Décision", "C4"): (
        "Décider dans le délai malgré l’information incomplète et dire son motif : le cœur de la "
        "compétence."
    ),
    ("Gestion des émotions", "C3"): (
        "Apaiser une personne inquiète complète la conduite d’une équipe, sans y être attendu."
    ),
    ("Gestion des émotions", "C4"): (
        "Le premier niveau demande de reconnaître les signes de son propre stress."
    ),
    ("Gestion des émotions", "C5"): "Le calme aide à convaincre.",
    ("Anticipation", "C1"): "Prévoir le cas dégradé complète la conception, sans ses calculs.",
    ("Anticipation", "C2"): (
        "Prévoir le matériel, les délais et le plan de repli : la moitié du pilotage d’un projet."
    ),
    ("Anticipation", "C4"): (
        "Préparer une solution de repli avant d’agir est un apprentissage critique du deuxième "
        "niveau."
    ),
    ("Anticipation", "C6"): "Voir venir les effets, c’est déjà en répondre.",
}
SETTLED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("Rigueur", "C1"): (
        "2",
        (
            "Le contrôle est commun aux deux métiers ; calcul et essai s’apprennent à l’école : "
            "un quart, pas plus."
        ),
    ),
    ("Partage", "C6"): (
        "c",
        (
            "Prendre sa part sans qu’on le demande dit une utilité collective que le référentiel "
            "n’évalue pas : complémentaire."
        ),
    ),
    ("Leadership", "C5"): (
        "2",
        "L’adhésion s’obtient par la parole : un quart, sans l’écrit ni l’anglais.",
    ),
    ("Management", "C4"): (
        "2",
        "Répartir selon la fatigue est une mesure de maîtrise du risque ; la décision n’y est pas.",
    ),
    ("Gestion de crise", "C3"): (
        "-",
        "Tenir un poste n’est pas encadrer : dans un dispositif, les rôles sont déjà fixés.",
    ),
    ("Travail en équipe", "C4"): (
        "c",
        (
            "L’équipe rend l’action possible quand tout se dégrade ; elle ne décide pas : "
            "complémentaire."
        ),
    ),
    ("Gestion des émotions", "C4"): (
        "2",
        (
            "Le référentiel demande de reconnaître son stress au premier niveau : la capacité en "
            "couvre un quart."
        ),
    ),
    ("Gestion des émotions", "C5"): (
        "c",
        "Garder son calme aide à convaincre ; aucun apprentissage ne le demande : complémentaire.",
    ),
    ("Anticipation", "C6"): (
        "-",
        "Les signes faibles du terrain et les usages détournés d’un produit sont deux affaires.",
    ),
}

FINER = ("C2-E1", "C2-E2", "C2-E3", "C3-E1", "C3-E2", "C3-E3", "C4-E1", "C4-E2", "C4-E3")
# The second reviewer has not come to the last abilities yet.
FINER_PAIRS = """
Engagement:           - - - - - c - - - | - - - c - c - - -
Rigueur:              2 - T - 5 - - - 2 | - - T - 5 - - - 2
Partage:              - - - 2 c - - - 5 | - - - 2 c - - - 5
Leadership:           - - - T - 7 2 - - | - - - T - 7 - - -
Management:           T 2 - - 5 2 - - 5 | T 2 - - 5 2 - - 5
Gestion de crise:     - - 7 - - - 5 2 - | - - 7 - - - 5 5 -
Gestion du risque:    - 5 - - 7 - - T - | - 5 - - 7 - - T -
Anticipation:         - T - - - - - 2 - | - T - - - - - 2 -
Travail en équipe:    - - 2 - 5 2 c - - |
Cohésion:             - - - - c c c - - |
Décision:             - - - - - T 2 - - |
Gestion des émotions: - - - - - - 7 - - |
"""
FINER_REASONS: Reasons = {
    (
        "Rigueur",
        "C2-E3",
    ): "Rendre compte à l’heure, sous la forme demandée : la même chose.",
    ("Leadership", "C3-E1"): "Le sens avant les tâches : presque mot pour mot.",
    ("Management", "C2-E1"): "Un objectif clair dont l’exécution est contrôlée.",
    ("Gestion du risque", "C4-E2"): "Classer les dangers et protéger les personnes d’abord.",
    ("Anticipation", "C2-E2"): "Matériel, délais, aléas : l’anticipation attendue d’un projet.",
    ("Décision", "C3-E3"): "Assumer les suites de ce que l’on a décidé.",
    ("Gestion des émotions", "C4-E1"): "Rester maître de ses gestes sous la pression.",
}
NOTE = (
    "Établie par l’ingénierie pédagogique et la référente défense, à l’aveugle puis en réunion. "
    "Elle sert aux élèves à choisir ce que leurs preuves montrent, au jury à motiver ses décisions."
)
SHARES = {"2": 25, "5": 50, "7": 75}
RELATIONS = {"-": "none", "c": "complementary", "T": "total"}


@dataclass(frozen=True)
class Label:
    """What a reviewer thinks of one pair: the ability by its name, the other side by its code."""

    ability: str
    code: str
    opinion: Opinion


def opinion(sign: str) -> Opinion:
    """Read one sign."""
    if sign[0] in SHARES:
        return Opinion("partial", SHARES[sign[0]], sign.endswith("w"))
    return Opinion(RELATIONS[sign])


def labels(text: str, columns: tuple[str, ...], *, is_first: bool) -> Iterator[Label]:
    """Read the opinions that one of the two reviewers gave."""
    for line in text.strip().splitlines():
        ability, _colon, both = line.partition(":")
        first, _bar, second = both.partition("|")
        for code, sign in zip(columns, (first if is_first else second).split(), strict=False):
            yield Label(ability, code, opinion(sign))
