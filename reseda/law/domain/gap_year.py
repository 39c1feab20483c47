"""Whether a césure may be granted: Code de l’éducation, D611-13 to D611-20."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reseda.law.domain.values import Book, Value, value

FaultCode = Literal[
    "too_short", "too_long", "already_taken", "last_semester", "imposed", "stands_for_compulsory"
]


@dataclass(frozen=True)
class GapYear:
    """A césure as it is asked for: how many semesters it lasts, and which semester of the
    programme, numbered from 1, follows it. `taken_in_cycle` counts those already taken in the
    cycle.
    """

    semesters: int
    next_semester: int
    programme_semesters: int
    taken_in_cycle: int = 0
    is_asked_by_student: bool = True
    stands_for_compulsory: bool = False


@dataclass(frozen=True)
class Fault:
    """Why a césure may not be granted, and the legal value that says so."""

    code: FaultCode
    because: Value


def faults(book: Book, asked: GapYear, on: date) -> tuple[Fault, ...]:
    """Return why a césure may not be granted on a day, nothing when it may."""

    def legal(code: str) -> Value:
        return value(book, f"gap_year.{code}", on)

    shortest, longest = legal("semesters.min"), legal("semesters.max")
    per_cycle = legal("per_cycle.max")
    # A semester of the programme must still follow it, be it the last.
    is_too_late = asked.next_semester > asked.programme_semesters
    checks: tuple[tuple[bool, FaultCode, Value], ...] = (
        (asked.semesters < shortest.value, "too_short", shortest),
        (asked.semesters > longest.value, "too_long", longest),
        (asked.taken_in_cycle >= per_cycle.value, "already_taken", per_cycle),
        (is_too_late, "last_semester", legal("is_before_last_semester")),
        (not asked.is_asked_by_student, "imposed", legal("is_compulsory_allowed")),
        (asked.stands_for_compulsory, "stands_for_compulsory", legal("is_substitute_allowed")),
    )
    return tuple(Fault(code, because) for is_wrong, code, because in checks if is_wrong)
