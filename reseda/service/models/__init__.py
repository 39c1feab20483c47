"""What is stored of service: engagements, who may know, periods, offers, units’ answers."""

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
from reseda.service.models.offer import Offer, Wish
from reseda.service.models.period import Attestation, Period, UnitAnswer, unit_confirmed

__all__ = [
    "AUDIENCES",
    "Attestation",
    "Audience",
    "Ceiling",
    "Disclosure",
    "Engagement",
    "Force",
    "Offer",
    "Period",
    "Qualification",
    "RightsNotice",
    "Training",
    "UnitAnswer",
    "Wish",
    "unit_confirmed",
]
