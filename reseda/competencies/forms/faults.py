"""What is said of a framework or of a file that is not right: where, why, and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain.exchange import formats
from reseda.competencies.domain.framework import UNDER
from reseda.competencies.forms import case
from reseda.competencies.models import Item
from reseda.schools import forms as schools
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable

FORMATS: Mapping[str, Promise] = {
    formats.CASE: _("paquet CASE 1.0 ou 1.1 (JSON)"),
    formats.SHEET: _("tableau Réséda (CSV ou XLSX)"),
    formats.MOODLE: _("référentiel Moodle (CSV)"),
    formats.RNCP: _("blocs du RNCP (JSON)"),
    formats.ROME: _("tableau officiel du ROME (CSV)"),
    formats.ROME_LABELS: _("libellés du ROME, un par ligne"),
    formats.ESCO: _("compétences ESCO (CSV)"),
    formats.STATEMENTS: _("liste d’énoncés, un par ligne"),
}
COLUMNS: dict[str, str | Promise] = {
    "code": _("Code"),
    "parent": _("Code parent"),
    "kind": _("Nature"),
    "statement": _("Libellé français"),
    "statement_en": _("Libellé anglais"),
    "rank": _("Rang"),
    "credits": _("Crédits ECTS"),
    "source": _("Adresse d’origine"),
    "develops": _("Contribue à"),
    "identifier": _("Identifiant"),
    "parent_link": _("Lien au parent"),
    "extra": _("Autres champs"),
    "notes": _("Notes"),
    "uri": _("Adresse (conceptUri)"),
    "label": _("Libellé (preferredLabel)"),
    "above": _("Concept plus large (broaderConceptUri)"),
    "related": _("Compétences liées"),
    "is_framework": _("Ligne du référentiel"),
}
FAULTS: dict[str, str | Promise] = {
    "missing": _("La case est vide : remplissez-la."),
    "too_long": _("Trop long : %(limit)s caractères au plus."),
    "unknown_kind": _("Nature inconnue : écrivez l’une de celles-ci : %(kinds)s."),
    "not_an_identifier": _(
        "Cet identifiant n’est pas un UUID : laissez la case vide pour un nouvel élément."
    ),
    "unknown_parent": _("Aucune ligne n’a ce code : corrigez-le, ou ajoutez le parent."),
    "unknown_code": _("Aucune ligne n’a ce code : corrigez-le, ou retirez-le."),
    "linked_to_itself": _("Un élément ne contribue pas à lui-même : retirez ce code."),
    "kind_not_allowed": _(
        "Un élément « %(kind)s » ne se place pas sous « %(under)s ». Il se place sous : %(places)s."
    ),
    "loop": _("Cet élément est placé sous lui-même : changez son parent."),
    "too_deep": _("Trop d’étages au-dessus de cet élément : %(limit)s au plus."),
    "repeated_code": _("Ce code est déjà à la ligne %(first)s : donnez-en un autre."),
    "repeated_identifier": _(
        "Cet identifiant est déjà à la ligne %(first)s : laissez la case vide."
    ),
    "rank_twice": _("Deux niveaux ont le rang %(rank)s : déplacez l’un d’eux."),
    "not_a_number": _("Ce n’est pas un nombre : écrivez-le comme 6 ou 2,5."),
    "credits_not_of_unit": _("Seule une unité d’enseignement a des crédits : videz la case."),
    "credits_out_of_range": _("Crédits impossibles : de 0 à %(limit)s."),
    "credits_too_fine": _("Un chiffre au plus après la virgule : écrivez 2,5."),
    "control_character": _("Caractère invisible dans ce texte : écrivez-le à nouveau."),
    "not_an_address": _("Ce n’est pas une adresse : elle commence par http:// ou https://."),
    "not_a_block": _(
        "Ce n’est pas un bloc du RNCP : il lui faut un identifiant comme RNCP12345BC01."
    ),
    "second_framework": _(
        "Ce fichier contient plusieurs référentiels : exportez-les un par un de Moodle."
    ),
    "without_competency": _("Ajoutez au moins une compétence."),
    "without_level": _("Cette compétence n’a aucun niveau : ajoutez-en au moins un."),
    "without_critical_learning": _(
        "Ce niveau n’a aucun apprentissage critique : ajoutez-en au moins un."
    ),
    # What stops nothing, and is told in the preview.
    "said_twice": _("Cet énoncé est deux fois dans le bloc : il est gardé une fois."),
    "edition_assumed": _(
        "La mention de source est celle de l’édition du ROME du 18/09/2025 : "
        "corrigez-la dans la présentation si votre fichier est d’une autre édition."
    ),
    "second_parent": _("Second concept plus large, gardé comme lien."),
    "kinds_guessed": _(
        "Moodle ne dit pas la nature des éléments : celle des nouveaux est déduite de leur place. "
        "Celle des éléments connus reste."
    ),
    "link_left_out": _("Cette compétence liée n’est pas dans le fichier : le lien est laissé."),
}
UNREADABLE: dict[str, str | Promise] = {
    "unknown_format": _(
        "Ce fichier n’a aucune des formes que l’on sait lire. Formes acceptées : %(formats)s."
    ),
    "unknown_json": _(
        "Ce JSON n’est ni un paquet CASE ni une liste de blocs du RNCP. "
        "Formes acceptées : %(formats)s."
    ),
    "binary": _("Ce fichier n’est pas un tableau, ni un texte. Formes acceptées : %(formats)s."),
    "not_json": _(
        "Ce JSON est abîmé (ligne %(line)s, colonne %(column)s) : "
        "donnez le fichier tel qu’il a été exporté."
    ),
    "not_rncp": _(
        "Ce fichier n’est pas une liste de blocs du RNCP : chaque bloc a un « id » "
        "comme RNCP12345BC01 et un « prefLabel »."
    ),
    "not_moodle": _(
        "Ce fichier n’est pas un export de Moodle : il a 14 colonnes, "
        "et une ligne qui décrit le référentiel."
    ),
}


def accepted() -> str:
    """List the formats that are read."""
    return ", ".join(str(label) for label in FORMATS.values())


def refusal(error: Unreadable) -> str:
    """Say why a file cannot be read, and what to do."""
    if error.code in case.REFUSALS:
        return case.refusal(error)
    if error.code in UNREADABLE:
        return str(UNREADABLE[error.code]) % {"column": 1, "formats": accepted(), **error.facts}
    return schools.refusal(error, COLUMNS)


def sentence(fault: Fault) -> str:
    """Say what is wrong with an item, and what to do."""
    if fault.code in case.FAULTS or fault.code in case.REMARKS:
        return case.sentence(fault)
    facts: dict[str, object] = dict(fault.facts)
    if fault.code == "unknown_kind":
        facts["kinds"] = ", ".join(str(label) for label in Item.Kind.labels)
    if fault.code == "kind_not_allowed":
        above = [under for under, kinds in UNDER.items() if facts["kind"] in kinds]
        facts["places"] = ", ".join(str(_named(under)) for under in above)
    for name in ("kind", "under"):
        if name in facts:
            facts[name] = _named(str(facts[name]))
    return str(FAULTS[fault.code]) % facts


def _named(kind: str) -> str | Promise:
    return Item.Kind(kind).label if kind else _("le sommet")


# Where CASE writes what lines are known by.
CASE_FIELDS = {"code": "humanCodingScheme", "statement": "fullStatement", "source": "extensions"}


def place(fault: Fault, kind: str) -> str:
    """Say where a fault stands: a line, or a place such as `CFItems[12].fullStatement`."""
    if "place" in fault.facts:
        return str(fault.facts["place"])
    if kind == formats.CASE and fault.line:
        field = CASE_FIELDS.get(fault.column, "")
        return f"CFItems[{fault.line - 1}]" + (f".{field}" if field else "")
    if kind == formats.RNCP and fault.line:
        return f"[{fault.line - 1}].{fault.column}"
    if fault.line:
        return str(_("ligne %(line)s") % {"line": fault.line})
    return str(column(fault))


def column(fault: Fault) -> str | Promise:
    """Name the column of a fault as people know it, or as the file does."""
    return COLUMNS.get(fault.column, fault.column)
