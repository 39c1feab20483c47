"""Frameworks of competencies, and the crosswalks that people establish between two of them."""

from reseda.competencies.models.crosswalks import (
    COVERAGES,
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
    "COVERAGES",
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
