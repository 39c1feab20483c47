"""The sentences of the reasons that the rules give as codes and facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.recognition.domain.rules import Reason
from reseda.recognition.models import Form

SENTENCES: Mapping[str, str | Promise] = {
    "no_activity": _("Aucune activité n’est choisie : choisissez au moins une période."),
    "activity_already_used": _(
        "L’activité {activity} a déjà été validée : une activité ne l’est qu’une fois."
    ),
    "activity_without_evidence": _("L’activité {activity} n’a aucune preuve : racontez-la."),
    "activity_not_attested": _(
        "L’unité n’a pas encore attesté l’activité {activity} : ses jours ne sont pas comptés."
    ),
    "competency_not_expected": _(
        "Une preuve porte sur une compétence qui n’est pas dans le référentiel de ce dossier."
    ),
    "no_competency": _("Aucune preuve ne porte sur une compétence attendue par l’école."),
    "not_self_positioned": _("Dites à quel niveau vous vous situez : {competency}."),
    "position_without_evidence": _("Aucune preuve ne porte sur « {competency} »."),
    "no_wished_form": _("La forme de validation souhaitée n’est pas choisie."),
    "form_not_allowed": _("Le règlement n’admet pas cette forme : {form}."),
    "days_below_minimum": _("{days} jours attestés ; le règlement en demande {minimum}."),
    "not_assessed": _("Pas encore évaluée : {competency}."),
    "no_level_supported": _("Aucun niveau n’est encore établi par l’évaluation."),
    "assessors_differ": _(
        "Les évaluateurs diffèrent sur « {competency} » (niveaux {lowest} et {highest}) : "
        "le plus bas est retenu."
    ),
    "ects_capped": _("Les jours valent {worth} ECTS ; le règlement s’arrête à {maximum}."),
    "days_worth_no_ects": _("Les jours attestés ne suffisent pas pour un demi-ECTS."),
}


@dataclass(frozen=True)
class Said:
    """A reason in words, and whether it stops the submission."""

    text: str
    code: str
    is_blocking: bool


def say(
    reasons: Sequence[Reason], *, activities: Mapping[int, str], competencies: Mapping[int, str]
) -> list[Said]:
    """Put reasons into words, with the dates of activities and the statements of competencies."""
    return [
        Said(_sentence(each, activities, competencies), each.code, each.is_blocking)
        for each in reasons
    ]


def _sentence(
    reason: Reason, activities: Mapping[int, str], competencies: Mapping[int, str]
) -> str:
    words: Mapping[str, Callable[[str | int], str]] = {
        "activity": lambda key: activities.get(int(key), ""),
        "competency": lambda key: competencies.get(int(key), ""),
        "form": lambda word: str(dict(Form.choices).get(str(word), word)),
    }
    facts = {
        name: words[name](value) if name in words else floatformat(value)
        for name, value in reason.facts.items()
    }
    return str(SENTENCES[reason.code]).format(**facts)
