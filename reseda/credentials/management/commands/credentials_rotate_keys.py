"""`reseda credentials rotate-keys SCHOOL`: new signing keys; those retired stay published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reseda.credentials.actions import rotate_keys
from reseda.credentials.models import Issuer, SigningKey
from reseda.journal.actions import SYSTEM


class Command(BaseCommand):
    """Change the keys with which a school signs."""

    help = "Retire the signing keys of a school and make new ones; issued credentials still verify."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Show the command as people type it."""
        return super().create_parser("reseda", "credentials rotate-keys", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the school, by its name in addresses."""
        parser.add_argument("school", metavar="SCHOOL", help="name of the school in addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change the keys and name the new ones."""
        slug = options["school"]
        issuer = Issuer.objects.filter(school__slug=slug).first()
        if issuer is None:
            known = ", ".join(Issuer.objects.values_list("school__slug", flat=True)) or "–"
            raise CommandError(
                _("Aucune école « %(slug)s » ne signe ici. Connues : %(known)s.")
                % {"slug": slug, "known": known},
                returncode=2,
            )
        rotate_keys(issuer, by=SYSTEM)
        keys = SigningKey.objects.filter(school=issuer.school_id, retired_at__isnull=True)
        for key in keys.order_by("fragment"):
            self.stdout.write(f"{issuer.did}#{key.fragment}")
