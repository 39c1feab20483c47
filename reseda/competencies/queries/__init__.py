"""What is read of frameworks and crosswalks."""

from reseda.competencies.queries.frameworks import (
    competencies_of,
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
    "competencies_of",
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
