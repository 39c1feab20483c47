"""What is stored of service: engagements, who may know of them, periods, answers of the units."""

from reseda.service.models.engagement import (
    AUDIENCES,
    Audience,
    Ceiling,
    Disclosure,
    Engagement,
    Force,
    RightsNotice,
    Training,
)
from reseda.service.models.period import Attestation, Period, UnitAnswer, unit_confirmed

__all__ = [
    "AUDIENCES",
    "Attestation",
    "Audience",
    "Ceiling",
    "Disclosure",
    "Engagement",
    "Force",
    "Period",
    "RightsNotice",
    "Training",
    "UnitAnswer",
    "unit_confirmed",
]
