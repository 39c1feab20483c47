"""Qualifications: what an offered period requires or grants, and what a reservist already holds."""

import re
from collections.abc import Iterable

INITIAL, SPECIALISED = "FORMATION INITIALE", "SPÉCIALITÉ"
# What the declared training says of them; the rest is declared code by code.
OF_TRAINING: dict[str, tuple[str, ...]] = {
    "not_started": (),
    "initial_in_progress": (),
    "initial_done": (INITIAL,),
    "specialised": (INITIAL, SPECIALISED),
}
LONGEST = 40


def read(text: str) -> tuple[str, ...]:
    """Read qualifications written one after the other, separated by commas, semicolons or lines.

    Codes are in capitals with single spaces, each once, in their order; raises ValueError with the
    first one that is longer than 40 characters.
    """
    codes = (" ".join(part.split()).upper() for part in re.split(r"[,;\n]", text))
    found = tuple(dict.fromkeys(code for code in codes if code))
    for code in found:
        if len(code) > LONGEST:
            raise ValueError(code)
    return found


def held(training: str, declared: Iterable[str]) -> tuple[str, ...]:
    """Return what a reservist holds: what the training done gives, and what was declared."""
    return tuple(dict.fromkeys((*OF_TRAINING[training], *declared)))
