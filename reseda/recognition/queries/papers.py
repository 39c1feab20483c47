"""The decision written out: the paper its student keeps, the line of the diploma supplement."""

import json
from importlib.resources import files

import typst
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reseda.competencies.models import CrosswalkVersion, Item
from reseda.recognition.models import Decision, EvidenceAbility
from reseda.recognition.queries.correspondence import correspondence_of
from reseda.recognition.queries.frameworks import expected
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
    crosswalk = decision.crosswalk_version
    return {
        "language": (get_language() or "fr")[:2],
        "school": file.school.name,
        "title": _("Décision de reconnaissance de l’engagement"),
        "basis": _("Code de l’éducation, articles L611-9 et D611-7"),
        "day": _("Le %(day)s") % {"day": day},
        "facts": [[str(name), str(value)] for name, value in facts],
        "crosswalk_title": _("Table de correspondance"),
        "crosswalk": _crosswalk(crosswalk) if crosswalk else None,
        "levels_title": _("Compétences reconnues"),
        "levels": [[c.label, level.label] for c, level in decision_levels(decision)],
        "supplement_title": _("Complémentaire : à faire valoir dans le supplément au diplôme"),
        "supplement": [item.label for item in to_supplement(decision)],
        "motivation_title": _("Motivation"),
        "motivation": decision.motivation,
        "appeal_title": _("Voies de recours"),
        "appeal": decision.regulation.appeal,
    }


def to_supplement(decision: Decision) -> tuple[Item, ...]:
    """Return the abilities that the evidence of a validated file names and that complete what the
    school expects, by the crosswalk of the decision: a proposal for the diploma supplement.
    """
    if not validated(decision) or decision.crosswalk_version is None:
        return ()
    file, version = decision.file, decision.framework_version
    known = correspondence_of(file, version, expected(version))
    rows = EvidenceAbility.objects.filter(evidence__file_rows__file=file)
    return known.to_supplement(set(rows.values_list("item__identifier", flat=True)))


def _crosswalk(version: CrosswalkVersion) -> dict[str, str]:
    """Name a crosswalk, and where it is read."""
    day = date_format(timezone.localtime(version.published_at), "j F Y")
    said = _("%(title)s, v%(number)s, publiée le %(day)s")
    return {
        "text": said % {"title": version.crosswalk, "number": version.number, "day": day},
        "url": f"{settings.PUBLIC_URL}{reverse('competencies:show_crosswalk', args=[version.pk])}",
    }


def _form(decision: Decision) -> str:
    form = decision.get_form_display()
    if decision.ects is not None:
        form = f"{floatformat(decision.ects)} ECTS"
    parts = [form]
    if decision.detail:
        parts.append(decision.detail)
    return " · ".join(str(part) for part in parts)
