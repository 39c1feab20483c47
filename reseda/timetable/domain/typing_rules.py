"""What kind of session a title announces: which rule says so, and whether it may be trusted.

The rules are data, tried in order, after a school's own (see `school_rules`). Missing an exam is
the one mistake not to make: doubt goes to `exam`, marked as not sure, for a person to confirm. A
session that no rule knows is `unknown`, which counts as compulsory.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

KINDS = (
    "exam",
    "project",
    "practical",
    "tutorial",
    "lecture",
    "placement",
    "holiday",
    "admin",
    "other",
    "unknown",
)

_GLUED = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_SEPARATORS_BUT_STAR = re.compile(r"[^a-z0-9*]+")
# « D.S. » is written « DS » too.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_MAX_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `pattern` is searched in the plain words of the text (see `words`).

    Raises ValueError when the pattern is not a regular expression or the kind does not exist.
    """

    code: str
    pattern: str
    kind: str
    is_sure: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind: {self.kind}")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"bad pattern: {self.pattern}") from error


class Typed(NamedTuple):
    """The kind of a session, the code of the rule that gave it, and whether it may be trusted."""

    kind: str
    rule: str
    is_sure: bool


UNKNOWN = Typed("unknown", "", is_sure=False)

# Subjects whose name contains a word that announces an exam elsewhere.
_TEST_SUBJECTS = (
    r"(?:logiciels?|unitaires?|fonctionnels?|statistiques?|et validation|d integration)"
)
_CONTROL_SUBJECTS = (
    r"(?:commande|de gestion|qualite|optimale?|interne|d acces|non destructif|des? systemes?|"
    r"des? procedes?|industriel|robuste|moteurs?|aerien|et regulation|numerique|budgetaire|"
    r"financier|vibratoire|vectoriel|actif|adaptatif|de version)"
)
_EVALUATION_SUBJECTS = (
    r"(?:de la performance|des? performances?|environnementale|economique|financiere|"
    r"d entreprises?|"
    r"des? (?:risques?|couts?|projets?|actifs|politiques|enseignements?|formations?))"
)
_FORM = r"\b(?:cm|ctd|cmtd|td|tp)\d*[a-z]?\b"
_DEFENDED = r"(?:thesis|project|master|phd|pfe|internship|final|oral)"

