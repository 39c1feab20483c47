"""What is said of a package of CASE: what stops it, what was repaired in it, what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable

TYPES: Mapping[str, Promise] = {
    "string": _("un texte"),
    "integer": _("un nombre entier"),
    "number": _("un nombre"),
    "list": _("une liste"),
    "object": _("un objet"),
}
REFUSALS: Mapping[str, Promise] = {
    "case_too_big": _("Fichier trop gros : %(limit)s Mio au plus. Découpez le référentiel."),
    "case_empty": _("Le fichier est vide : exportez-le de nouveau."),
    "case_not_utf8": _("Ce n’est pas de l’UTF-8 : enregistrez le fichier en UTF-8."),
    "case_not_json": _(
        "Ce n’est pas du JSON complet (%(why)s) : donnez le fichier tel qu’il a été exporté."
    ),
    "case_too_deep": _(
        "Objets imbriqués sans fin (plus de %(limit)s niveaux) : donnez un CFPackage."
    ),
    "case_not_an_object": _("Ce JSON n’est pas un objet : donnez un CFPackage."),
    "case_no_document": _("Pas de CFDocument : donnez un CFPackage entier."),
    "case_no_items": _(
        "Aucun élément (CFItems) : ce paquet ne porte que des liens. Donnez celui d’un référentiel."
    ),
    "case_not_a_list": _("%(place)s n’est pas une liste : donnez une liste d’objets."),
    "case_too_many": _(
        "%(found)s objets dans %(place)s : %(limit)s au plus. Découpez le référentiel."
    ),
}
FAULTS: Mapping[str, Promise] = {
    "case_missing": _("« %(field)s » manque : donnez-le."),
    "case_unknown_field": _("« %(field)s » n’existe pas dans CASE 1.1 : retirez-le."),
    "case_null": _("« null » n’est pas une valeur : retirez ce champ."),
    "case_wrong_type": _("Il faut ici %(expected)s."),
    "case_wrong_identifier": _("Cet identifiant n’est pas un UUID : donnez-en un."),
    "case_wrong_link_type": _(
        "Type de lien inconnu : prenez un type de CASE 1.1, ou « ext: » suivi du vôtre."
    ),
    "case_wrong_target_type": _("Il faut ici « CASE », ou « ext: » suivi de votre type."),
    "case_wrong_version": _("La version de CASE est « 1.1 »."),
    "case_wrong_day": _("Ce jour n’existe pas : écrivez-le AAAA-MM-JJ."),
    "case_wrong_moment": _(
        "Ce moment ne se lit pas : écrivez-le AAAA-MM-JJThh:mm:ssZ, avec son fuseau."
    ),
    "case_not_whole": _("Il faut ici un nombre entier."),
    "case_wrong_address": _("Cette adresse n’en est pas une : donnez une URI entière."),
    "case_loop": _("Cet élément est placé sous lui-même : changez son parent (isChildOf)."),
    "case_unknown_parent": _(
        "Le parent de cet élément n’est pas dans le fichier : ajoutez-le, ou changez le lien."
    ),
    "case_repeated_identifier": _("Cet identifiant est déjà à %(first)s : donnez-en un autre."),
    "case_control_character": _(
        "Caractère de contrôle (%(character)s) dans ce texte : retirez-le."
    ),
    "case_too_long": _("Trop long : %(limit)s caractères au plus."),
}
REMARKS: Mapping[str, Promise] = {
    "case_identifier_derived": _(
        "Identifiants qui ne sont pas des UUID, remplacés par des UUID toujours les mêmes : "
        "%(count)s."
    ),
    "case_unknown_field": _("Champ « %(field)s » inconnu de CASE 1.1, laissé de côté : %(count)s."),
    "case_left_out": _("Champ « %(field)s » qui ne se comprend pas, laissé de côté : %(count)s."),
    "case_markup": _("Textes avec du HTML, gardés et montrés tels quels : %(count)s."),
    "case_code_derived": _(
        "Codes en double ou trop longs, remplacés ici et gardés pour l’export : %(count)s."
    ),
    "case_kind_guessed": _(
        "Éléments dont la nature se déduit de leur titre ou de leur place : %(count)s."
    ),
    "case_second_parent": _("Seconds parents, gardés comme liens : %(count)s."),
    "case_repeated_link": _("Liens écrits deux fois, gardés une fois : %(count)s."),
    "case_without_place": _("Éléments sans place dans l’arbre, mis au sommet : %(count)s."),
    "case_withdrawn": _("Éléments retirés par leur auteur, laissés de côté : %(count)s."),
    "case_link_outside": _(
        "Liens sans aucune extrémité dans ce référentiel, laissés de côté : %(count)s."
    ),
    "case_link_to_itself": _("Liens d’un élément à lui-même, laissés de côté : %(count)s."),
    "case_unknown_link_type": _("Types de liens inconnus, lus comme « isRelatedTo » : %(count)s."),
    "case_repeated_term": _("Définitions données deux fois, gardées une fois : %(count)s."),
}


def refusal(error: Unreadable) -> str:
    """Say why nothing of a package can be used, and what to do."""
    return str(REFUSALS[error.code]) % error.facts


def sentence(fault: Fault) -> str:
    """Say what is wrong at a place of a package, or what was repaired there."""
    facts: dict[str, object] = dict(fault.facts)
    if "expected" in facts:
        facts["expected"] = TYPES[str(facts["expected"])]
    sentences = REMARKS if "count" in facts else FAULTS
    return str(sentences[fault.code]) % facts
