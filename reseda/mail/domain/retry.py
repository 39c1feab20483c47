"""When a message that could not be sent is tried again."""

from datetime import timedelta

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)


def wait(attempts: int) -> timedelta:
    """Return how long to wait after this many tries: 2 min, doubled each time, 6 h at most.

    Eight tries spread over about four hours. The first wait is also how long a message
    taken by a worker is left to it: it must be longer than a mail server's time-out.
    """
    doublings = min(max(0, attempts - 1), MAX_ATTEMPTS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def is_last(attempts: int) -> bool:
    """Tell whether a message tried this many times is given up."""
    return attempts >= MAX_ATTEMPTS
