"""What is done for studies without anybody asking: feeds read again when their time has come."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tasks import task

from reseda.journal.actions import SYSTEM
from reseda.timetable.actions import feeds
from reseda.timetable.forms import fetched, parsed
from reseda.timetable.models import Feed

AT_ONCE = 50
# After which a feed whose task was lost is read again.
PATIENCE = timedelta(minutes=15)


def refresh(feed: Feed) -> Feed:
    """Read a feed again from its address; what goes wrong is noted, and nothing known is lost."""
    try:
        body, etag = fetched(feed.address, feed.etag)
        if body is None:
            return feeds.note_unchanged(feed, by=SYSTEM)
        return feeds.replace(feed, reading=parsed(body), by=SYSTEM, etag=etag)
    except ValidationError as error:
        return feeds.note_failure(feed, code=str(error.code or "unreadable"), by=SYSTEM)


@task
def refresh_one(pk: int) -> str:
    """Read one feed again, and return the state it is in; nothing is done once it is removed."""
    feed = Feed.objects.filter(pk=pk, removed_at__isnull=True, origin=Feed.Origin.ADDRESS).first()
    return refresh(feed).state if feed else ""


@task
def refresh_due() -> int:
    """Have the feeds whose time has come read again, and return how many; safe to run twice.

    A feed is claimed by moving its next reading forward before it is fetched, so that two workers
    do not fetch it together; each has a task of its own, so that one that breaks stops no other.
    """
    now = timezone.now()
    due = Feed.objects.filter(removed_at__isnull=True, next_read_at__lte=now)
    done = 0
    for pk, planned in due.order_by("next_read_at").values_list("pk", "next_read_at")[:AT_ONCE]:
        claimed = Feed.objects.filter(pk=pk, next_read_at=planned)
        if claimed.update(next_read_at=now + PATIENCE):
            refresh_one.enqueue(pk)
            done += 1
    return done
