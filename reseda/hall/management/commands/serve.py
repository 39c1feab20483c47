"""`reseda serve`: the web server, the task worker and the clock, ended together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reseda.hall.management import processes


class Command(BaseCommand):
    """Serve the site of a real installation."""

    help = "Sert le site : serveur web, exécution des tâches, réveil des tâches périodiques."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where to listen, and how many web processes."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until stopped."""
        commands = [
            processes.server_command(options["host"], options["port"], options["workers"]),
            processes.worker_command(),
            processes.clock_command(),
        ]
        raise SystemExit(processes.run(commands))
