"""What people submit to bring a framework back, and what is said of a faulty one."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.forms import case
from reseda.competencies.models import Item
from reseda.schools import forms as schools
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.forms import TableField

COLUMNS: dict[str, str | Promise] = {
    "code": _("Code"),
    "parent": _("Code parent"),
    "kind": _("Nature"),
    "statement": _("Libellé français"),
    "statement_en": _("Libellé anglais"),
    "identifier": _("Identifiant"),
}
FAULTS: dict[str, str | Promise] = {
    "missing": _("La case est vide : remplissez-la."),
    "too_long": _("Trop long : %(limit)s caractères au plus."),
    "unknown_kind": _(
        "Nature inconnue : écrivez compétence, composante essentielle, famille de situations, "
        "niveau, apprentissage critique ou ressource."
    ),
    "not_an_identifier": _(
        "Cet identifiant n’est pas un UUID : laissez la case vide pour un nouvel élément."
    ),
    "unknown_parent": _("Aucune ligne n’a ce code : corrigez-le, ou ajoutez le parent."),
    "kind_not_allowed": _(
        "Un élément « %(kind)s » ne se place pas sous « %(under)s » : un niveau va sous une "
        "compétence, un apprentissage critique sous un niveau, une compétence au sommet."
    ),
    "loop": _("Cet élément est placé sous lui-même : changez son parent."),
    "repeated_code": _("Ce code est déjà à la ligne %(first)s : donnez-en un autre."),
    "repeated_identifier": _(
        "Cet identifiant est déjà à la ligne %(first)s : laissez la case vide."
    ),
    "rank_twice": _("Deux niveaux ont le rang %(rank)s : déplacez l’un d’eux."),
    "without_competency": _("Ajoutez au moins une compétence."),
    "without_level": _("Cette compétence n’a aucun niveau : ajoutez-en au moins un."),
    "without_critical_learning": _(
        "Ce niveau n’a aucun apprentissage critique : ajoutez-en au moins un."
    ),
}


def refusal(error: Unreadable) -> str:
    """Say why a file cannot be read, and what to do."""
    if error.code in case.REFUSALS:
        return case.refusal(error)
    return schools.refusal(error, COLUMNS)


def sentence(fault: Fault) -> str:
    """Say what is wrong with an item, and what to do."""
    if fault.code in case.FAULTS or fault.code in case.REMARKS:
        return case.sentence(fault)
    facts: dict[str, object] = dict(fault.facts)
    for name in ("kind", "under"):
        if name in facts:
            facts[name] = Item.Kind(str(facts[name])).label if facts[name] else _("le sommet")
    return str(FAULTS[fault.code]) % facts


class ImportForm(forms.Form):
    """The file of items to import."""

    file = TableField(
        label=_("Fichier du référentiel"),
        help_text=_("CSV ou XLSX, 10 Mio au plus."),
        error_messages={"required": _("Choisissez un fichier.")},
    )
