"""The reader for everything else RFC 5545 allows: recurrences, time zones, exceptions, damage.

icalendar reads each event alone, so that a broken one costs only itself, and recurring-ical-events
expands the series, within bounds.
"""

import hashlib
import re
import warnings
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from reseda.timetable.domain.events import Problem, Session, Sessions, UnreadableCalendar
from reseda.timetable.domain.fast import day_start, is_cancelled
from reseda.timetable.domain.recurrence import Budget, Rule, is_cut
from reseda.timetable.domain.scan import Block, Scan
from reseda.timetable.domain.text import (
    MAX_EVENTS,
    MAX_LOCATION,
    MAX_SUMMARY,
    body,
    stable_uid,
    tidy,
    without_export_line,
)
from reseda.timetable.domain.zones import Zones

TWO_YEARS = timedelta(days=731)
NO_UID = "no-uid-"

_SERIES = frozenset(("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"))
_DATED = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_HEADER = re.compile(r'((?:[^":]|"[^"]*")*):(.*)', re.DOTALL)
_TZID = re.compile(r';TZID=("[^"]*"|[^;:]*)', re.IGNORECASE)
_VALUE_DATE = re.compile(r";VALUE=DATE(?![-\w])", re.IGNORECASE)
_DAY = re.compile(r"\d{8}(?:,\d{8})*\Z")
_FIRST_YEAR = 1900
_LAST_YEAR = 2200
# What the two libraries raise on values nobody foresaw; each costs one event, never the feed.
_LIBRARY_ERRORS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    AssertionError,
)


class Window(NamedTuple):
    """The instants between which series are wanted."""

    starts_at: datetime
    ends_at: datetime


class _Broken(Exception):
    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.problem = (code, facts)


def read_general(text: str, data: bytes, zone: ZoneInfo, window: Window | None) -> Sessions:
    """Read any calendar; `data` are the bytes as received, so that problems name their line."""
    scan = Scan(text, data)
    reader = _Reader(scan, Zones(scan.timezones, zone), window)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader.read()
    return Sessions(reader.sessions, reader.recurrences, scan.problems)


