"""Verdicts in plain words: what is read at the top of the page, and under each check."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from reseda.credentials.domain.rulings import Answer
from reseda.credentials.queries import Presented

Said = str | Promise


@dataclass(frozen=True)
class Headline:
    """The verdict as people read it: tone, pictogram, a sentence, what it means."""

    tone: str
    icon: str
    title: Said
    meaning: Said

    @property
    def echo(self) -> tuple[str, str] | None:
        """The same sentence in the other language and that language, for a reader passing by."""
        other = "fr" if (get_language() or "fr").startswith("en") else "en"
        here = str(self.title)
        with override(other):
            there = str(self.title)
        return (other, there) if there != here else None


HEADLINES: Mapping[str, Headline] = {
    "genuine": Headline(
        "ok",
        "shield-check",
        _("Ce titre est authentique"),
        _("Ni modifié ni révoqué depuis."),
    ),
    "intact": Headline(
        "info",
        "shield-question-mark",
        _("Ce titre est intact, mais nous ne connaissons pas son émetteur"),
        _(
            "La signature est juste et rien n’a été modifié. Reste à savoir qui est cet émetteur : "
            "vérifiez-le par un autre moyen."
        ),
    ),
    "revoked": Headline(
        "stop",
        "shield-off",
        _("Ce titre est révoqué"),
        _("L’émetteur l’a bien signé, puis l’a retiré. Il ne vaut plus."),
    ),
    "suspended": Headline(
        "stop",
        "shield-off",
        _("Ce titre est suspendu"),
        _("L’émetteur l’a bien signé, mais il en a suspendu les effets."),
    ),
    "expired": Headline(
        "wait",
        "shield-alert",
        _("Ce titre n’est plus en cours de validité"),
        _("Il est bien de son émetteur, mais sa date de fin est passée."),
    ),
    "not_yet": Headline(
        "wait",
        "shield-alert",
        _("Ce titre n’est pas encore valable"),
        _("Il est bien de son émetteur, mais sa date de début n’est pas venue."),
    ),
    "unreachable": Headline(
        "wait",
        "shield-alert",
        _("Nous n’avons pas pu vérifier ce titre"),
        _("Ce que publie l’émetteur n’a pas pu être lu. Essayez de nouveau un peu plus tard."),
    ),
    "unsupported": Headline(
        "wait",
        "shield-alert",
        _("Nous ne savons pas vérifier ce titre"),
        _("Il emploie une forme de signature ou de révocation que nous ne lisons pas."),
    ),
    "invalid": Headline(
        "stop",
        "shield-x",
        _("Ce titre est invalide"),
        _("Il n’est pas tel que son émetteur l’a signé. Ne vous y fiez pas."),
    ),
    "unreadable": Headline(
        "stop",
        "shield-x",
        _("Aucun titre lisible"),
        _("Ce que vous avez donné ne contient pas de titre que nous sachions lire."),
    ),
}

QUESTIONS: Mapping[str, tuple[str, Said]] = {
    "signature": ("signature", _("Signature")),
    "content": ("file-check", _("Contenu")),
    "status": ("ban", _("Révocation")),
    "dates": ("calendar-check", _("Validité")),
}
# A question and its state: the word of the pill, the sentence beside it.
REPLIES: Mapping[tuple[str, str], tuple[Said, Said]] = {
    ("signature", "ok"): (_("Valide"), _("La clé est bien celle que l’émetteur publie.")),
    ("signature", "stop"): (_("Fausse"), _("Aucune clé publiée par l’émetteur ne l’a faite.")),
    ("signature", "wait"): (_("Non vérifiée"), _("Les clés de l’émetteur n’ont pas pu être lues.")),
    ("signature", "quiet"): (_("Non vérifiée"), _("Il faut d’abord lire le titre.")),
    ("content", "ok"): (_("Intact"), _("Pas un mot n’a changé depuis la signature.")),
    ("content", "stop"): (_("Altéré"), _("Le texte n’est pas celui que l’émetteur a signé.")),
    ("content", "wait"): (_("Non vérifié"), _("Sans les clés de l’émetteur, rien ne le prouve.")),
    ("content", "quiet"): (_("Non vérifié"), _("Il faut d’abord lire le titre.")),
    ("status", "ok"): (_("Aucune"), _("L’émetteur ne l’a pas retiré.")),
    ("status", "stop"): (_("Révoqué"), _("L’émetteur l’a retiré dans sa liste publique.")),
    ("status", "wait"): (_("Inconnue"), _("La liste de l’émetteur n’a pas pu être lue.")),
    ("status", "quiet"): (_("Non vérifiée"), _("Elle ne se lit que d’un titre bien signé.")),
    ("dates", "ok"): (_("En cours"), _("Il est valable aujourd’hui.")),
    ("dates", "stop"): (_("Hors dates"), _("Il n’est pas valable aujourd’hui.")),
    ("dates", "wait"): (_("Inconnue"), _("Les dates n’ont pas pu être lues.")),
    ("dates", "quiet"): (_("Non vérifiée"), _("Elle ne se lit que d’un titre bien signé.")),
}
SUSPENDED = (_("Suspendu"), _("L’émetteur en a suspendu les effets."))


@dataclass(frozen=True)
class Line:
    """One check as the page shows it."""

    icon: str
    question: Said
    tone: str
    word: Said
    sentence: Said


def headline(found: Presented) -> Headline:
    """Return what is read at the top."""
    return HEADLINES[found.ruling]


def lines(found: Presented) -> list[Line]:
    """Return the checks in plain words."""
    return [_line(answer) for answer in found.answers]


def _line(answer: Answer) -> Line:
    icon, question = QUESTIONS[answer.question]
    word, sentence = REPLIES[answer.question, answer.state]
    if answer.code == "suspended":
        word, sentence = SUSPENDED
    return Line(icon, question, answer.state, word, sentence)


# --- What is said of a file that holds no credential

NO_CREDENTIAL: Said = _(
    "Aucun titre dans ce fichier. Donnez l’image ou le PDF d’origine : une copie d’écran ou une "
    "impression ne le portent plus."
)
UNREADABLE: Mapping[str, Said] = {
    "too_large": _("Ce fichier est trop gros pour un titre. Donnez le titre lui-même."),
    "unknown_format": _("Ce format n’est pas lu ici. Donnez un titre JSON, JWT, PNG, SVG ou PDF."),
    "no_credential": NO_CREDENTIAL,
    "several_credentials": _("Ce fichier porte plusieurs titres. Donnez-les un par un."),
    "bad_json": _("Ce texte n’est ni un lien, ni un code, ni un titre. Donnez-le tel que reçu."),
    "bad_credential": _("L’image ou le PDF porte un titre abîmé. Demandez-en une autre copie."),
    "bad_png": _("Cette image PNG est abîmée. Donnez l’image d’origine."),
    "bad_svg": _("Cette image SVG est abîmée ou contient autre chose. Donnez celle d’origine."),
    "bad_pdf": _("Ce PDF est abîmé ou protégé. Donnez le PDF d’origine."),
    "bad_jwt": _("Ce jeton est abîmé. Copiez-le en entier."),
    "algorithm_refused": _("Ce jeton est signé d’une façon que nous n’acceptons pas."),
}
UNREADABLE_OTHERWISE: Said = _("Ce fichier n’est pas un titre lisible. Donnez le titre d’origine.")


def unreadable(code: str) -> Said:
    """Return what to do about a file that was not read."""
    return UNREADABLE.get(code, UNREADABLE_OTHERWISE)
