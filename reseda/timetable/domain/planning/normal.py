"""A planning problem laid out once in arrays: offers by start, reservists by id, integers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.planning.instants import (
    EPOCH,
    ceil_second,
    first_and_last_day,
    floor_second,
    half_days,
)
from reseda.timetable.domain.planning.model import Offer, Pair, Policy, Problem, Reservist
from reseda.timetable.domain.planning.sheets import Sheets, read_sheets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NO_CEILING = 1 << 40
MAX_GAINED_QUALIFICATIONS = 62
# Half-days are integers inside; ceilings and counters may carry the dust of decimal fractions.
DUST = 1e-6


@dataclass(frozen=True)
class Offers:
    """The offers by start: instants, half-days, and what each requires and grants.

    `start` and `end` are seconds (start rounded down, end up); `follows[j]` is the first offer that
    may be granted after offer j, the rest days taken into account; `halves` are offer x civil year.
    `required` and `granted` are bits of the qualifications that an offer of the problem grants;
    `fixed` are the required ones that none grants.
    """

    items: tuple[Offer, ...]
    start: Ints
    end: Ints
    follows: Ints
    years: tuple[int, ...]
    halves: Ints
    days: tuple[tuple[int, int], ...]
    required: Ints
    granted: Ints
    bits: dict[str, int]
    fixed: tuple[frozenset[str], ...]
    capacity: Ints

    def __len__(self) -> int:
        return len(self.items)

    def at(self, kept: Ints) -> "Offers":
        """Keep some of the offers, in their order."""
        return replace(
            self,
            items=tuple(self.items[j] for j in kept),
            start=self.start[kept],
            end=self.end[kept],
            follows=np.searchsorted(kept, self.follows[kept]).astype(np.int64),
            halves=self.halves[kept],
            days=tuple(self.days[j] for j in kept),
            required=self.required[kept],
            granted=self.granted[kept],
            fixed=tuple(self.fixed[j] for j in kept),
            capacity=self.capacity[kept],
        )

    @cached_property
    def total(self) -> Ints:
        """Half-days of each offer, all years together."""
        return np.asarray(self.halves.sum(axis=1, dtype=np.int64))

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each offer stands, by its id."""
        return {offer.id: j for j, offer in enumerate(self.items)}


@dataclass(frozen=True)
class Layout:
    """A whole problem in arrays; the first axis is the reservist (by id), the second the offer.

    `weight` is what a grant adds whatever the others: wish, minutes lost, change cost. `budget` is
    the half-days left per civil year; `missing` the bits of the required qualifications not held;
    `lacks` the pairs that miss one which no offer grants. `base` is the value of changes counted
    when nothing is granted, for each reservist.
    """

    offers: Offers
    policy: Policy
    people: tuple[Reservist, ...]
    sheets: Sheets
    minutes: Ints
    clash: Flags
    travel: Flags
    covered: Flags
    lacks: Flags
    held: Ints
    missing: Ints
    budget: Ints
    target: Floats
    weight: Floats
    base: Floats
    published: Flags
    forced: Flags
    excluded: Flags

    def at(self, kept: Ints) -> "Layout":
        """Keep some of the offers, in their order."""
        return replace(
            self,
            offers=self.offers.at(kept),
            minutes=self.minutes[:, kept],
            clash=self.clash[:, kept],
            travel=self.travel[:, kept],
            covered=self.covered[:, kept],
            lacks=self.lacks[:, kept],
            missing=self.missing[:, kept],
            weight=self.weight[:, kept],
            published=self.published[:, kept],
            forced=self.forced[:, kept],
            excluded=self.excluded[:, kept],
        )

    @cached_property
    def over(self) -> Flags:
        """The pairs that alone pass a ceiling."""
        if not len(self.offers.years):
            return np.zeros(self.minutes.shape, dtype=np.bool_)
        halves = self.offers.halves[None, :, :]
        passes = (halves > 0) & (halves > self.budget[:, None, :])
        return np.asarray(passes.any(axis=2))

    @cached_property
    def allowed(self) -> Flags:
        """The pairs that nothing forbids taken alone, qualifications gained on the way apart."""
        forbidden = self.clash | self.travel | self.lacks | self.excluded | ~self.covered
        forbidden |= self.over | (self.minutes > self.policy.max_recoverable_minutes)
        return np.asarray(~forbidden & (self.forced | (self.offers.capacity > 0)))

    @cached_property
    def row(self) -> dict[str, int]:
        """Where each reservist stands, by id."""
        return {person.id: r for r, person in enumerate(self.people)}


def lay_out(problem: Problem) -> Layout:
    """Turn a problem into arrays; ids are expected to be unique.

    Raises ValueError when the offers grant and require over 62 different qualifications.
    """
    offers = _lay_out_offers(problem)
    people = tuple(sorted(problem.reservists, key=lambda person: person.id))
    sheets = read_sheets([person.busy for person in people], problem.policy)
    widened = problem.policy.travel_minutes
    clash, travel, minutes = sheets.meet(offers.start, offers.end, widened)
    held = np.array([_bits(person.holds, offers.bits) for person in people], dtype=np.int64)
    published = _pairs(problem.published, people, offers)
    weight = _wishes(people, offers) - problem.policy.minute_cost * minutes
    weight += np.where(published, problem.change_cost, -problem.change_cost)
    return Layout(
        offers=offers,
        policy=problem.policy,
        people=people,
        sheets=sheets,
        minutes=minutes,
        clash=clash,
        travel=travel & ~clash,
        covered=_covered(people, offers),
        lacks=_lacks(people, offers),
        held=held,
        missing=offers.required[None, :] & ~held[:, None],
        budget=_budgets(people, offers.years),
        target=np.array([person.target_days for person in people], dtype=np.float64),
        weight=weight,
        base=-problem.change_cost * published.sum(axis=1),
        published=published,
        forced=_pairs(problem.granted, people, offers),
        excluded=_pairs(problem.excluded, people, offers),
    )