class _Reader:
    def __init__(self, scan: Scan, zones: Zones, window: Window | None) -> None:
        self.scan = scan
        self.zones = zones
        self.zone = zones.default
        self.window = window
        self.budget = Budget()
        self.sessions: list[Session] = []
        self.recurrences: list[str] = []
        self.unknown_zones: set[str] = set()

    def read(self) -> None:
        """Read every event alone, then every series."""
        series: dict[str, list[tuple[Block, icalendar.Event]]] = {}
        for block in self.scan.events:
            event = self._parse(block)
            if event is None:
                continue
            if block.names & _SERIES:
                series.setdefault(_text(event, "UID"), []).append((block, event))
            else:
                self._keep(event, block)
        self._limit_dates(series)
        for uid, members in series.items():
            self._series(uid, members)

    def _parse(self, block: Block) -> icalendar.Event | None:
        lines = [self._dated(line, block) for line in block.lines]
        text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
        try:
            event = icalendar.Event.from_ical(text)
        except _LIBRARY_ERRORS:
            self._report("unreadable_event", block)
            return None
        if not isinstance(event, icalendar.Event):
            self._report("unreadable_event", block)
            return None
        for name, _ in event.errors:
            self._report("unreadable_value", block, property=str(name))
            event.pop(str(name), None)
        if not _text(event, "UID").strip():
            # Two series without a UID must not be taken for one.
            uid = (
                NO_UID + hashlib.sha256(_canonical(block).encode(errors="replace")).hexdigest()[:16]
            )
            event["UID"] = uid
            self._report("missing_uid", block, given=uid)
        return event

    def _report(self, code: str, block: Block, **facts: str | int) -> None:
        self.scan.report(Problem(code, facts, block.place))

    def _dated(self, line: str, block: Block) -> str:
        """Give a dated property a zone that can be computed: its own, or the timetable's."""
        if not line.startswith(_DATED):
            return line
        match = _HEADER.match(line)
        if match is None:
            return line
        header, value = match[1], match[2].strip()
        tzid = _TZID.search(header)
        bare = _TZID.sub("", header)
        if value.partition("/")[0].endswith("Z") or _VALUE_DATE.search(header) or _DAY.match(value):
            return f"{bare}:{value}"
        name = self.zones.resolve(tzid[1]) if tzid else self.zone.key
        if tzid and name is None and tzid[1] not in self.unknown_zones:
            self.unknown_zones.add(tzid[1])
            facts = {"zone": tzid[1].strip('"')[:80], "read_as": self.zone.key}
            self.scan.report(Problem("unknown_timezone", facts, block.place))
        return f"{bare};TZID={name or self.zone.key}:{value}"

    def _keep(self, event: icalendar.Event, block: Block, *, is_occurrence: bool = False) -> None:
        try:
            session = self._session(event, block, is_occurrence=is_occurrence)
        except _Broken as broken:
            code, facts = broken.problem
            self._report(code, block, **facts)
        else:
            self.sessions.append(session)
        if len(self.sessions) > MAX_EVENTS:
            raise UnreadableCalendar("too_many_events", {"limit": MAX_EVENTS})

    def _session(self, event: icalendar.Event, block: Block, *, is_occurrence: bool) -> Session:
        starts_at, ends_at, is_all_day = self._times(event)
        occurrence = ""
        if is_occurrence:
            occurrence = self._utc(_when(event, "RECURRENCE-ID") or starts_at).isoformat()
        return Session(
            stable_uid(_text(event, "UID")),
            starts_at,
            ends_at,
            is_all_day,
            tidy(_text(event, "SUMMARY"), MAX_SUMMARY),
            tidy(_text(event, "LOCATION"), MAX_LOCATION),
            body(_text(event, "DESCRIPTION")),
            is_cancelled(_text(event, "STATUS"), _categories(event)),
            occurrence,
            block.place,
        )

    def _times(self, event: icalendar.Event) -> tuple[datetime, datetime, bool]:
        start, end = _when(event, "DTSTART"), _when(event, "DTEND")
        if start is None:
            raise _Broken("missing_start")
        if not _FIRST_YEAR <= start.year <= _LAST_YEAR:
            raise _Broken("date_out_of_range", year=start.year)
        is_all_day = not isinstance(start, datetime)
        if end is None:
            end = _default_end(start, _duration(event))
        if isinstance(end, datetime) == is_all_day:
            # Midnight stands for the day that was written alone.
            start, end, is_all_day = self._utc(start), self._utc(end), False
        if is_all_day and end == start:
            end = start + timedelta(days=1)
        if not _FIRST_YEAR <= end.year <= _LAST_YEAR:
            raise _Broken("date_out_of_range", year=end.year)
        starts_at, ends_at = self._utc(start), self._utc(end)
        if ends_at < starts_at:
            raise _Broken("ends_before_start")
        return starts_at, ends_at, is_all_day

    def _utc(self, moment: date) -> datetime:
        if not isinstance(moment, datetime):
            return day_start(moment, self.zone)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return moment.astimezone(UTC)

    def _limit_dates(self, series: dict[str, list[tuple[Block, icalendar.Event]]]) -> None:
        listed = sum(
            line.count(",") + 1
            for members in series.values()
            for block, _ in members
            for line in block.lines
            if line.startswith(("RDATE", "EXDATE"))
        )
        if listed > MAX_EVENTS:
            raise UnreadableCalendar("too_many_events", {"events": listed, "limit": MAX_EVENTS})

    def _series(self, uid: str, members: list[tuple[Block, icalendar.Event]]) -> None:
        """Expand the events of one UID: a master, its exceptions, its moved occurrences."""
        sound = []
        for block, event in members:
            self.recurrences.append(_canonical(block))
            try:
                starts_at, _, _ = self._times(event)
            except _Broken as broken:
                code, facts = broken.problem
                self._report(code, block, **facts)
            else:
                sound.append((starts_at, block, event))
        if not sound:
            return
        first = min(starts_at for starts_at, _, _ in sound)
        window = self.window or Window(first - TWO_YEARS, first + TWO_YEARS)
        if any("RECURRENCE-ID" not in block.names for _, block, _ in sound):
            window = Window(window.starts_at, min(window.ends_at, self._horizon(first)))
        if all(self._may_expand(block, event, window, sound) for _, block, event in sound):
            self._expand(uid, [(block, event) for _, block, event in sound], window)
        else:
            for _, block, event in sound:
                self._keep(event, block, is_occurrence=True)

    def _horizon(self, first: datetime) -> datetime:
        return max(first, self.window.starts_at if self.window else first) + TWO_YEARS

    def _may_expand(
        self,
        block: Block,
        event: icalendar.Event,
        window: Window,
        group: list[tuple[datetime, Block, icalendar.Event]],
    ) -> bool:
        if "EXRULE" in block.names:
            self._report("exrule_ignored", block)
        starts_at, _, _ = self._times(event)
        for rule in _rules(event):
            code = self._refusal(rule, starts_at, window, is_moved=len(group) > 1)
            if code:
                self._report("recurrence_refused", block, reason=code, rule=_rule_text(block))
                return False
            if is_cut(rule, starts_at, window.ends_at):
                until = window.ends_at.astimezone(self.zone).date().isoformat()
                self._report("recurrence_cut", block, until=until)
        return True

    def _refusal(self, rule: Rule, starts_at: datetime, window: Window, *, is_moved: bool) -> str:
        frequency = str(next(iter(rule.get("FREQ", [""])), "")).upper()
        # A moved occurrence stretches the span that is searched, by any number of years.
        if is_moved and frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
            return "too_frequent"
        try:
            return self.budget.refusal(rule, starts_at, window.starts_at, window.ends_at)
        except UnreadableCalendar:
            raise
        except _LIBRARY_ERRORS:
            return "bad_rule"

    def _expand(
        self, uid: str, members: list[tuple[Block, icalendar.Event]], window: Window
    ) -> None:
        calendar = icalendar.Calendar()
        for _, event in members:
            calendar.add_component(event)
        block = members[0][0]
        try:
            query = recurring_ical_events.of(calendar)
            occurrences = query.between(window.starts_at, window.ends_at)
        except _LIBRARY_ERRORS:
            self._report("recurrence_refused", block, reason="bad_rule", rule=_rule_text(block))
            for each, event in members:
                self._keep(event, each, is_occurrence=True)
            return
        for occurrence in occurrences:
            self._keep(occurrence, block, is_occurrence=True)


