"""What people submit about their studies."""

from reseda.timetable.forms.accommodation import DecisionForm, LessonsForm, RequestForm
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
from reseda.timetable.forms.reviews import AnswerForm, ConcernForm, ReviewForm, WordForm

__all__ = [
    "NOT_FETCHED",
    "UNFETCHABLE",
    "UNREADABLE",
    "AnswerForm",
    "ConcernForm",
    "DecisionForm",
    "FeedForm",
    "GroupsForm",
    "KindForm",
    "LessonsForm",
    "RequestForm",
    "ReviewForm",
    "WordForm",
    "fetched",
    "parsed",
]
