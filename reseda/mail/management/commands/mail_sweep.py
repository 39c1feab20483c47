"""`reseda mail sweep`: sends what is due, and starts again the chain of sweeps."""

from typing import Any

from django.core.management.base import BaseCommand

from reseda.mail.models import OutgoingMail, sweep_asked


class Command(BaseCommand):
    """Send every message that is due now; safe to run at any time, and twice."""

    help = "Send the messages that are due, even those whose task was lost."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once, and say how many messages were tried."""
        tried = sum(int(count or 0) for _receiver, count in sweep_asked.send(OutgoingMail))
        self.stdout.write(f"{tried}")
