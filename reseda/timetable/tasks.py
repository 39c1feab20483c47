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
def refresh_due() -> int:
    """Read again the feeds whose time has come, and return how many; safe to run twice.

    A feed is claimed by moving its next reading forward before it is fetched, so that two workers
    do not fetch it together.
    """
    now = timezone.now()
    due = Feed.objects.filter(removed_at__isnull=True, next_read_at__lte=now)
    done = 0
    for feed in due.order_by("next_read_at")[:AT_ONCE]:
        later = now + timedelta(minutes=15)
        claimed = Feed.objects.filter(pk=feed.pk, next_read_at=feed.next_read_at)
        if claimed.update(next_read_at=later):
            refresh(feed)
            done += 1
    return done
