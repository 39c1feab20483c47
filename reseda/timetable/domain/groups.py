"""The sub-groups of a promotion's feed: which there are, and the sessions of one student's groups.

A feed is often that of a whole promotion, whose sub-groups run in parallel: without this filter a
student would be in two rooms at once all year.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.events import Event
from reseda.timetable.domain.text import one_line

PROMOTION = "promotion"
SUBGROUP = "subgroup"

_MARK = re.compile(r"\b(TP|TD|CM|GR|G|GROUPE|GRP)[ _-]?\d+[A-Z]?\b", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:promo|promotion|tous|toutes)\b", re.IGNORECASE)
# Sessions of two groups that one student belongs to may still overlap a few times, by mistake.
_MIN_PARALLEL = 3


@dataclass(frozen=True, slots=True)
class GroupCount:
    """One group of a feed: its code, its number of sessions, its level, and its larger groups.

    `within` are the larger groups its members also belong to, learned from the names and from what
    never runs in parallel: « INF1 TP3 S1 » is within « INF1 TD2 S1 ». It is empty where the feed
    does not tell.
    """

    code: str
    count: int
    level: str
    within: tuple[str, ...]


def groups(events: Iterable[Event]) -> tuple[GroupCount, ...]:
    """List the groups of a feed, the largest level first, then by code."""
    events = tuple(events)
    counts = Counter(code for event in events for code in event.groups)
    codes = sorted(counts)
    whole = _whole_promotions(events, codes)
    clashes = _clashes(events, {code: i for i, code in enumerate(codes)})
    parents = {code: _larger(code, codes, clashes) for code in codes if code not in whole}
    _borrow(parents)
    found = []
    for code in codes:
        level = PROMOTION if code in whole else SUBGROUP
        parent = parents.get(code, "")
        found.append(GroupCount(code, counts[code], level, (parent,) if parent else ()))
    return tuple(sorted(found, key=lambda group: (group.level, group.code)))


def for_groups(events: Iterable[Event], chosen: Collection[str]) -> tuple[Event, ...]:
    """Keep the sessions of the chosen groups, of a whole promotion, or without any group.

    Nothing chosen keeps everything: forgetting to choose must never free somebody's year.
    """
    events = tuple(events)
    if not chosen:
        return events
    kept = set(chosen) | _whole_promotions(events, {c for e in events for c in e.groups})
    return tuple(event for event in events if not event.groups or not kept.isdisjoint(event.groups))


def with_larger_groups(found: Iterable[GroupCount], chosen: Iterable[str]) -> tuple[str, ...]:
    """Complete a choice of groups with the larger groups their members belong to."""
    within = {group.code: group.within for group in found}
    chosen = tuple(chosen)
    larger = (code for choice in chosen for code in within.get(choice, ()))
    return tuple(dict.fromkeys((*chosen, *larger)))


def _whole_promotions(events: Sequence[Event], codes: Collection[str]) -> set[str]:
    """A promotion: called so, or named at the beginning of the name of a sub-group."""
    named = {code for code in codes if _WHOLE.search(code)}
    structured = {c for e in events if e.is_for_whole_promotion for c in e.groups}
    listed = {c for e in events if not e.is_for_whole_promotion for c in e.groups}
    parents = {
        code
        for code in codes
        if not _MARK.search(code) and any(other.startswith(f"{code} ") for other in codes)
    }
    return named | (structured - listed) | parents


def _larger(code: str, codes: Sequence[str], clashes: NDArray[np.int64]) -> str:
    """Find the next larger group a sub-group belongs to: the one it never runs in parallel with."""
    rank, family = _place(code)
    larger = [c for c in codes if _place(c) == (rank - 1, family)] if rank > 1 else []
    if not larger:
        return ""
    own = codes.index(code)
    by_clashes = sorted((int(clashes[own, codes.index(other)]), other) for other in larger)
    if len(by_clashes) == 1:
        return by_clashes[0][1]
    (least, found), (next_least, _) = by_clashes[:2]
    return found if next_least > 2 * least + _MIN_PARALLEL else ""


def _borrow(parents: dict[str, str]) -> None:
    """Complete what a feed leaves open from the same numbers of another semester."""
    learned = {_mark(code): _mark(parent) for code, parent in parents.items() if parent}
    for code in [code for code, parent in parents.items() if not parent]:
        rank, family = _place(code)
        for other in parents if _mark(code) in learned else ():
            if _place(other) == (rank - 1, family) and _mark(other) == learned[_mark(code)]:
                parents[code] = other


def _mark(code: str) -> str:
    return " ".join(mark[0].upper() for mark in _MARK.finditer(code))


def _place(code: str) -> tuple[int, str]:
    """How small a group is (2: TP, 1: TD or numbered, 0: unmarked), and the family it is of."""
    marks = list(_MARK.finditer(code))
    if not marks:
        return 0, one_line(_WHOLE.sub("", code))
    rank = 2 if any(mark[1].upper() == "TP" for mark in marks) else 1
    return rank, one_line(_MARK.sub("", code))


def _clashes(events: Sequence[Event], index: dict[str, int]) -> NDArray[np.int64]:
    """Count, for each pair of groups, the sessions of the two that overlap and are not shared."""
    clashes = np.zeros((len(index), len(index)), dtype=np.int64)
    timed = sorted((e for e in events if e.groups and not e.is_all_day), key=_start)
    running: list[Event] = []
    for event in timed:
        running = [other for other in running if other.ends_at > event.starts_at]
        for other in running:
            own, theirs = set(event.groups), set(other.groups)
            if own.isdisjoint(theirs):
                for a in own:
                    for b in theirs:
                        clashes[index[a], index[b]] += 1
                        clashes[index[b], index[a]] += 1
        running.append(event)
    return clashes


def _start(event: Event) -> float:
    return event.starts_at.timestamp()