def _halves_of(offer: Offer, zone: ZoneInfo) -> dict[int, int]:
    if offer.counted is None:
        return half_days(offer.start, offer.end, zone)
    return {year: round(2 * days) for year, days in offer.counted}


def _lay_out_offers(problem: Problem) -> Offers:
    items = tuple(sorted(problem.offers, key=lambda o: (o.start - EPOCH, o.end - EPOCH, o.id)))
    zone = ZoneInfo(problem.zone)
    by_year = [_halves_of(offer, zone) for offer in items]
    years = tuple(sorted({year for halves in by_year for year in halves}))
    halves = np.zeros((len(items), len(years)), dtype=np.int64)
    for j, counts in enumerate(by_year):
        halves[j] = [counts.get(year, 0) for year in years]
    gained = {name for offer in items for name in offer.grants}
    useful = sorted(gained & {name for offer in items for name in offer.requires})
    if len(useful) > MAX_GAINED_QUALIFICATIONS:
        raise ValueError(f"over {MAX_GAINED_QUALIFICATIONS} qualifications granted and required")
    bits = {name: 1 << i for i, name in enumerate(useful)}
    return Offers(
        items=items,
        start=np.array([floor_second(offer.start) for offer in items], dtype=np.int64),
        end=np.array([ceil_second(offer.end) for offer in items], dtype=np.int64),
        follows=_follows(items, problem.policy.rest_days),
        years=years,
        halves=halves,
        days=tuple(_civil_days(offer, zone) for offer in items),
        required=np.array([_bits(offer.requires, bits) for offer in items], dtype=np.int64),
        granted=np.array([_bits(offer.grants, bits) for offer in items], dtype=np.int64),
        bits=bits,
        fixed=tuple(frozenset(offer.requires) - bits.keys() for offer in items),
        capacity=np.array([offer.capacity for offer in items], dtype=np.int64),
    )


def _follows(items: Sequence[Offer], rest_days: float) -> Ints:
    starts = np.array([(offer.start - EPOCH).total_seconds() for offer in items], dtype=np.float64)
    ends = np.array([(offer.end - EPOCH).total_seconds() for offer in items], dtype=np.float64)
    first = np.searchsorted(starts, ends + rest_days * 86_400 - DUST, side="left")
    return np.maximum(first, np.arange(1, len(items) + 1)).astype(np.int64)


def _civil_days(offer: Offer, zone: ZoneInfo) -> tuple[int, int]:
    first, last = first_and_last_day(offer.start, offer.end, zone)
    return first.toordinal(), last.toordinal()


def _bits(names: Sequence[str], bits: dict[str, int]) -> int:
    mask = 0
    for name in names:
        mask |= bits.get(name, 0)
    return mask


def _covered(people: Sequence[Reservist], offers: Offers) -> Flags:
    first = np.array([person.contract.start.toordinal() for person in people], dtype=np.int64)
    last = np.array([person.contract.end.toordinal() for person in people], dtype=np.int64)
    days = np.array(offers.days, dtype=np.int64).reshape(-1, 2)
    return np.asarray((first[:, None] <= days[:, 0]) & (days[:, 1] <= last[:, None]))


def _lacks(people: Sequence[Reservist], offers: Offers) -> Flags:
    lacks = np.zeros((len(people), len(offers)), dtype=np.bool_)
    demanding = [(j, names) for j, names in enumerate(offers.fixed) if names]
    if demanding:
        for r, person in enumerate(people):
            held = set(person.holds)
            for j, names in demanding:
                lacks[r, j] = not names <= held
    return lacks


def _budgets(people: Sequence[Reservist], years: Sequence[int]) -> Ints:
    budgets = np.full((len(people), len(years)), NO_CEILING, dtype=np.int64)
    for r, person in enumerate(people):
        for y, year in enumerate(years):
            if year in person.ceilings:
                left = person.ceilings[year] - person.served.get(year, 0)
                budgets[r, y] = np.floor(2 * left + DUST)
    return budgets


def _wishes(people: Sequence[Reservist], offers: Offers) -> Floats:
    wishes = np.zeros((len(people), len(offers)), dtype=np.float64)
    position = offers.position
    for r, person in enumerate(people):
        for offer_id, points in person.wishes.items():
            j = position.get(offer_id)
            if j is not None:
                wishes[r, j] = points
    return wishes


def _pairs(pairs: Sequence[Pair], people: Sequence[Reservist], offers: Offers) -> Flags:
    flags = np.zeros((len(people), len(offers)), dtype=np.bool_)
    if pairs:
        row = {person.id: r for r, person in enumerate(people)}
        for pair in pairs:
            r, j = row.get(pair.reservist), offers.position.get(pair.offer)
            if r is not None and j is not None:
                flags[r, j] = True
    return flags
