"""The notice of rights that a school must give a reservist student, in dated versions.

Duty: Code de la défense L4211-7 (information on the right of Code de l'éducation L611-9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Notice:
    """A version of the notice: its day (also its name), its language, and its text."""

    version: str
    language: str
    title: str
    paragraphs: tuple[str, ...]


def read(version: str, language: str, text: str) -> Notice:
    """Read a notice: the first block is its title, the others, between blank lines, its text."""
    title, *paragraphs = (" ".join(block.split()) for block in text.strip().split("\n\n"))
    return Notice(version, language, title, tuple(paragraphs))


def version_on(versions: Mapping[str, object], on: date) -> str:
    """Return the latest version of a day, or the first one for an earlier day."""
    earlier = [version for version in versions if date.fromisoformat(version) <= on]
    return max(earlier, default=min(versions))
