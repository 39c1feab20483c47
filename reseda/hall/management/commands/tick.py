"""`reseda tick`: wakes the periodic tasks of every room; safe to run on several hosts at once."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_tasks.base import Task

from reseda.competencies.tasks import watch_suggestions
from reseda.mail.tasks import sweep
from reseda.service.tasks import settle_silences
from reseda.timetable.tasks import refresh_due, watch_plans

PERIODIC: tuple[Task[Any, Any], ...] = (
    sweep,
    refresh_due,
    settle_silences,
    watch_plans,
    watch_suggestions,
)


class Command(BaseCommand):
    """Enqueue the periodic tasks, once or at a regular pace."""

    help = "Réveille les tâches périodiques (courriers, emplois du temps, délais)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say the pace, in seconds; 0 for once."""
        parser.add_argument("--every", type=int, default=0)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Enqueue until stopped."""
        while True:
            for task in PERIODIC:
                task.enqueue()
            if not options["every"]:
                return
            time.sleep(options["every"])
