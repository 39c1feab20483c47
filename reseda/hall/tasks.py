"""The tasks that the clock wakes."""

from typing import Any

from django_tasks.base import Task

from reseda.mail.tasks import sweep
from reseda.timetable.tasks import refresh_due

PERIODIC: tuple[Task[Any, Any], ...] = (sweep, refresh_due)
