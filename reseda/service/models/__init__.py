"""What is stored of service: engagements, who may know, periods, offers, units’ answers."""

from reseda.service.models.call_up import CallUp, MaskedConvocation
from reseda.service.models.career import Promotion, Suspension, TrainingStep
from reseda.service.models.employer import (
    EmployerKind,
    EmployerRule,
    Employment,
    ReactivityClause,
)
from reseda.service.models.engagement import (
    AUDIENCES,
    Audience,
    Ceiling,
    Disclosure,
    Engagement,
    Force,
    Qualification,
    RightsNotice,
    Training,
)
from reseda.service.models.leave import LIVE, Leave
from reseda.service.models.offer import Offer, OfferCall, Wish
from reseda.service.models.period import Attestation, Period, UnitAnswer, unit_confirmed

__all__ = [
    "AUDIENCES",
    "LIVE",
    "Attestation",
    "Audience",
    "CallUp",
    "Ceiling",
    "Disclosure",
    "EmployerKind",
    "EmployerRule",
    "Employment",
    "Engagement",
    "Force",
    "Leave",
    "MaskedConvocation",
    "Offer",
    "OfferCall",
    "Period",
    "Promotion",
    "Qualification",
    "ReactivityClause",
    "RightsNotice",
    "Suspension",
    "Training",
    "TrainingStep",
    "UnitAnswer",
    "Wish",
    "unit_confirmed",
]
