"""What a recognition file supports under a regulation: a proposal, never a decision.

Sources: Code de l’éducation, L611-9 (what counts), D611-7 (on request, competencies expected by the
programme, one validation an activity), D611-8 (entry in the diploma supplement). The jury is
sovereign: it may follow the proposal or not, and says why.
"""

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

HALF = Decimal("0.5")
NOT_SHOWN = 0
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Activity:
    """One period of service; `days` as attested by the unit (halves allowed), None before that."""

    key: int
    days: Decimal | None = None
    is_used: bool = False


@dataclass(frozen=True)
class Piece:
    """One evidence: the activity it tells, and the competencies it bears on."""

    activity: int
    competencies: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rating:
    """The level one assessor reads in the evidence, by its rank from 1; 0 when none is shown."""

    competency: int
    rank: int
    assessor: int = 0


@dataclass(frozen=True)
class Claim:
    """All that a file holds; `expected` are the competencies of the programme’s framework."""

    activities: tuple[Activity, ...] = ()
    pieces: tuple[Piece, ...] = ()
    ratings: tuple[Rating, ...] = ()
    positions: frozenset[int] = frozenset()
    expected: frozenset[int] = frozenset()
    wished_form: str = ""


@dataclass(frozen=True)
class Rules:
    """The published regulation; without `days_per_ects` (attested days) the jury finds it."""

    forms: tuple[str, ...]
    max_ects: Decimal
    min_days: Decimal = NOTHING
    days_per_ects: Decimal | None = None


@dataclass(frozen=True)
class Reason:
    """Something that the file’s reader must know; blocking when it cannot be submitted so."""

    code: str
    facts: dict[str, str | int] = field(default_factory=dict)
    is_blocking: bool = False


@dataclass(frozen=True)
class Level:
    """The level that the assessments support: the lowest given, where they differ."""

    competency: int
    rank: int


@dataclass(frozen=True)
class Proposal:
    """What the rules suggest: `validate` if nothing is missing, else `examine`; never a refusal."""

    outcome: Literal["validate", "examine"]
    days: Decimal
    levels: tuple[Level, ...]
    form: str
    ects: Decimal | None
    missing: tuple[Reason, ...]
    remarks: tuple[Reason, ...]


def attested_days(claim: Claim) -> Decimal:
    """Return the days attested by units, activities already validated left out."""
    return sum(
        (each.days for each in claim.activities if each.days is not None and not each.is_used),
        NOTHING,
    )


def gaps(evidence: Claim, regulation: Rules) -> tuple[Reason, ...]:
    """Return what a file lacks before it can be examined, what blocks its submission first."""
    found = [
        *_of_activities(evidence),
        *_of_pieces(evidence),
        *_of_form(evidence, regulation),
        *_of_days(evidence, regulation),
    ]
    return tuple(sorted(found, key=lambda reason: not reason.is_blocking))


def propose(evidence: Claim, regulation: Rules) -> Proposal:
    """Return what evidence and assessments support under the regulation, and what is missing."""
    levels = tuple(_levels(evidence))
    days = attested_days(evidence)
    missing = [*gaps(evidence, regulation), *_of_ratings(evidence)]
    if not levels:
        missing.append(Reason("no_level_supported"))
    form, ects, remarks = _form(evidence, regulation, days)
    return Proposal(
        outcome="examine" if missing or not form else "validate",
        days=days,
        levels=levels,
        form=form,
        ects=ects,
        missing=tuple(missing),
        remarks=(*remarks, *_differences(evidence)),
    )


def _of_activities(claim: Claim) -> list[Reason]:
    if not claim.activities:
        return [Reason("no_activity", is_blocking=True)]
    told = {piece.activity for piece in claim.pieces}
    found = []
    for each in claim.activities:
        if each.is_used:
            found.append(Reason("activity_already_used", {"activity": each.key}, is_blocking=True))
        if each.key not in told:
            found.append(
                Reason("activity_without_evidence", {"activity": each.key}, is_blocking=True)
            )
        if each.days is None:
            found.append(Reason("activity_not_attested", {"activity": each.key}))
    return found


def _of_pieces(claim: Claim) -> list[Reason]:
    touched = frozenset().union(*(piece.competencies for piece in claim.pieces))
    found = [
        Reason("competency_not_expected", {"competency": key}, is_blocking=True)
        for key in sorted(touched - claim.expected)
    ]
    if claim.pieces and not touched & claim.expected:
        found.append(Reason("no_competency", is_blocking=True))
    found += [
        Reason("not_self_positioned", {"competency": key}, is_blocking=True)
        for key in sorted((touched & claim.expected) - claim.positions)
    ]
    found += [
        Reason("position_without_evidence", {"competency": key})
        for key in sorted(claim.positions - touched)
    ]
    return found


def _of_form(claim: Claim, rules: Rules) -> list[Reason]:
    if not claim.wished_form:
        return [Reason("no_wished_form", is_blocking=True)]
    if claim.wished_form not in rules.forms:
        return [Reason("form_not_allowed", {"form": claim.wished_form}, is_blocking=True)]
    return []


def _of_days(claim: Claim, rules: Rules) -> list[Reason]:
    days = attested_days(claim)
    if claim.activities and days < rules.min_days:
        facts: dict[str, str | int] = {"days": str(days), "minimum": str(rules.min_days)}
        return [Reason("days_below_minimum", facts)]
    return []


def _supported(claim: Claim) -> frozenset[int]:
    """Return the expected competencies that have evidence: the only ones to be recognised."""
    return frozenset().union(*(piece.competencies for piece in claim.pieces)) & claim.expected


def _ranks(claim: Claim) -> dict[int, list[int]]:
    given: dict[int, list[int]] = {}
    for rating in claim.ratings:
        given.setdefault(rating.competency, []).append(rating.rank)
    return given


def _levels(claim: Claim) -> list[Level]:
    ranks = _ranks(claim)
    return [
        Level(key, min(ranks[key]))
        for key in sorted(_supported(claim))
        if key in ranks and min(ranks[key]) > NOT_SHOWN
    ]


def _of_ratings(claim: Claim) -> list[Reason]:
    ranks = _ranks(claim)
    return [
        Reason("not_assessed", {"competency": key})
        for key in sorted(_supported(claim))
        if key not in ranks
    ]


def _differences(claim: Claim) -> list[Reason]:
    return [
        Reason("assessors_differ", {"competency": key, "lowest": min(got), "highest": max(got)})
        for key, got in sorted(_ranks(claim).items())
        if min(got) != max(got)
    ]


def _form(claim: Claim, rules: Rules, days: Decimal) -> tuple[str, Decimal | None, list[Reason]]:
    """Return the form to propose, the one wished where allowed, and the ECTS the days are worth."""
    if claim.wished_form not in rules.forms:
        return "", None, []
    if claim.wished_form != "ects" or rules.days_per_ects is None:
        return claim.wished_form, None, []
    worth = (days / rules.days_per_ects / HALF).to_integral_value(ROUND_FLOOR) * HALF
    facts: dict[str, str | int] = {"worth": str(worth), "maximum": str(rules.max_ects)}
    if worth <= 0:
        return "", None, [Reason("days_worth_no_ects", facts)]
    if worth > rules.max_ects:
        return "ects", rules.max_ects, [Reason("ects_capped", facts)]
    return "ects", worth, []