def _text(event: icalendar.Event, name: str) -> str:
    value = event.get(name, "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value)


def _when(event: icalendar.Event, name: str) -> date | None:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    moment = getattr(value, "dt", None)
    return moment if isinstance(moment, date) else None


def _duration(event: icalendar.Event) -> timedelta | None:
    value = event.get("DURATION")
    if isinstance(value, list):
        value = value[0] if value else None
    length = getattr(value, "dt", None)
    return length if isinstance(length, timedelta) else None


def _default_end(start: date, length: timedelta | None) -> date:
    """RFC 5545, 3.6.1: a day without an end lasts one day, an instant without one lasts nothing."""
    is_instant = isinstance(start, datetime)
    if length is None:
        return start if is_instant else start + timedelta(days=1)
    try:
        if not isinstance(start, datetime):
            return start + timedelta(days=max(1, length.days))
        if start.tzinfo is None:
            return start + length
        # Whole days are civil days; hours are elapsed time, across a change of clock too.
        whole = start + timedelta(days=length.days)
        return (whole.astimezone(UTC) + timedelta(seconds=length.seconds)).astimezone(start.tzinfo)
    except OverflowError as error:
        raise _Broken("date_out_of_range") from error


def _categories(event: icalendar.Event) -> str:
    value = event.get("CATEGORIES")
    values = value if isinstance(value, list) else [value]
    return ",".join(str(cat) for each in values for cat in getattr(each, "cats", ()))


def _rules(event: icalendar.Event) -> list[Rule]:
    value = event.get("RRULE")
    values = value if isinstance(value, list) else [value]
    return [
        {str(name).upper(): _as_list(parts) for name, parts in each.items()}
        for each in values
        if isinstance(each, dict)
    ]


def _as_list(parts: object) -> list[object]:
    return list(parts) if isinstance(parts, list | tuple) else [parts]


def _rule_text(block: Block) -> str:
    return next((line[6:126] for line in block.lines if line.startswith("RRULE")), "")


def _canonical(block: Block) -> str:
    """What a series says, whatever the order of its lines or the moment of its export."""
    lines = []
    for line in block.lines:
        if line.startswith("DESCRIPTION"):
            lines.append(without_export_line(line.replace("\\n", "\n").replace("\\N", "\n")))
        elif line.startswith("UID"):
            lines.append(stable_uid(line))
        elif not line.startswith("SEQUENCE"):
            lines.append(line)
    return "\n".join(sorted(lines))
