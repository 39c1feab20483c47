"""`reseda mail sweep`: sends what is due, and starts again the chain of sweeps."""

from typing import Any

from django.core.management.base import BaseCommand

from reseda.mail import tasks


class Command(BaseCommand):
    """Send every message that is due now; safe to run at any time, and twice."""

    help = "Send the messages that are due, even those whose task was lost."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once, and say how many messages were tried."""
        self.stdout.write(f"{tasks.sweep.call()}")
