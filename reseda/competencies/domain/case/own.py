"""What is ours in CASE: the types of our kinds of items, identifiers and codes that are derived.

An identifier derived here never changes: whoever followed it finds the same thing again.
"""

import datetime
import hashlib
import uuid
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.framework import About, Line

NAMESPACE = uuid.UUID("671d9bb8-e0a8-44b1-9a0d-df40464b324a")
# When the types of our kinds were worded: they are the same in every package, and move with none.
WRITTEN_AT = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
# Changes neither the version nor the variant of a UUID.
_LINK = uuid.UUID("5a3c9e17-84d2-0b6f-0e91-7f20c4ad63b8").int
# Said by a framework whose `alternativeLabel` are its wordings in English.
FRAMEWORK_TYPE = "Approche par compétences"
CROSSWALK_TYPE = "Table de correspondance"
# Where our own extensions stand among those of others.
OWN = "reseda"
# What an author says of the place of an item in the tree, kept in `Line.extra`.
PLACED = "isChildOf"
# Extensions of the package and of its definitions, kept in `About.extra`.
PACKAGED = "CFPackage"
_PREFIX, _SHORTEST = "i-", 8


class ItemType(NamedTuple):
    """How one of our kinds is named in `CFItemTypes`."""

    kind: str
    identifier: str
    title: str
    description: str
    code: str


def _types() -> Iterable[ItemType]:
    said = {
        rules.GROUP: ("Regroupement", "Ensemble d’éléments rangés sous un même titre."),
        rules.BLOCK: (
            "Bloc de compétences",
            "Ensemble de compétences qui s’évalue et se valide à part.",
        ),
        rules.UNIT: ("Unité d’enseignement", "Ensemble d’enseignements qui vaut des crédits."),
        rules.COMPETENCY: (
            "Compétence",
            "Savoir-agir complexe qui mobilise des ressources dans des situations.",
        ),
        rules.COMPONENT: (
            "Composante essentielle",
            "Qualité attendue de la mise en œuvre d’une compétence.",
        ),
        rules.FAMILY: (
            "Famille de situations",
            "Situations professionnelles où une compétence s’exerce.",
        ),
        rules.LEVEL: ("Niveau de développement", "Étape dans l’acquisition d’une compétence."),
        rules.LEARNING: (
            "Apprentissage critique",
            "Apprentissage nécessaire pour atteindre un niveau.",
        ),
        rules.INDICATOR: ("Indicateur", "Fait observable qui atteste un acquis."),
        rules.RESOURCE: ("Ressource", "Savoir, savoir-faire ou enseignement mobilisé."),
    }
    for place, (kind, (title, description)) in enumerate(said.items(), start=1):
        key = str(uuid.uuid5(NAMESPACE, f"item-type/{kind}"))
        yield ItemType(kind, key, title, description, str(place))


ITEM_TYPES: Mapping[str, ItemType] = {one.kind: one for one in _types()}
KIND_OF_TYPE: Mapping[str, str] = {one.identifier: one.kind for one in ITEM_TYPES.values()}


def link_identifier(item: str) -> str:
    """Return the identifier of the link that places an item in the tree; its own inverse."""
    return str(uuid.UUID(int=uuid.UUID(item).int ^ _LINK))


def derived(*parts: str) -> str:
    """Return the identifier that stands for words that are no UUID, the same each time."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def code_of(identifier: str, taken: Container[str] = ()) -> str:
    """Return a code for an item that has none, from its identifier."""
    digest = hashlib.sha256(identifier.encode()).hexdigest()
    lengths = range(_SHORTEST, rules.MAX_CODE - len(_PREFIX) + 1)
    codes = (_PREFIX + digest[:length] for length in lengths)
    return next(code for code in codes if code not in taken)


def is_derived_code(code: str, identifier: str) -> bool:
    """Whether a code says nothing that the identifier does not: it is not given to others."""
    if not code.startswith(_PREFIX) or len(code) < len(_PREFIX) + _SHORTEST:
        return False
    return hashlib.sha256(identifier.encode()).hexdigest().startswith(code.removeprefix(_PREFIX))


def is_bilingual(about: About, lines: Iterable[Line]) -> bool:
    """Whether `alternativeLabel` says statements in English: some are, and its author said no
    other type of framework nor any alternative label of their own.
    """
    if about.framework_type not in {"", FRAMEWORK_TYPE}:
        return False
    told = list(lines)
    return any(line.statement_en for line in told) and not any(
        "alternativeLabel" in line.extra for line in told
    )
