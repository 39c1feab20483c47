"""The text layer of RFC 5545: bytes to unfolded lines, values to plain text."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

from reseda.timetable.domain.events import Problem, UnreadableCalendar

V = TypeVar("V")

MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 1_000_000
MAX_EVENTS = 20_000
MAX_UID = 200
MAX_SUMMARY = 1_000
MAX_LOCATION = 500
MAX_DESCRIPTION = 20_000

_UID_HEAD = 160
_ESCAPED = re.compile(r"\\([\\;,nN])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# The line by which ADE says when the export or the change was made; it moves at every download.
_EXPORT_WORDS = r"\((?:Export[ée]+e? le|Exported|Updated|Modifi[ée]+e? le|Mis à jour le)\s{0,4}:"
_EXPORT = re.compile(_EXPORT_WORDS + r"[^)\n]{0,60}\)", re.IGNORECASE)
_ESCAPED_EXPORT = re.compile(_EXPORT_WORDS + r"[^)\\]{0,60}\)", re.IGNORECASE)
# PRONOTE writes the moment of the export inside the UID.
_UID_STAMP = re.compile(r"-\d{8}T\d{6}Z(?=-)")


class Known(dict[str, V], Generic[V]):
    """What was already worked out of a text: a feed says the same things hundreds of times."""

    def __init__(self, work_out: Callable[[str], V]) -> None:
        """Keep the function whose answers are kept."""
        super().__init__()
        self.work_out = work_out

    def __missing__(self, text: str) -> V:
        """Work out the answer for a text met for the first time."""
        answer = self[text] = self.work_out(text)
        return answer


def decode(data: bytes) -> tuple[str, list[Problem]]:
    """Turn the bytes of a feed into unfolded text whose lines end with one newline.

    Raises UnreadableCalendar: `too_large`, `empty_file`, `binary`, `web_page`, `not_a_calendar`,
    `too_many_lines`, `too_many_events`.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableCalendar("too_large", {"bytes": len(data), "limit": MAX_BYTES})
    if not data.strip():
        raise UnreadableCalendar("empty_file")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = _from_utf16(data)
    if b"\x00" in data:
        raise UnreadableCalendar("binary", {"byte": data.index(b"\x00")})
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if lines > MAX_LINES:
        raise UnreadableCalendar("too_many_lines", {"lines": lines, "limit": MAX_LINES})
    text, problems = _to_text(newlines(data))
    _check_calendar(text)
    return text, problems


def line_numbers(data: bytes) -> list[int]:
    """Give, for every unfolded line, the number of the line of the file where it begins."""
    lines = newlines(data).split(b"\n")
    return [i for i, line in enumerate(lines, 1) if i == 1 or line[:1] not in (b" ", b"\t")]


def newlines(data: bytes) -> bytes:
    """Separate lines by a single newline."""
    return b"\n".join(data.splitlines()) if b"\r" in data else data


def plain(value: str, limit: int) -> str:
    r"""Undo the escapes of RFC 5545 (3.3.11), drop control characters, cut at `limit`."""
    if len(value) > 2 * limit:
        value = value[: 2 * limit]
    if "\\\\" in value:
        value = _ESCAPED.sub(_unescape, value)
    elif "\\" in value:
        # Without an escaped backslash the order does not matter, and this is five times faster.
        value = value.replace("\\n", "\n").replace("\\N", "\n")
        value = value.replace("\\,", ",").replace("\\;", ";")
    return tidy(value, limit)


def tidy(value: str, limit: int) -> str:
    """Drop control characters and surrounding blanks, cut at `limit`."""
    if not value.isprintable():
        value = _CONTROL.sub("", value)
    return value.strip()[:limit]


def body(description: str) -> str:
    """Keep what a description says: no control character, no export moment, no blank line."""
    return without_export_line(tidy(description, MAX_DESCRIPTION))


def without_export_line(description: str) -> str:
    """Remove what changes at every export, and blank lines."""
    if "(" in description:
        description = _EXPORT.sub("", description)
    return "\n".join(filter(None, map(str.strip, description.split("\n"))))


def without_escaped_export(value: str) -> str:
    """Remove what changes at every export from a description whose escapes are still there."""
    return _ESCAPED_EXPORT.sub("", value) if "(" in value else value


def stable_uid(uid: str) -> str:
    """Remove the moment of the export from a UID that contains one; shorten an endless UID."""
    uid = _UID_STAMP.sub("", uid.strip()) if "T" in uid else uid.strip()
    if len(uid) <= MAX_UID:
        return uid
    return f"{uid[:_UID_HEAD]}~{hashlib.sha256(uid.encode(errors='replace')).hexdigest()[:16]}"


@lru_cache(maxsize=4096)
def one_line(value: str) -> str:
    """Collapse every run of blanks into one space."""
    return " ".join(value.split())


def _unescape(match: re.Match[str]) -> str:
    character = match[1]
    return "\n" if character in "nN" else character


def _from_utf16(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeError as error:
        raise UnreadableCalendar("binary", {"byte": 0}) from error


def _to_text(data: bytes) -> tuple[str, list[Problem]]:
    # Unfolded before decoding: a fold may cut a UTF-8 character in two.
    # Cut and joined, which is twice as fast as replaced.
    unfolded = b"".join(data.split(b"\n "))
    if b"\t" in unfolded:
        unfolded = unfolded.replace(b"\n\t", b"")
    try:
        return unfolded.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        number = line_numbers(data)[unfolded.count(b"\n", 0, error.start)]
        text = unfolded.decode("cp1252", errors="replace")
        return text, [Problem("not_utf8", {"read_as": "windows-1252"}, f"line {number}")]


def _check_calendar(text: str) -> None:
    head = text[:512].lstrip().upper()
    if head.startswith(("<!DOCTYPE", "<HTML", "<?XML")):
        raise UnreadableCalendar("web_page")
    upper = text if "BEGIN:VCALENDAR" in text else text.upper()
    if "BEGIN:VCALENDAR" not in upper and "BEGIN:VEVENT" not in upper:
        raise UnreadableCalendar("not_a_calendar", {"begins_with": text[:40].strip()})
    count = upper.count("BEGIN:VEVENT")
    if count > MAX_EVENTS:
        raise UnreadableCalendar("too_many_events", {"events": count, "limit": MAX_EVENTS})
