"""The decision written out: the paper its student keeps, the line of the diploma supplement."""

import json
from importlib.resources import files

import typst
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reseda.recognition.models import Decision
from reseda.recognition.queries.juries import decision_levels, validated


def supplement_line(decision: Decision) -> str:
    """Return the entry of the diploma supplement (D611-8): competencies and levels alone."""
    if not validated(decision):
        return ""
    found = "; ".join(
        f"{competency.label} ({level.label})" for competency, level in decision_levels(decision)
    )
    return _("Compétences acquises dans un engagement citoyen (L611-9) : %(found)s") % {
        "found": found
    }


def paper(decision: Decision) -> bytes:
    """Return a decision as a PDF in the language of the page, fit for assistive technology."""
    return bytes(
        typst.compile(
            files("reseda.recognition").joinpath("templates/recognition/decision.typ").read_bytes(),
            sys_inputs={"said": json.dumps(_said(decision), ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    )


def _said(decision: Decision) -> dict[str, object]:
    file = decision.file
    day = date_format(timezone.localtime(decision.decided_at), "j F Y")
    facts = [
        [_("Référence"), file.reference],
        [_("Élève"), str(file.person)],
        [_("Formation"), file.programme.name],
        [
            _("Session"),
            f"{decision.session.name}, {date_format(decision.session.held_on, 'j F Y')}",
        ],
        [_("Décision"), decision.get_outcome_display()],
        *([[_("Forme"), _form(decision)]] if decision.form else []),
        [_("Règlement"), f"{decision.regulation.title} (v{decision.regulation.number})"],
    ]
    return {
        "language": (get_language() or "fr")[:2],
        "school": file.school.name,
        "title": _("Décision de reconnaissance de l’engagement"),
        "basis": _("Code de l’éducation, articles L611-9 et D611-7"),
        "day": _("Le %(day)s") % {"day": day},
        "facts": [[str(name), str(value)] for name, value in facts],
        "levels_title": _("Compétences reconnues"),
        "levels": [[c.label, level.label] for c, level in decision_levels(decision)],
        "motivation_title": _("Motivation"),
        "motivation": decision.motivation,
        "appeal_title": _("Voies de recours"),
        "appeal": decision.regulation.appeal,
    }


def _form(decision: Decision) -> str:
    form = decision.get_form_display()
    if decision.ects is not None:
        form = f"{floatformat(decision.ects)} ECTS"
    parts = [form]
    if decision.detail:
        parts.append(decision.detail)
    return " · ".join(str(part) for part in parts)
