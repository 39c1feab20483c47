"""What people submit in service: the record and its periods, the periods that units offer."""

from reseda.service.forms.record import (
    AttestForm,
    ConfirmForm,
    DaysField,
    DisclosureForm,
    EngagementForm,
    PeriodForm,
    Stretch,
    capitalised,
    refuse,
    spelled,
)

__all__ = [
    "AttestForm",
    "ConfirmForm",
    "DaysField",
    "DisclosureForm",
    "EngagementForm",
    "PeriodForm",
    "Stretch",
    "capitalised",
    "refuse",
    "spelled",
]
