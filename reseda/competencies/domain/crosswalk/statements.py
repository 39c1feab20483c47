"""The statements of a framework, as suggestions compare them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reseda.competencies.domain.framework import (
    COMPETENCY,
    COMPONENT,
    INDICATOR,
    LEARNING,
    LEVEL,
    Line,
)

# What makes a competency concrete: its text is its own statement, then all of these below it.
CONCRETE = frozenset({COMPONENT, LEARNING, INDICATOR})
# A level names a step, which says nothing of the action: only what stands under it is read.
STEPS = frozenset({LEVEL})
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Statement:
    """An item to compare: `label` is what people wrote of it, `text` what is read for it."""

    code: str
    label: str
    text: str


def statements(lines: Sequence[Line], kinds: Iterable[str] = (COMPETENCY,)) -> list[Statement]:
    """Return the items of some kinds in the order of the lines, each with its full text.

    A text joins the label with the components, learnings and indicators below (at most `MOST` of
    them); items without a code or a label are left out.
    """
    wanted = frozenset(kinds)
    children: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        children[line.parent].append(line)
    return [
        Statement(line.code, line.statement, " ; ".join(_told(line, children)))
        for line in lines
        if line.kind in wanted and line.code and line.statement.strip()
    ]


def compared(lines: Sequence[Line]) -> tuple[str, ...]:
    """The kinds that a file is compared by: competencies, else those of its leaves."""
    if any(line.kind == COMPETENCY for line in lines):
        return (COMPETENCY,)
    parents = {line.parent for line in lines}
    return tuple(sorted({line.kind for line in lines if line.code not in parents}))


def paired(
    learned: Iterable[tuple[str, str]], sources: Iterable[Statement], targets: Iterable[Statement]
) -> list[tuple[str, str]]:
    """Validated pairs, told by labels, as the texts that the engine compares."""
    left, right = _texts(sources), _texts(targets)
    return [(left.get(one, one), right.get(other, other)) for one, other in learned]


def _texts(found: Iterable[Statement]) -> Mapping[str, str]:
    """The text of each label; of two items with one label, the first."""
    return {one.label: one.text for one in reversed(list(found))}


def _told(line: Line, children: Mapping[str, Sequence[Line]]) -> Iterator[str]:
    """The label and what makes it concrete, in reading order; an item met twice is read once."""
    yield line.statement
    seen, waiting = {line.code}, list(reversed(children[line.code]))
    while waiting and len(seen) <= MOST:
        below = waiting.pop()
        if below.code in seen or below.kind not in CONCRETE | STEPS:
            continue
        seen.add(below.code)
        if below.kind in CONCRETE:
            yield below.statement
        waiting.extend(reversed(children[below.code]))