DEFAULT_RULES: tuple[Rule, ...] = (
    # Exams, from the surest words to the doubtful ones.
    Rule("exam.word", r"\bexam(?:en|ens|s|ination|inations)?\d*\b", "exam"),
    Rule("exam.control", r"\b(?:ctrl|crtrl|ctlr|crtl|cntrl|contr)\d*\b", "exam"),
    Rule("exam.controle", rf"\bcontroles?\d*\b(?! {_CONTROL_SUBJECTS})", "exam"),
    # « DS » and « CC » also name a promotion or a subject, whose lessons bear their form.
    Rule(
        "exam.ds_and_form",
        rf"^(?=.*{_FORM}).*\b(?:ds|cc)\d{{0,2}}\b",
        "exam",
        is_sure=False,
    ),
    Rule("exam.ds", r"\b(?:ds|dst|ccf|cc|cct|qcm|qroc|qcu|qru)\d{0,2}\b", "exam"),
    Rule("exam.ct", r"\b(?:ct|cci)\d?\b(?! scan)", "exam", is_sure=False),
    Rule("exam.ie", r"\bie\d\b", "exam", is_sure=False),
    Rule("exam.devoir", r"\bdevoirs? (?:surveilles?|sur table|commun)", "exam"),
    Rule("exam.galop", r"\bgalops? d essai\b", "exam"),
    Rule("exam.partial", r"\bpartiels?\d*\b", "exam"),
    Rule("exam.defence", r"\b(?:soutenances?|pre ?soutenances?|viva)\b", "exam"),
    Rule("exam.defended", rf"\b{_DEFENDED} defen[cs]es?\b", "exam"),
    # A lesson that is caught up is announced with the same word as an exam that is sat again.
    Rule(
        "exam.caught_up",
        rf"^(?=.*(?:{_FORM}|\bcours\b|\bseance\b)).*\brattrapages?\b",
        "exam",
        is_sure=False,
    ),
    Rule("exam.resit", r"\b(?:rattrapages?|seconde chance|re ?sits?|retakes?)\b", "exam"),
    Rule("exam.second", r"\b(?:2e|2nde|2eme|seconde|deuxieme) session\b", "exam"),
    Rule("exam.session", r"\bsession 2\b", "exam", is_sure=False),
    Rule("exam.evaluation", rf"\b(?:evaluations?|evals?)\d*\b(?! {_EVALUATION_SUBJECTS})", "exam"),
    Rule("exam.trial", r"\b(?:epreuves?|interros?|interrogations?|colles?|khol+es?)\d*\b", "exam"),
    Rule(
        "exam.presentation",
        r"\b(?:presentations? orales?|presentations? finales?|(?:oral|final) presentations?"
        r"|presentations|restitutions?)\b",
        "exam",
        is_sure=False,
    ),
    Rule("exam.oral", r"\b(?:oral|oraux)\d*\b(?! (?:communication|expression|english))", "exam"),
    Rule(
        "exam.marked",
        r"\b(?:tp|td|projet|seance|cours|devoir)s?\d* ?(?:notee?s?|evaluee?s?)\b",
        "exam",
    ),
    Rule("exam.graded", r"\bgraded\b|\bassessments?\d*\b", "exam"),
    Rule("exam.quiz", r"\bquiz+(?:es)?\d*\b", "exam"),
    Rule("exam.english", r"\bmid ?terms?\d*\b", "exam"),
    Rule(
        "exam.rehearsal",
        r"\b(?:concours|toeic|toefl|ielts|bac|ecn|edn|ecos) blanc(?:he)?s?\b",
        "exam",
    ),
    Rule("exam.competition", r"\bconcours\b", "exam", is_sure=False),
    Rule(
        "exam.language",
        r"(?<!preparation )(?<!preparation au )(?<!prepa )"
        r"\b(?:toeic|toefl|ielts|tfi|linguaskill)\b",
        "exam",
        is_sure=False,
    ),
    Rule("exam.certificate", r"\bcertifications?\b", "exam", is_sure=False),
    Rule("exam.level", r"\btests?\d* (?:de niveau|de connaissances?|ecrits?|oraux|final)", "exam"),
    Rule(
        "exam.test",
        rf"(?<!techniques de )(?<!methodes de )\btests?\d*\b(?! {_TEST_SUBJECTS})",
        "exam",
        is_sure=False,
    ),
    # A jury of students' work is an exam for them; that of a semester meets without them.
    Rule("admin.jury", r"\bjurys? (?:de |d |du )?(?:semestres?|annee|diplomes?|fin)\b", "admin"),
    Rule("admin.deliberation", r"\bdeliberations?\b", "admin"),
    Rule("exam.jury", r"\bjurys?\b", "exam", is_sure=False),
    # The form of teaching, when it is written.
    Rule("practical.tp", r"\b(?:ctp|tp|tme)\d*[a-z]?\b|\btravaux pratiques\b", "practical"),
    Rule("practical.lab", r"\b(?:labo|labs?|laboratoire)\b", "practical", is_sure=False),
    Rule("lecture.cm_td", r"\bcm td\b", "lecture"),
    Rule(
        "tutorial.td",
        r"\b(?:ctd|cmtd|td)\d*[a-z]?\b|\btravaux diriges\b|\btutorials?\b",
        "tutorial",
    ),
    Rule("lecture.cm", r"\bcm\d*\b|\bcours magistr", "lecture"),
    Rule("exam.written", r"\becrits?\b", "exam", is_sure=False),
    Rule(
        "holiday",
        r"\b(?:ferie|feries|vacances|conges?|pont de l ascension|jour chome|pas de cours"
        r"|interruption (?:pedagogique|des cours|des enseignements)|pause pedagogique"
        r"|fermeture (?:de l|du|des|administrative)\b.*"
        r"|(?:bank|(?<!not a )public|christmas|easter) holidays?"
        r"|(?:spring|winter|christmas|summer|fall) break|lundi de (?:paques|pentecote))\b"
        r"|^(?:pont|toussaint|noel|ascension|armistice|holidays?)$",
        "holiday",
    ),
    Rule(
        "placement",
        r"(?<!recherche de )(?<!recherches de )\b(?:stages?|internships?|company placements?"
        r"|(?:periode|semaine|mission|sequence|alternance) entreprise|en entreprise)\b",
        "placement",
    ),
    Rule("placement.alone", r"^(?:reservation de salles )?entreprise$", "placement"),
    Rule(
        "project",
        r"\b(?:projets?|projects?|proj|pfe|sae\d*|hackathon|autonomie|bureaux? d etudes?)\b",
        "project",
    ),
    Rule(
        "lecture.conference",
        r"\b(?:conferences?|seminaires?|seminars?)\b",
        "lecture",
        is_sure=False,
    ),
    Rule("lecture.refresher", r"\bremise a niveau\b", "lecture", is_sure=False),
    Rule(
        "admin",
        r"\b(?:accueil|rentree|inscriptions?|reunions?|presentation|forum|rdv|rendez vous"
        r"|rencontre|entretiens?|remise|permanence|elections?|visite medicale|photos? de promo\w*"
        r"|portes ouvertes|welcome day|orientation week"
        r"|evaluations? des? (?:enseignements?|formations?)"
        r"|conseil (?:de|d|du|des|pedagogique|scientifique))\b|^conseil$",
        "admin",
    ),
    Rule(
        "other",
        r"\b(?:wei|cohesion|rallye|bde|pause|gala|voyage|(?:journee|semaine) d? ?integration)\b"
        r"|^integration\b",
        "other",
        is_sure=False,
    ),
    Rule("lecture.word", r"\b(?:cours|lecture|amphi)\b", "lecture", is_sure=False),
    Rule(
        "tutorial.language",
        r"\b(?:lv[123]|anglais|espagnol|allemand|italien|chinois|japonais|russe|portugais|arabe|fle)\b",
        "tutorial",
        is_sure=False,
    ),
)


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """Bring a title to plain words: no accent, no capital, every separator (`_` too) a space."""
    return _SEPARATORS.sub(" ", _plain(text)).strip()


