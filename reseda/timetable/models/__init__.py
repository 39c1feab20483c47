"""What is stored of studies: feeds and lessons, requests for accommodation, absences, plans."""

from reseda.timetable.models.accommodation import (
    Absence,
    AccommodationRequest,
    AccommodationReview,
    Concern,
    ModuleTeacher,
)
from reseda.timetable.models.calendars import CalendarAccess, UnitCalendar
from reseda.timetable.models.feeds import Correction, Feed, Kind, Lesson, TypingRule
from reseda.timetable.models.planning import Pin, Plan, PlanLine

__all__ = [
    "Absence",
    "AccommodationRequest",
    "AccommodationReview",
    "CalendarAccess",
    "Concern",
    "Correction",
    "Feed",
    "Kind",
    "Lesson",
    "ModuleTeacher",
    "Pin",
    "Plan",
    "PlanLine",
    "TypingRule",
    "UnitCalendar",
]
