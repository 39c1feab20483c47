"""The short codes of items: the next free one, and those of a copy."""

import re
from collections.abc import Collection, Sequence

from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.framework import MAX_CODE

# What a code starts with, by kind, where no sibling shows the way.
STEMS = {
    rules.GROUP: "G",
    rules.BLOCK: "B",
    rules.UNIT: "UE",
    rules.COMPETENCY: "C",
    rules.COMPONENT: "CE",
    rules.FAMILY: "S",
    rules.LEVEL: "N",
    rules.LEARNING: "A",
    rules.INDICATOR: "I",
    rules.RESOURCE: "R",
}
NUMBERED = re.compile(r"(.*?)(\d+)")


def suggested(kind: str, parent: str, siblings: Sequence[str], taken: Collection[str]) -> str:
    """Return a free code for a new item: the one after its last sibling’s, else one of its kind.

    `siblings` are the codes of those of the same kind under the same parent, in order; the code of
    an inner item starts with its parent’s.
    """
    for code in reversed(siblings):
        if NUMBERED.fullmatch(code):
            return following(code, taken)
    is_inner = parent and kind not in {rules.COMPETENCY, rules.UNIT, rules.BLOCK, rules.GROUP}
    stem = f"{parent}-{STEMS[kind]}" if is_inner else STEMS[kind]
    return following(f"{stem}0", taken)


def following(code: str, taken: Collection[str]) -> str:
    """Return the next free code after one: C3 after C2, C-2 after C."""
    found = NUMBERED.fullmatch(code)
    stem, number = (found[1], int(found[2])) if found else (f"{code}-", 1)
    while True:
        number += 1
        room = MAX_CODE - len(str(number))
        if (fresh := f"{stem[:room]}{number}") not in taken:
            return fresh


def copied(branch: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """Return the codes of a copy of a branch, its root first: what starts as the root follows it.

    C2 copied as C7 makes C7-N1 of C2-N1.
    """
    known = set(taken)
    root, fresh = branch[0], following(branch[0], taken)
    found = {root: fresh}
    for code in branch[1:]:
        follows = code.startswith(root) and len(fresh) + len(code) - len(root) <= MAX_CODE
        wanted = fresh + code[len(root) :] if follows else code
        known |= set(found.values())
        found[code] = following(wanted, known) if wanted in known else wanted
    return found
