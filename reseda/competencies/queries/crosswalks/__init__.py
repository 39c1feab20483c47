"""What is read of crosswalks: windows on the pairs, progress, what people agree on, coverage."""

from reseda.competencies.queries.crosswalks.axes import axis, groups
from reseda.competencies.queries.crosswalks.cells import cells
from reseda.competencies.queries.crosswalks.exports import as_case, as_sssom, table
from reseda.competencies.queries.crosswalks.lists import (
    Conflict,
    conflicts,
    decided,
    todo,
    validated,
)
from reseda.competencies.queries.crosswalks.measures import (
    Aligned,
    Coverage,
    agreement_of,
    alignment,
    coverage,
    summary,
    supplement,
)
from reseda.competencies.queries.crosswalks.progress import (
    progress,
    reviewers,
)
from reseda.competencies.queries.crosswalks.turns import next_pair

__all__ = [
    "Aligned",
    "Conflict",
    "Coverage",
    "agreement_of",
    "alignment",
    "as_case",
    "as_sssom",
    "axis",
    "cells",
    "conflicts",
    "coverage",
    "decided",
    "groups",
    "next_pair",
    "progress",
    "reviewers",
    "summary",
    "supplement",
    "table",
    "todo",
    "validated",
]
