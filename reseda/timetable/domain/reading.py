"""Reading a school's timetable feed: from the bytes of any calendar to the sessions of a student.

Two readers stand behind `read`: a fast one for what ADE and HyperPlanning write, a general one for
the rest of RFC 5545. They give the same answer on the files both can read.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reseda.timetable.domain import shapes, typing_rules
from reseda.timetable.domain.events import Event, Problem, Reading, Session, Sessions
from reseda.timetable.domain.fast import day_start, read_fast
from reseda.timetable.domain.general import Window, read_general
from reseda.timetable.domain.text import decode, without_export_line

FIRST_DAY, LAST_DAY = date(1900, 1, 2), date(2200, 12, 30)

_NEVER_TAUGHT = ("admin", "other", "holiday")


def read(
    data: bytes,
    *,
    zone: str = "Europe/Paris",
    window: tuple[date, date] | None = None,
    extra_rules: Iterable[typing_rules.Rule] = (),
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
    bodies = {text: without_export_line(text) for text in {s.description for s in found.sessions}}
    digest = _digest(found, bodies)
    kept = [session for session in found.sessions if not _is_dropped(session, problems)]
    events = _events(_distinct(kept, problems), bodies, tuple(extra_rules))
    if not events:
        problems.append(Problem("empty_feed"))
    elif span:
        events = [e for e in events if _touches(e, span)]
        if not events:
            problems.append(Problem("nothing_in_window"))
    return Reading(digest, tuple(sorted(events, key=_order)), tuple(problems))


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


def _order(event: Event) -> tuple[datetime, datetime, str]:
    return event.starts_at, event.ends_at, event.uid


def _touches(event: Event, span: Window) -> bool:
    if event.starts_at == event.ends_at:
        return span.starts_at <= event.starts_at < span.ends_at
    return event.starts_at < span.ends_at and event.ends_at > span.starts_at


def _is_dropped(session: Session, problems: list[Problem]) -> bool:
    if session.is_cancelled:
        place = session.place or f"uid {session.uid}"
        problems.append(Problem("cancelled", {"uid": session.uid}, place))
    return session.is_cancelled


def _digest(found: Sessions, bodies: dict[str, str]) -> str:
    """Hash the canonical content: no export moment, no order, series by their rules."""
    rows = [
        "\x1f".join(
            (
                session.uid,
                str(session.starts_at.timestamp()),
                str(session.ends_at.timestamp()),
                session.summary,
                session.location,
                bodies[session.description],
                "cancelled" if session.is_cancelled else "",
            )
        )
        for session in found.sessions
        if not session.occurrence
    ]
    rows += found.recurrences
    rows.sort()
    return hashlib.sha256("\x1e".join(rows).encode(errors="replace")).hexdigest()


def _distinct(sessions: Sequence[Session], problems: list[Problem]) -> list[tuple[str, Session]]:
    """Give each session a UID of its own; the same session written twice is kept once."""
    counts = Counter(session.uid for session in sessions)
    if len(counts) == len(sessions):
        return [(session.uid, session) for session in sessions]
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


def _events(
    sessions: Sequence[tuple[str, Session]],
    bodies: dict[str, str],
    rules: tuple[typing_rules.Rule, ...],
) -> list[Event]:
    texts = set(bodies.values())
    names = shapes.name_words(name for text in texts for name in shapes.people(text))
    known: dict[tuple[str, str], tuple[shapes.Shape, typing_rules.Typed]] = {}
    events = []
    for uid, session in sessions:
        key = (session.summary, bodies[session.description])
        if key not in known:
            shape = shapes.shape_of(*key, names)
            known[key] = (shape, _typed(shape, rules))
        shape, typed = known[key]
        if not shape.is_cancelled:
            events.append(_event(uid, session, shape, typed))
    return events


def _typed(shape: shapes.Shape, rules: tuple[typing_rules.Rule, ...]) -> typing_rules.Typed:
    if shape.is_structured:
        return typing_rules.kind_of_structured(shape.form, shape.module, shape.memo, rules)
    typed = typing_rules.kind_of(shape.title, rules)
    if shape.module and typed.kind in _NEVER_TAUGHT and typed.rule not in {r.code for r in rules}:
        # « R301 Conseil » is a course: the code of a teaching unit weighs more than the word.
        return typing_rules.UNKNOWN
    return typed


def _event(uid: str, session: Session, shape: shapes.Shape, typed: typing_rules.Typed) -> Event:
    return Event(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        uid=uid,
        is_all_day=session.is_all_day,
        title=shape.title,
        location=session.location,
        group=shape.group,
        module=shape.module,
        kind=typed.kind,
        is_sure=typed.is_sure,
        rule=typed.rule,
        source_uid=session.uid,
        is_for_whole_promotion=shape.is_for_whole_promotion,
    )
