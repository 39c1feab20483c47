"""Ranks, specialities and qualifications that people type most: offered, never imposed.

Ranks open to reservists: Code de la défense, L4131-1.
"""

from collections.abc import Mapping

_ARMY = (
    "soldat de 1re classe",
    "caporal",
    "caporal-chef",
    "sergent",
    "sergent-chef",
    "adjudant",
    "adjudant-chef",
    "major",
    "aspirant",
    "sous-lieutenant",
    "lieutenant",
    "capitaine",
    "commandant",
)
_NAVY = (
    "matelot",
    "quartier-maître de 2e classe",
    "quartier-maître de 1re classe",
    "second maître",
    "maître",
    "premier maître",
    "major",
    "aspirant",
    "enseigne de vaisseau de 2e classe",
    "enseigne de vaisseau de 1re classe",
    "lieutenant de vaisseau",
)
_GENDARMERIE = (
    "gendarme adjoint de réserve",
    "brigadier",
    "brigadier-chef",
    "maréchal des logis",
    "maréchal des logis-chef",
    "adjudant",
    "adjudant-chef",
    "major",
    "aspirant",
    "sous-lieutenant",
    "lieutenant",
    "capitaine",
)
RANKS: Mapping[str, tuple[str, ...]] = {
    "terre": _ARMY,
    "marine": _NAVY,
    "air_espace": ("aviateur", *_ARMY[1:]),
    "gendarmerie": _GENDARMERIE,
    "police": ("policier réserviste", "gardien de la paix", "brigadier", "brigadier-chef", "major"),
    "securite_civile": ("bénévole", "équipier", "chef d’équipe", "chef de groupe"),
}
SPECIALITIES = (
    "aguerrissement",
    "auxiliaire sanitaire",
    "conduite et logistique",
    "cyberdéfense",
    "franchissement",
    "génie de combat",
    "géographie et météorologie",
    "infanterie",
    "maintenance",
    "protection défense",
    "renseignement",
    "télécommunications",
    "transmissions",
)
QUALIFICATIONS = (
    "FMIR",
    "PMIP",
    "PSC1",
    "PSE1",
    "PERMIS B MILITAIRE",
    "PERMIS C",
    "CHEF D’ÉQUIPE",
    "CHEF DE GROUPE",
    "ANGLAIS NIVEAU 3",
)
