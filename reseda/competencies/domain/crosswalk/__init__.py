"""Suggestions for a crosswalk between two lists of statements, measured on open data.

Several readings (letters, words, their families, directions learned from the installation's own
texts, neighbours in those texts) are mixed; pairs validated by people are learned from. Pure:
numpy alone, nothing drawn at random.
"""

from reseda.competencies.domain.crosswalk.engine import (
    POSSIBLE,
    STRONG,
    WEAK,
    Suggestion,
    suggest,
)
from reseda.competencies.domain.crosswalk.model import Model

__all__ = ["POSSIBLE", "STRONG", "WEAK", "Model", "Suggestion", "suggest"]
