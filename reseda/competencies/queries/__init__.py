"""What is read of frameworks and crosswalks."""

from reseda.competencies.queries.frameworks import (
    frameworks,
    outline_of,
    published_version,
    status_label,
    todo,
    tree,
    versions,
)
from reseda.competencies.queries.known import known, known_about, lines, terms

__all__ = [
    "frameworks",
    "known",
    "known_about",
    "lines",
    "outline_of",
    "published_version",
    "status_label",
    "terms",
    "todo",
    "tree",
    "versions",
]
