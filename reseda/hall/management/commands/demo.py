"""`reseda demo`: builds the invented school once, then serves it on this machine alone."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reseda.hall.management import processes
from reseda.hall.management.demo import building, cast


class Command(BaseCommand):
    """Build and serve the demo."""

    help = "Construit l’école de démonstration si elle manque, puis la sert sur cette machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Say whether to start over, or only to build."""
        parser.add_argument("--reset", action="store_true")
        parser.add_argument("--build-only", action="store_true")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Build into a file put in place only when whole, then run until stopped."""
        if not settings.IS_DEMO:
            message = "La démonstration ne se construit pas sur une installation réelle."
            raise CommandError(message)
        if options["reset"]:
            building.forget()
        if not building.is_built():
            self.stdout.write("Construction de l’école de démonstration…")
            building.build_whole(lambda line: self.stdout.write(f"  {line}"))
        call_command("collectstatic", interactive=False, verbosity=0)
        if options["build_only"]:
            return
        self.welcome(options["port"])
        commands = [
            processes.server_command(options["host"], options["port"], 1),
            processes.worker_command(),
            processes.clock_command(),
        ]
        os.environ["PORT"] = str(options["port"])
        raise SystemExit(processes.run(commands))

    def welcome(self, port: int) -> None:
        """Say where to go and as whom."""
        self.stdout.write(f"\nRéséda : http://127.0.0.1:{port}/   (Ctrl-C pour arrêter)\n\n")
        for role, member in cast.ROLES.items():
            self.stdout.write(f"  {role:<12} {member.name:<22} {member.says}")
        self.stdout.write(f"\nUn bouton par rôle : http://127.0.0.1:{port}/connexion/\n")
        self.stdout.write(f"Les courriers : http://127.0.0.1:{port}/demo/courriers/\n\n")
