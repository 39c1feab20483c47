"""What is read of frameworks and crosswalks."""

from reseda.competencies.queries.frameworks import (
    Node,
    competencies_of,
    frameworks,
    learnings_of,
    levels_of,
    outline_of,
    published_version,
    status_label,
    todo,
    tree,
    versions,
    walk,
)
from reseda.competencies.queries.known import Terms, known, known_about, lines, terms

__all__ = [
    "Node",
    "Terms",
    "competencies_of",
    "frameworks",
    "known",
    "known_about",
    "learnings_of",
    "levels_of",
    "lines",
    "outline_of",
    "published_version",
    "status_label",
    "terms",
    "todo",
    "tree",
    "versions",
    "walk",
]
