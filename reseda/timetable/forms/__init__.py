"""What people submit about their studies."""

from reseda.timetable.forms.accommodation import DecisionForm, RequestForm
from reseda.timetable.forms.feeds import (
    NOT_FETCHED,
    UNFETCHABLE,
    UNREADABLE,
    FeedForm,
    GroupsForm,
    KindForm,
    fetched,
    parsed,
)

__all__ = [
    "NOT_FETCHED",
    "UNFETCHABLE",
    "UNREADABLE",
    "DecisionForm",
    "FeedForm",
    "GroupsForm",
    "KindForm",
    "RequestForm",
    "fetched",
    "parsed",
]
