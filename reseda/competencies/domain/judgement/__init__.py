"""What opinions amount to: outcome of a pair, agreement of people, coverage of a framework.

Origin is what the reserve develops, destination what the school expects. Pure: plain values in,
frozen values out, codes instead of sentences.
"""

from reseda.competencies.domain.judgement.agreement import Agreement, agreement
from reseda.competencies.domain.judgement.carrying import Carried, Wording, carry
from reseda.competencies.domain.judgement.coverage import (
    Alignment,
    Complement,
    Covered,
    Judged,
    alignment,
    coverage,
    supplement,
)
from reseda.competencies.domain.judgement.decisions import Decided, End
from reseda.competencies.domain.judgement.opinions import (
    AGREED,
    COMPLEMENTARY,
    CONFLICT,
    CONVERGENT,
    COVERAGES,
    DECIDED,
    NONE,
    PARTIAL,
    PROPOSED,
    RELATIONS,
    SETTLED,
    TOTAL,
    Difference,
    Opinion,
    difference,
    fault,
    outcome,
)

__all__ = [
    "AGREED",
    "COMPLEMENTARY",
    "CONFLICT",
    "CONVERGENT",
    "COVERAGES",
    "DECIDED",
    "NONE",
    "PARTIAL",
    "PROPOSED",
    "RELATIONS",
    "SETTLED",
    "TOTAL",
    "Agreement",
    "Alignment",
    "Carried",
    "Complement",
    "Covered",
    "Decided",
    "Difference",
    "End",
    "Judged",
    "Opinion",
    "Wording",
    "agreement",
    "alignment",
    "carry",
    "coverage",
    "difference",
    "fault",
    "outcome",
    "supplement",
]
