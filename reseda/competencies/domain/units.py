"""The credits of teaching units (ECTS): their sum, and where a unit and its parts disagree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reseda.competencies.domain.framework import UNIT, Line


@dataclass(frozen=True)
class Disagreement:
    """A teaching unit whose credits are not the sum of those of the units that it holds."""

    code: str
    credits: Decimal
    parts: Decimal


@dataclass(frozen=True)
class Credits:
    """The credits of a version; a unit that says its own counts for the units under it."""

    total: Decimal
    without: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]


def sum_of(lines: Sequence[Line]) -> Credits:
    """Add the credits of the teaching units of a version, parents before children."""
    below: dict[str, list[Line]] = {}
    units = {line.code: line for line in lines if line.kind == UNIT}
    for line in units.values():
        below.setdefault(line.parent if line.parent in units else "", []).append(line)

    def amount(line: Line) -> Decimal:
        inner = sum((amount(one) for one in below.get(line.code, ())), Decimal())
        return inner if line.credits is None else line.credits

    def silent(line: Line, *, is_counted: bool) -> Iterator[str]:
        parts = below.get(line.code, ())
        if line.credits is None and not parts and not is_counted:
            yield line.code
        for one in parts:
            yield from silent(one, is_counted=is_counted or line.credits is not None)

    tops = below.get("", [])
    return Credits(
        sum((amount(line) for line in tops), Decimal()),
        tuple(code for line in tops for code in silent(line, is_counted=False)),
        tuple(
            Disagreement(line.code, line.credits, parts)
            for line in units.values()
            if line.credits is not None
            and any(one.credits is not None for one in below.get(line.code, ()))
            and (parts := sum((amount(one) for one in below[line.code]), Decimal())) != line.credits
        ),
    )
