"""What is read of service: one’s own record, those one follows, what others build upon."""

from reseda.service.queries.counting import Count, contract_alerts, counters_of, limits, regime_of
from reseda.service.queries.following import (
    CONSULTED,
    Reading,
    days_of_year,
    followed,
    may_read_record,
    readings,
)
from reseda.service.queries.own import (
    Next,
    Opening,
    engagement_of,
    engagements_of,
    is_confirmed,
    offered,
    openings,
    others,
    periods_of,
    recognisable,
    steps,
    todo,
)
from reseda.service.queries.telling import tell_confirmation, tell_engagement, tell_period

__all__ = [
    "CONSULTED",
    "Count",
    "Next",
    "Opening",
    "Reading",
    "contract_alerts",
    "counters_of",
    "days_of_year",
    "engagement_of",
    "engagements_of",
    "followed",
    "is_confirmed",
    "limits",
    "may_read_record",
    "offered",
    "openings",
    "others",
    "periods_of",
    "readings",
    "recognisable",
    "regime_of",
    "steps",
    "tell_confirmation",
    "tell_engagement",
    "tell_period",
    "todo",
]
