"""Building the demo: whole or not at all, the same at each start."""

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from reseda.hall.management.demo import population, stories

Say = Callable[[str], object]


def _mark() -> Path:
    return Path(settings.VAR_DIR) / "demo-construite"


def is_built() -> bool:
    """Tell whether a demo was built to its end."""
    return _mark().exists()


def forget() -> None:
    """Remove what an earlier demo left, finished or not."""
    _mark().unlink(missing_ok=True)
    rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    if connection.vendor == "sqlite":
        connection.close()
        base = Path(settings.DATABASES["default"]["NAME"])
        for suffix in ("", "-wal", "-shm"):
            base.with_name(base.name + suffix).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def build_whole(say: Say) -> None:
    """Build the schools, their people, a file at every stage; set the mark at the very end."""
    forget()
    say("base de données")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    build(say)
    _mark().write_text(timezone.now().isoformat(), encoding="utf-8")


def build(say: Say) -> None:
    """Fill an empty, migrated database with the demo, in one transaction."""
    today = timezone.localdate()
    with transaction.atomic():
        say("deux écoles, leurs formations, 240 élèves")
        school = population.populate(today)
        say("référentiels, règlement, emplois du temps, quatorze réservistes")
        stories.tell(school, today, say)
