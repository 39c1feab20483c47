"""What is read of frameworks and crosswalks."""

from reseda.competencies.queries.frameworks import (
    Node,
    competencies_of,
    frameworks,
    learnings_of,
    levels_of,
    published_version,
    todo,
    tree,
)
from reseda.competencies.queries.known import known, lines

__all__ = [
    "Node",
    "competencies_of",
    "frameworks",
    "known",
    "learnings_of",
    "levels_of",
    "lines",
    "published_version",
    "todo",
    "tree",
]
