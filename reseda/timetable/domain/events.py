"""What a timetable is made of once it has been read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

GROUP_SEPARATOR = ", "


class Event(NamedTuple):
    """One session of a timetable, with no teacher's name in it; events sort as they follow.

    `uid` is unique within a reading; `source_uid` is the one the feed gave, which occurrences of a
    recurrence and badly numbered sessions share. `starts_at` and `ends_at` are aware, in UTC, the
    end excluded. `module` is the key by which sessions of one teaching unit are recognised.
    """

    starts_at: datetime
    ends_at: datetime
    uid: str
    is_all_day: bool = False
    title: str = ""
    location: str = ""
    group: str = ""
    module: str = ""
    kind: str = "unknown"
    is_sure: bool = False
    rule: str = ""
    source_uid: str = ""
    is_for_whole_promotion: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """The group codes, one by one."""
        return tuple(self.group.split(GROUP_SEPARATOR)) if self.group else ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the feed that a person should know: a code, its facts, and where it is.

    `place` is "line 12" in the file as received, or "uid …" when the feed gives no better.
    """

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole feed, read: `digest` changes only when what the feed says has changed."""

    digest: str
    events: tuple[Event, ...]
    problems: tuple[Problem, ...]


class UnreadableCalendar(ValueError):
    """The bytes are not a calendar that may be read; `code` and `facts` say why."""

    def __init__(self, code: str, facts: Mapping[str, str | int] | None = None) -> None:
        """Keep the reason as data: the page writes the sentence."""
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, str | int] = facts or {}


class Session(NamedTuple):
    """A session as a reader hands it over, before names are dropped and a kind is given.

    `recurrence` tells apart the master of a series from a session that happens once, for the
    digest; `occurrence` tells apart the occurrences of one series.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool
    summary: str
    location: str
    description: str
    is_cancelled: bool = False
    occurrence: str = ""
    place: str = ""


class Sessions(NamedTuple):
    """What a reader found: the sessions, the rules of recurrence they come from, the problems."""

    sessions: list[Session]
    recurrences: list[str]
    problems: list[Problem]
