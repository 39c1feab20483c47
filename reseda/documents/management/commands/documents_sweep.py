"""`reseda documents sweep`: erases the contents that undone changes left behind."""

from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from reseda.documents import queries

# A content is written before its row: younger ones may belong to a change still going on.
SPARED = timedelta(days=1)


class Command(BaseCommand):
    """Erase contents older than a day that no row knows; safe to run at any time, and twice."""

    help = "Erase the stored contents that no file refers to any more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how many."""
        limit, erased = timezone.now() - SPARED, 0
        for place in list(queries.orphans()):
            if default_storage.get_modified_time(place) < limit:
                default_storage.delete(place)
                erased += 1
        self.stdout.write(f"{erased}")
