"""A school's own rules: what its titles, codes, groups or rooms mean, said in plain words.

A rule is a few words, perhaps with `*`, and where they are looked for; it is no regular expression,
so that no rule a person can write is slow. The school's rules are tried in order, before those of
`typing_rules`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from reseda.timetable.domain import typing_rules
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.shapes import Shape, is_code
from reseda.timetable.domain.typing_rules import KINDS, Typed

TARGETS = ("title", "module", "group", "location")
MATCHES = ("contains", "word", "starts", "is")
MAX_PATTERN = 120
# « commence par R » would be half of a school: below this a rule must name a whole word.
MIN_LETTERS = 2

_NEVER_TAUGHT = ("admin", "other", "holiday")
_ANY = "*"


@dataclass(frozen=True, slots=True)
class SchoolRule:
    """What a school says of the sessions whose `target` contains, starts with or is `pattern`.

    Capitals, accents and separators do not count; `*` stands for any letters of one word. Raises
    ValueError, with a code as its text, for a rule that cannot be read.
    """

    code: str
    target: str
    match: str
    pattern: str
    kind: str
    words: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be a rule, and prepare the words looked for."""
        if self.target not in TARGETS or self.match not in MATCHES or self.kind not in KINDS:
            raise ValueError("unknown_choice")
        if len(self.pattern) > MAX_PATTERN:
            raise ValueError("too_long")
        words = typing_rules.pattern_words(self.pattern)
        letters = sum(len(word.replace(_ANY, "")) for word in words)
        if not letters or (letters < MIN_LETTERS and self.match in ("contains", "starts")):
            raise ValueError("too_short")
        if self.match == "contains":
            words[0] = _ANY + words[0]
        if self.match in ("contains", "starts"):
            words[-1] += _ANY
        object.__setattr__(self, "words", tuple(words))

    def fits(self, text: str) -> bool:
        """Tell whether a text is one that the rule speaks of; time grows as the text, no faster."""
        found = typing_rules.words(text).split()
        last = len(found) - len(self.words)
        if self.match in ("starts", "is"):
            last = min(last, 0)
        if self.match == "is" and len(found) != len(self.words):
            return False
        return any(
            all(map(_is_like, self.words, found[start : start + len(self.words)]))
            for start in range(last + 1)
        )


class Facets(NamedTuple):
    """What there is to read of a session in order to type it.

    `form` and `memo` are the fields of a feed that has them (`is_structured`).
    """

    title: str
    module: str = ""
    group: str = ""
    location: str = ""
    form: str = ""
    memo: str = ""
    is_structured: bool = False


def facets(shape: Shape, location: str) -> Facets:
    """What there is to read of a session that was just found in a feed."""
    return Facets(
        shape.title,
        shape.module,
        shape.group,
        location,
        shape.form,
        shape.memo,
        shape.is_structured,
    )


def facets_of(title: str, module: str = "", group: str = "", location: str = "") -> Facets:
    """What there is to read of a session kept since its feed was read.

    The title of a structured session is « subject - form - memo », its module is the subject.
    """
    plain = Facets(title, module, group, location)
    if not module or is_code(module) or not title.startswith(module):
        return plain
    form, _, memo = title[len(module) :].removeprefix(" - ").partition(" - ")
    return plain._replace(form=form, memo=memo, is_structured=True)


def kind_of(of: Facets, rules: Sequence[SchoolRule] = ()) -> Typed:
    """Type a session: the school's rules first, then the French ones; `unknown` when none fits."""
    own = first_fit(of, rules)
    if own is not None:
        return own
    if of.is_structured:
        return typing_rules.kind_of_structured(of.form, of.module, of.memo)
    typed = typing_rules.kind_of(of.title)
    if of.module and typed.kind in _NEVER_TAUGHT:
        # « R301 Conseil » is a course: the code of a teaching unit weighs more than the word.
        return typing_rules.UNKNOWN
    return typed


def first_fit(of: Facets, rules: Sequence[SchoolRule]) -> Typed | None:
    """Give what the first of a school's rules says of a session; None where none speaks of it."""
    for rule in rules:
        if rule.fits(getattr(of, rule.target)):
            return Typed(rule.kind, rule.code, rule.kind != typing_rules.UNKNOWN.kind)
    return None


def retyped(events: Iterable[Event], rules: Sequence[SchoolRule]) -> tuple[Event, ...]:
    """Type events already read by a school's rules, where one of them speaks of the event."""
    known: dict[Facets, Typed | None] = {}
    found = []
    for event in events:
        of = facets_of(event.title, event.module, event.group, event.location)
        if of not in known:
            known[of] = first_fit(of, rules)
        own = known[of]
        if own is not None:
            event = event._replace(kind=own.kind, is_sure=own.is_sure, rule=own.rule)  # noqa: PLW2901 - the event as the school types it
        found.append(event)
    return tuple(found)


def needs_location(rules: Iterable[SchoolRule]) -> bool:
    """Tell whether two sessions of the same text may be typed differently by their room."""
    return any(rule.target == "location" for rule in rules)


@lru_cache(maxsize=8192)
def _is_like(pattern: str, word: str) -> bool:
    """Tell whether a word is the pattern, `*` standing for any letters: pieces found in order."""
    head, *others = pattern.split(_ANY)
    if not others:
        return word == pattern
    *middle, tail = others
    if not word.startswith(head) or not word.endswith(tail) or len(word) < len(head) + len(tail):
        return False
    at, end = len(head), len(word) - len(tail)
    for piece in middle:
        at = word.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
