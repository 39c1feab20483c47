"""Reading a school's timetable feed: from the bytes of any calendar to the sessions of a student.

Two readers stand behind `read`: a fast one for what ADE and HyperPlanning write, a general one for
the rest of RFC 5545. They give the same answer on the files both can read.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from reseda.timetable.domain import school_rules, shapes
from reseda.timetable.domain.events import Event, Problem, Reading, Session, Sessions
from reseda.timetable.domain.fast import day_start, read_fast
from reseda.timetable.domain.general import Window, read_general
from reseda.timetable.domain.school_rules import SchoolRule
from reseda.timetable.domain.text import Known, decode
from reseda.timetable.domain.typing_rules import Typed

FIRST_DAY, LAST_DAY = date(1900, 1, 2), date(2200, 12, 30)


def read(
    data: bytes,
    *,
    zone: str = "Europe/Paris",
    window: tuple[date, date] | None = None,
    extra_rules: Iterable[SchoolRule] = (),
) -> Reading:
    """Read a feed. `window`: first and last civil day wanted, both included.

    Times without a zone are those of `zone`. Without a window, series are expanded over the two
    years that follow their first occurrence. Raises UnreadableCalendar when the bytes are not a
    calendar or pass the limits; anything less is a Problem of the reading.
    """
    home = ZoneInfo(zone)
    span = _span(window, home)
    text, problems = decode(data)
    found = read_fast(text, home) or read_general(text, data, home, span)
    problems += found.problems
    kept = [session for session in found.sessions if not session.is_cancelled]
    if len(kept) < len(found.sessions):
        problems += [_cancelled(session) for session in found.sessions if session.is_cancelled]
    events = _events(_distinct(kept, problems), tuple(extra_rules))
    if not events:
        problems.append(Problem("empty_feed"))
    elif span:
        events = [e for e in events if _touches(e, span)]
        if not events:
            problems.append(Problem("nothing_in_window"))
    return Reading(_digest(found), tuple(sorted(events)), tuple(problems))


def sessions_by(reader: str, data: bytes, zone: str = "Europe/Paris") -> Sessions | None:
    """What one reader alone, "fast" or "general", makes of a feed: None where it gives it up."""
    text, _ = decode(data)
    home = ZoneInfo(zone)
    return read_fast(text, home) if reader == "fast" else read_general(text, data, home, None)


def _span(window: tuple[date, date] | None, zone: ZoneInfo) -> Window | None:
    if window is None:
        return None
    first, last = max(window[0], FIRST_DAY), min(window[1], LAST_DAY)
    return Window(day_start(first, zone), day_start(last + timedelta(days=1), zone))


def _touches(event: Event, span: Window) -> bool:
    if event.starts_at == event.ends_at:
        return span.starts_at <= event.starts_at < span.ends_at
    return event.starts_at < span.ends_at and event.ends_at > span.starts_at


def _cancelled(session: Session) -> Problem:
    return Problem("cancelled", {"uid": session.uid}, session.place or f"uid {session.uid}")


def _digest(found: Sessions) -> str:
    """Hash the canonical content: no export moment, no order, series by their rules."""
    rows = [
        f"{uid}\x1f{int(starts_at.timestamp())}\x1f{int(ends_at.timestamp())}\x1f{summary}\x1f{location}"
        f"\x1f{description}\x1f{'cancelled' if is_cancelled else ''}"
        for (
            uid,
            starts_at,
            ends_at,
            _,
            summary,
            location,
            description,
            is_cancelled,
            occurrence,
            _,
        ) in found.sessions
        if not occurrence
    ]
    rows += found.recurrences
    rows.sort()
    return hashlib.sha256("\x1e".join(rows).encode(errors="replace")).hexdigest()


def _distinct(sessions: Sequence[Session], problems: list[Problem]) -> list[tuple[str, Session]]:
    """Give each session a UID of its own; the same session written twice is kept once."""
    uids = [session.uid for session in sessions]
    if len(set(uids)) == len(uids):
        return list(zip(uids, sessions, strict=True))
    counts = Counter(uids)
    seen: set[tuple[object, ...]] = set()
    taken: Counter[str] = Counter()
    distinct = []
    for session in sorted(sessions, key=_content):
        content = _content(session)
        if content in seen:
            place = session.place or f"uid {session.uid}"
            problems.append(Problem("duplicate", {"uid": session.uid}, place))
            continue
        seen.add(content)
        distinct.append((_own_uid(session, counts, taken), session))
    return distinct


def _content(session: Session) -> tuple[datetime, datetime, str, str, str, str, str]:
    return (
        session.starts_at,
        session.ends_at,
        session.uid,
        session.summary,
        session.location,
        session.description,
        session.occurrence,
    )


def _own_uid(session: Session, counts: Counter[str], taken: Counter[str]) -> str:
    if counts[session.uid] == 1:
        return session.uid
    moment = session.starts_at
    if session.occurrence:
        moment = datetime.fromisoformat(session.occurrence)
    uid = f"{session.uid}#{_stamp(moment)}"
    taken[uid] += 1
    return uid if taken[uid] == 1 else f"{uid}-{taken[uid]}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _events(sessions: Sequence[tuple[str, Session]], rules: tuple[SchoolRule, ...]) -> list[Event]:
    notes = Known(shapes.note_of)
    for _, session in sessions:
        notes[session.description]
    names = shapes.name_words(chain.from_iterable(note.people for note in notes.values()))
    room_matters = school_rules.needs_location(rules)
    known: dict[tuple[str, str, str], tuple[shapes.Shape, Typed]] = {}
    events = []
    for uid, session in sessions:
        room = session.location if room_matters else ""
        key = (session.summary, session.description, room)
        found = known.get(key)
        if found is None:
            shape = shapes.shape_of(session.summary, notes[session.description], names)
            typed = school_rules.kind_of(school_rules.facets(shape, room), rules)
            found = known[key] = (shape, typed)
        shape, typed = found
        if not shape.is_cancelled:
            events.append(_event(uid, session, shape, typed))
    return events


def _event(uid: str, session: Session, shape: shapes.Shape, typed: Typed) -> Event:
    return Event(
        session.starts_at,
        session.ends_at,
        uid,
        session.is_all_day,
        shape.title,
        session.location,
        shape.group,
        shape.module,
        typed.kind,
        typed.is_sure,
        typed.rule,
        session.uid,
        shape.is_for_whole_promotion,
    )
