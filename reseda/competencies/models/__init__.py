"""Frameworks of competencies, and the crosswalks that people establish between two of them."""

from reseda.competencies.models.crosswalks import (
    Crosswalk,
    CrosswalkVersion,
    Mapping,
    Relation,
    Review,
    Suggestion,
)
from reseda.competencies.models.frameworks import (
    Association,
    Definition,
    Framework,
    FrameworkVersion,
    Item,
    Removal,
)

__all__ = [
    "Association",
    "Crosswalk",
    "CrosswalkVersion",
    "Definition",
    "Framework",
    "FrameworkVersion",
    "Item",
    "Mapping",
    "Relation",
    "Removal",
    "Review",
    "Suggestion",
]
