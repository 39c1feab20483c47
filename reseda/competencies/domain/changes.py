"""What a file tells of a framework, whatever its format, and what it would change of a draft."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

from reseda.competencies.domain.framework import (
    RELATED,
    About,
    Line,
    Link,
    Term,
    check,
)
from reseda.schools.domain.sheets import Fault

# What a line says besides who it is and where it was read.
SAID = tuple(one.name for one in fields(Line) if one.name not in {"identifier", "line"})


@dataclass(frozen=True)
class Told:
    """What a file says. `tells` names the fields of a line that its format can tell: the others
    keep what is known. Links, terms, notice are None where the format cannot tell them.

    `identifier` is the framework's own, "" where the format has none; `remarks` are faults that
    stop nothing (a rubric left out, a second parent kept as a link).
    """

    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] | None = None
    # The links told are those of `RELATED` between items alone: the others stay as they are known.
    is_inner: bool = False
    terms: tuple[Term, ...] | None = None
    about: About | None = None
    title: str = ""
    identifier: str = ""
    tells: frozenset[str] = frozenset(SAID)
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Known:
    """What a draft already says."""

    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] = ()
    terms: tuple[Term, ...] = ()
    about: About = field(default_factory=About)


@dataclass(frozen=True)
class Changes:
    """What a file would do to a draft, before and after; `lines` is all that the file says.

    `links`, `terms` and `about` are what is to be written in place of what is known, or None where
    nothing of them changes.
    """

    created: tuple[Line, ...] = ()
    updated: tuple[tuple[Line, Line], ...] = ()
    removed: tuple[Line, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()
    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] | None = None
    terms: tuple[Term, ...] | None = None
    about: About | None = None
    remarks: tuple[Fault, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the draft already says what the file says."""
        written = (self.links, self.terms, self.about)
        return not (self.created or self.updated or self.removed or self.faults) and all(
            one is None for one in written
        )


def compare(told: Told, known: Known) -> Changes:
    """Say what would change of `known`; an item is followed by its identifier, else by its code."""
    by_identifier = {line.identifier: line for line in known.lines if line.identifier}
    by_code = {line.code: line for line in by_identifier.values()}
    created, updated, lines, kept = [], [], [], set()
    unchanged = 0
    for line in told.lines:
        was = by_identifier.get(line.identifier) or by_code.get(line.code)
        if was is None or was.identifier in kept:
            created.append(line)
            lines.append(line)
            continue
        kept.add(was.identifier)
        now = _completed(line, was, told.tells)
        lines.append(now)
        if _said(now) == _said(was):
            unchanged += 1
        else:
            updated.append((was, now))
    faults = told.faults or check(lines)
    if faults:
        return Changes(faults=tuple(sorted(faults, key=lambda one: (one.line, one.column))))
    return Changes(
        tuple(created),
        tuple(updated),
        tuple(line for key, line in by_identifier.items() if key not in kept),
        unchanged,
        lines=tuple(lines),
        links=_links(told, lines, _renamed(known.links, updated)),
        terms=_terms(told.terms, known.terms),
        about=told.about if told.about not in (None, known.about) else None,
        remarks=told.remarks,
    )


def _completed(line: Line, was: Line, tells: frozenset[str]) -> Line:
    """Take from what is known all that the format of the file cannot tell."""
    untold = {name: getattr(was, name) for name in SAID if name not in tells}
    return replace(line, identifier=was.identifier, **untold)


def _said(line: Line) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in SAID)


def _renamed(links: Iterable[Link], updated: Iterable[tuple[Line, Line]]) -> tuple[Link, ...]:
    """Say known links with the codes that their items will have."""
    codes = {was.code: now.code for was, now in updated}
    return tuple(
        replace(
            link,
            origin=codes.get(link.origin, link.origin),
            destination=codes.get(link.destination, link.destination),
        )
        for link in links
    )


def _links(told: Told, lines: Sequence[Line], known: Sequence[Link]) -> tuple[Link, ...] | None:
    """Give told links the identifiers that are known; None where they say what is known."""
    if told.links is None:
        return None
    codes = {line.code for line in lines}
    kept = [link for link in known if not _is_inner(link)] if told.is_inner else []
    by_ends = {link.ends: link for link in known}
    named = [
        replace(
            link,
            identifier=link.identifier or was.identifier,
            rank=was.rank if told.is_inner else link.rank,
            extra=was.extra if told.is_inner else link.extra,
        )
        if (was := by_ends.get(link.ends))
        else link
        for link in told.links
    ]
    standing = [link for link in kept if {link.origin, link.destination} <= codes | {""}]
    written = (*standing, *named)
    return None if _sorted(written) == _sorted(known) else written


def _is_inner(link: Link) -> bool:
    return link.kind == RELATED and bool(link.origin and link.destination)


def _sorted(links: Iterable[Link]) -> list[tuple[object, ...]]:
    return sorted(
        (link.identifier, *link.ends, link.rank or 0, sorted(link.extra.items()).__repr__())
        for link in links
    )


def _terms(told: Sequence[Term] | None, known: Sequence[Term]) -> tuple[Term, ...] | None:
    if told is None:
        return None
    ordered = [sorted(terms, key=lambda term: term.identifier) for terms in (told, known)]
    return None if ordered[0] == ordered[1] else tuple(told)
