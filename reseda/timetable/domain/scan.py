"""The structure of any RFC 5545 file: which lines belong to which event, and what is damaged.

One pass, no recursion: neither deep nesting nor a missing END can make it slow or lose the rest.
"""

import re
from dataclasses import dataclass, field

from reseda.timetable.domain.events import Problem
from reseda.timetable.domain.text import line_numbers

MAX_PROBLEMS = 500

_NAME = re.compile(r"([A-Za-z0-9-]+)(?=[;:])")
_KEPT = frozenset(
    {
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "SUMMARY",
        "LOCATION",
        "DESCRIPTION",
        "STATUS",
        "CATEGORIES",
        "SEQUENCE",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
    }
)


@dataclass(slots=True)
class Block:
    """The lines of one component and the line of the file where it begins."""

    kind: str
    line: int
    lines: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    @property
    def place(self) -> str:
        """Where a person finds it in the file."""
        return f"line {self.line}"


class Scan:
    """What a file contains: its events, its time zones and the damage seen on the way."""

    def __init__(self, text: str, data: bytes) -> None:
        """Walk over the unfolded `text`; `data` are the bytes as received, for line numbers."""
        self.events: list[Block] = []
        self.timezones: list[Block] = []
        self.problems: list[Problem] = []
        self._current: Block | None = None
        self._nested: list[str] = []
        self._open_calendars = 0
        numbers = line_numbers(data)
        last = 1
        for number, line in zip(numbers, text.split("\n"), strict=False):
            if line.strip():
                last = number
                self._take(line, number)
        if self._current or self._open_calendars > 0:
            at = self._current.line if self._current else last
            self.report(Problem("truncated", {"last_line": last}, f"line {at}"))

    def report(self, problem: Problem) -> None:
        """Keep a problem, up to a number that a person could still read."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _take(self, line: str, number: int) -> None:
        head = line[:6].upper()
        if head == "BEGIN:":
            self._begin(line[6:].strip().upper(), number)
        elif head.startswith("END:"):
            self._end(line[4:].strip().upper())
        elif self._current:
            self._property(self._current, line, number)

    def _begin(self, name: str, number: int) -> None:
        if name in ("VEVENT", "VCALENDAR"):
            self._give_up_current()
        if name == "VCALENDAR":
            self._open_calendars += 1
        elif self._current is None:
            if name in ("VEVENT", "VTIMEZONE"):
                self._current = Block(name, number)
        else:
            self._nested.append(name)
            if self._current.kind == "VTIMEZONE":
                self._current.lines.append(f"BEGIN:{name}")

    def _give_up_current(self) -> None:
        if self._current and self._current.kind == "VEVENT":
            self.report(Problem("unclosed_event", {}, self._current.place))
        self._current = None
        self._nested.clear()

    def _end(self, name: str) -> None:
        current = self._current
        if name == "VCALENDAR":
            self._give_up_current()
            self._open_calendars -= 1
        elif current and name == current.kind:
            (self.events if name == "VEVENT" else self.timezones).append(current)
            self._current = None
            self._nested.clear()
        elif current and self._nested and self._nested[-1] == name:
            self._nested.pop()
            if current.kind == "VTIMEZONE":
                current.lines.append(f"END:{name}")

    def _property(self, current: Block, line: str, number: int) -> None:
        if current.kind == "VTIMEZONE":
            current.lines.append(line)
            return
        if self._nested:
            return
        match = _NAME.match(line)
        if match is None:
            self.report(Problem("unreadable_line", {"begins_with": line[:20]}, f"line {number}"))
            return
        name = match[1].upper()
        if name in _KEPT and line[match.end() :] != ":":
            current.names.add(name)
            current.lines.append(name + line[match.end() :])
