"""What a file tells of a framework, whatever its format, and what it would change of a draft."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace

from reseda.competencies.domain.framework import (
    RELATED,
    About,
    Line,
    Link,
    Term,
    check,
)
from reseda.schools.domain.sheets import Fault, flat

# What a version can say of itself.
NOTICED = tuple(one.name for one in fields(About))
# What a line says besides who it is and where it was read.
SAID = tuple(one.name for one in fields(Line) if one.name not in {"identifier", "line"})
WORDED = ("statement", "statement_en", "source")


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
    # Those links are told without a direction: a known link of the same two items stays as it is.
    is_undirected: bool = False
    # Its format folds white space: wordings that differ by it alone stay as they are known.
    is_flat: bool = False
    terms: tuple[Term, ...] | None = None
    about: About | None = None
    about_tells: frozenset[str] = frozenset(NOTICED)
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
        now = _completed(line, was, told)
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
        about=_about(told, known.about),
        remarks=told.remarks,
    )


def _completed(line: Line, was: Line, told: Told) -> Line:
    """Take from what is known all that the format of the file cannot tell."""
    untold = {name: getattr(was, name) for name in SAID if name not in told.tells}
    if told.is_flat:
        same = (name for name in WORDED if flat(getattr(was, name)) == getattr(line, name))
        untold |= {name: getattr(was, name) for name in same}
    return replace(line, identifier=was.identifier, **untold)


def _about(told: Told, known: About) -> About | None:
    """Complete a notice with what is known; None where it says nothing new."""
    if told.about is None:
        return None
    untold = {name: getattr(known, name) for name in NOTICED if name not in told.about_tells}
    if told.is_flat:
        texts = (name for name in NOTICED if isinstance(getattr(known, name), str))
        same = (name for name in texts if flat(getattr(known, name)) == getattr(told.about, name))
        untold |= {name: getattr(known, name) for name in same}
    about = replace(told.about, **untold)
    return about if about != known else None


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
    if told.is_inner:
        codes = {line.code for line in lines} | {""}
        others = (link for link in known if not _is_inner(link))
        standing = [link for link in others if {link.origin, link.destination} <= codes]
        written = (*standing, *_inner(told.links, known, is_undirected=told.is_undirected))
    else:
        by_ends = {link.ends: link.identifier for link in known}
        written = tuple(
            replace(link, identifier=link.identifier or by_ends.get(link.ends, ""))
            for link in told.links
        )
    return None if _sorted(written) == _sorted(known) else written


def _inner(told: Sequence[Link], known: Iterable[Link], *, is_undirected: bool) -> Iterator[Link]:
    """Keep the known links of items that are told, as they are; then give those that are new."""

    def ends(link: Link) -> object:
        both = (link.origin, link.destination)
        return frozenset(both) if is_undirected else both

    said = {ends(link) for link in told}
    stay = [link for link in known if _is_inner(link) and ends(link) in said]
    yield from stay
    seen = {ends(link) for link in stay}
    for link in told:
        if ends(link) not in seen:
            seen.add(ends(link))
            yield link


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
