"""The framework that an invented partner of the demo sends, as its server writes CASE 1.0."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

TITLE = "Capacités du volontaire de la sécurité civile"
SITE = "https://referentiels.secours.example"
CHANGED = "2026-09-01T08:00:00+00:00"
DOCUMENT = "document"
TOLD = (
    (
        "SC1",
        "Alerter et rendre compte",
        (
            "Passe un message d’alerte complet au premier appel",
            "Tient la main courante d’une intervention",
            "Rend compte de ce qu’il n’a pas pu faire",
        ),
    ),
    (
        "SC2",
        "Protéger les personnes et les lieux",
        (
            "Établit un périmètre et le fait respecter",
            "Choisit et contrôle ses équipements de protection",
            "Évacue un bâtiment en comptant les personnes",
        ),
    ),
    (
        "SC3",
        "Porter secours en binôme",
        (
            "Pratique les gestes de premiers secours",
            "Se relaie avec son binôme sans interrompre les gestes",
            "Transmet la victime aux équipes médicales",
        ),
    ),
    (
        "SC4",
        "Soutenir les sinistrés",
        (
            "Accueille une personne éprouvée et l’oriente",
            "Organise un centre d’accueil pour la nuit",
            "Reconnaît l’épuisement, le sien compris",
        ),
    ),
    (
        "SC5",
        "Tenir un poste de commandement local",
        (
            "Met à jour une carte de situation",
            "Distingue les renseignements sûrs des rumeurs",
            "Prépare la relève par écrit",
        ),
    ),
)


def package() -> dict[str, Any]:
    """Return the package, the same each time."""
    return {
        "CFDocument": {
            "identifier": _key(DOCUMENT),
            "uri": f"{SITE}/CFDocuments/{_key(DOCUMENT)}",
            "creator": "Réseau des réserves communales du Gardon",
            "title": TITLE,
            "language": "fr",
            "adoptionStatus": "Adopted",
            "lastChangeDateTime": CHANGED,
        },
        "CFItems": list(_items()),
        "CFAssociations": list(_links()),
    }


def _key(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{SITE}/{name}"))


def _coded() -> Iterator[tuple[str, str, str, str]]:
    """Code, code of the parent, type and statement of each item."""
    for code, statement, signs in TOLD:
        yield code, DOCUMENT, "Compétence", statement
        for place, sign in enumerate(signs, start=1):
            yield f"{code}.{place}", code, "Indicateur", sign


def _items() -> Iterator[dict[str, Any]]:
    for code, _parent, kind, statement in _coded():
        yield {
            "identifier": _key(code),
            "uri": f"{SITE}/CFItems/{_key(code)}",
            "fullStatement": statement,
            "humanCodingScheme": code,
            "CFItemType": kind,
            "language": "fr",
            "lastChangeDateTime": CHANGED,
        }


def _links() -> Iterator[dict[str, Any]]:
    for rank, (code, parent, _kind, statement) in enumerate(_coded(), start=1):
        place = "CFDocuments" if parent == DOCUMENT else "CFItems"
        yield {
            "identifier": _key(f"{code}/place"),
            "uri": f"{SITE}/CFAssociations/{_key(f'{code}/place')}",
            "associationType": "isChildOf",
            "originNodeURI": {
                "title": statement,
                "identifier": _key(code),
                "uri": f"{SITE}/CFItems/{_key(code)}",
            },
            "destinationNodeURI": {
                "title": parent,
                "identifier": _key(parent),
                "uri": f"{SITE}/{place}/{_key(parent)}",
            },
            "sequenceNumber": rank,
            "lastChangeDateTime": CHANGED,
        }