def pattern_words(text: str) -> list[str]:
    """Bring what a person looks for to plain words too, in which `*` stays."""
    return _SEPARATORS_BUT_STAR.sub(" ", _plain(text)).split()


def _plain(text: str) -> str:
    text = text[:_MAX_LENGTH]
    if "." in text:
        text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    text = _GLUED.sub(" ", text)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return text.casefold()


def kind_of(text: str) -> Typed:
    """Type one title; `unknown` when no rule fits."""
    return _first(words(text))


def kind_of_structured(form: str, subject: str, memo: str) -> Typed:
    """Type a session whose feed has a field for the form of teaching (HyperPlanning's « Type »).

    The field decides, so that a subject called « Techniques de test » makes no exam; an exam
    announced in the memo still wins over it, marked as not sure.
    """
    typed = _first(words(form))
    if typed.kind == "exam":
        return typed
    noted = _first(words(memo))
    if noted.kind == "exam":
        return noted._replace(is_sure=False)
    if typed.kind != "unknown":
        return typed
    if noted.kind != "unknown":
        return noted
    return _first(words(f"{subject} {form} {memo}"))


@lru_cache(maxsize=8192)
def _first(plain: str) -> Typed:
    for rule, search in _SEARCHES if plain else ():
        if search(plain):
            return Typed(rule.kind, rule.code, rule.is_sure)
    return UNKNOWN


_SEARCHES = tuple((rule, re.compile(rule.pattern).search) for rule in DEFAULT_RULES)
