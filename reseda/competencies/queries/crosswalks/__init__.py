"""What is read of crosswalks: windows on the pairs, progress, what people agree on, coverage."""

from reseda.competencies.queries.crosswalks.axes import axis, groups
from reseda.competencies.queries.crosswalks.cells import Cell, Earlier, Sight, cells, known
from reseda.competencies.queries.crosswalks.changes import Carryover, carryover, previous
from reseda.competencies.queries.crosswalks.exports import as_case, as_sssom, table
from reseda.competencies.queries.crosswalks.grid import Filters, Grid, matrix
from reseda.competencies.queries.crosswalks.lists import (
    Conflict,
    awaiting,
    conflicts,
    crosswalks,
    decided,
    pairs,
    todo,
    validated,
)
from reseda.competencies.queries.crosswalks.measures import (
    Aligned,
    Coverage,
    Supplement,
    agreement_of,
    alignment,
    coverage,
    summary,
    supplement,
)
from reseda.competencies.queries.crosswalks.progress import (
    Progress,
    Reviewer,
    RowProgress,
    progress,
    reviewers,
    rows_progress,
)
from reseda.competencies.queries.crosswalks.turns import next_pair

__all__ = [
    "Aligned",
    "Carryover",
    "Cell",
    "Conflict",
    "Coverage",
    "Earlier",
    "Filters",
    "Grid",
    "Progress",
    "Reviewer",
    "RowProgress",
    "Sight",
    "Supplement",
    "agreement_of",
    "alignment",
    "as_case",
    "as_sssom",
    "awaiting",
    "axis",
    "carryover",
    "cells",
    "conflicts",
    "coverage",
    "crosswalks",
    "decided",
    "groups",
    "known",
    "matrix",
    "next_pair",
    "pairs",
    "previous",
    "progress",
    "reviewers",
    "rows_progress",
    "summary",
    "supplement",
    "table",
    "todo",
    "validated",
]
