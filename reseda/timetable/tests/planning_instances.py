"""Inputs of the planner, drawn from a seed: small ones where every rule bites, large ones that look
like a school.

Small ones are what `INPUT.json` holds, so that reading them is tested too.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from reseda.timetable.domain.planning.model import (
    Busy,
    Contract,
    Objective,
    Offer,
    Policy,
    Problem,
    Reservist,
)

PARIS = ZoneInfo("Europe/Paris")
# Around New Year, around both changes of the clocks, around 29 February, and any day.
BASES = (date(2026, 12, 27), date(2026, 10, 20), date(2027, 3, 24), date(2028, 2, 26))
BASES += (date(2027, 5, 3),)
HARD = ("exam", "project", "practical", "placement", "unknown")
SOFT = ("lecture", "tutorial", "other")
NEITHER = ("holiday", "admin")
QUALIFICATIONS = ("Q1", "Q2", "Q3")
CLOCKS = (0, 0, 6 * 60, 8 * 60, 12 * 60 - 1, 12 * 60, 12 * 60, 12 * 60 + 1, 18 * 60)
JITTERS = (0, 0, 0, 0, -60, 60, 30, -1, 1)


def small(seed: int) -> dict[str, Any]:
    """Draw one small input: at most four reservists and seven offers, every rule switched on."""
    random = Random(seed)  # noqa: S311 - the same draw every time
    policy = _policy(random)
    base = random.choice(BASES)
    offers = [_offer(random, base, n) for n in range(random.randint(2, 7))]
    reservists = [_reservist(random, base, offers, policy, n) for n in range(random.randint(2, 4))]
    found = {"zone": "Europe/Paris", "offers": offers, "reservists": reservists, "policy": policy}
    if random.random() < 0.25:
        _settle(random, found)
    return found


def permuted(given: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """The same input with its lists in another order."""
    random = Random(seed)  # noqa: S311 - the same draw every time
    people = [{**r, "busy": _shuffled(random, r["busy"])} for r in given["reservists"]]
    offers, reservists = _shuffled(random, given["offers"]), _shuffled(random, people)
    return {**given, "offers": offers, "reservists": reservists}


def write(folder: Path, given: Mapping[str, Any], name: str = "input.json") -> Path:
    """Write an input where a command can read it."""
    path = folder / name
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


def _shuffled(random: Random, rows: list[Any]) -> list[Any]:
    return random.sample(rows, len(rows))


def _policy(random: Random) -> dict[str, Any]:
    return {
        "hard": list(HARD),
        "recoverable": list(SOFT),
        "max_recoverable_minutes": random.choice((0, 60, 120, 300, 1200)),
        "travel_minutes": random.choice((0, 45, 120, 120)),
        "rest_days": random.choice((0, 0.5, 1, 1, 1.25, 1 / 3, 2)),
        "minute_cost": random.choice((0, 0.05, 0.05, 0.5, 5)),
        "objective": random.choice(("fair", "fair", "total")),
    }


def _at(on: date, minutes: int, seconds: int = 0) -> datetime:
    local = datetime(on.year, on.month, on.day, tzinfo=PARIS) + timedelta(minutes=minutes)
    return local.astimezone(UTC) + timedelta(seconds=seconds)


def _said(random: Random, moment: datetime) -> str:
    """Write an instant in one of the ways that are allowed; all but one name the offset."""
    local = moment.astimezone(PARIS)
    if random.random() < 0.3 and not local.fold:
        return local.replace(tzinfo=None).isoformat()
    return random.choice((local.isoformat(), moment.isoformat().replace("+00:00", "Z")))


def _offer(random: Random, base: date, number: int) -> dict[str, Any]:
    first = base + timedelta(days=random.randint(0, 13))
    last = first + timedelta(days=random.choice((0, 0, 0, 0, 1, 1, 2, 4)))
    start = _at(first, random.choice(CLOCKS), random.choice(JITTERS))
    end = _at(last, random.choice(CLOCKS), random.choice(JITTERS))
    if end <= start:
        end = start + timedelta(minutes=random.choice((1, 59, 300, 720, 1440)))
    place = random.choice((None, None, None, 0, 1, 2))
    chained = number < 4 and random.random() < 0.5
    return {
        "id": f"P{number}",
        "start": _said(random, start),
        "end": _said(random, end),
        "capacity": random.choice((0, 1, 1, 2, 3)),
        "requires": [] if place is None else [QUALIFICATIONS[place]],
        "grants": [random.choice(QUALIFICATIONS)] if chained else [],
    }


def _span(random: Random, offer: Mapping[str, Any]) -> tuple[datetime, datetime]:
    ends = []
    for name in ("start", "end"):
        moment = datetime.fromisoformat(offer[name])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
        ends.append(moment.astimezone(UTC))
    return ends[0], ends[1]


def _event(random: Random, offers: list[dict[str, Any]], travel: int, name: str) -> dict[str, Any]:
    """An event near an edge of an offer, or of its widened time, or well inside."""
    start, end = _span(random, random.choice(offers))
    way = timedelta(minutes=travel)
    edge = random.choice((start, end, start - way, end + way, start + (end - start) / 2))
    edge = edge.replace(microsecond=0) + timedelta(seconds=random.choice((0, 0, 60, -60, 1, -30)))
    length = timedelta(minutes=random.choice((1, 30, 60, 90, 240)))
    begins = random.choice((edge, edge - length))
    kind = random.choice((*HARD[:2], *SOFT, *SOFT, *NEITHER))
    ends = begins + (timedelta() if random.random() < 0.03 else length)
    return {"uid": name, "start": _said(random, begins), "end": _said(random, ends), "kind": kind}


def _reservist(
    random: Random,
    base: date,
    offers: list[dict[str, Any]],
    policy: Mapping[str, Any],
    number: int,
) -> dict[str, Any]:
    travel = policy["travel_minutes"]
    events = random.choice((0, 1, 2, 4, 8))
    first = base + timedelta(days=random.choice((*[-400] * 8, 0, 2)))
    last = base + timedelta(days=random.choice((*[400] * 8, 5, 9, 14)))
    found: dict[str, Any] = {
        "id": f"R{number}",
        "busy": [_event(random, offers, travel, f"E{number}-{n}") for n in range(events)],
        "contract": {"start": first.isoformat(), "end": last.isoformat()},
        "holds": random.choice(([], ["Q1"], ["Q2"], ["Q1", "Q2", "Q3"])),
        "target_days": random.choice((0, 0.5, 2.3, 3, 5, 20)),
    }
    if random.random() < 0.7:
        found["ceilings"] = {
            str(base.year): random.choice((0, 1.5, 3, 5, 60)),
            str(base.year + 1): random.choice((0.5, 2, 4, 60)),
        }
        found["served"] = {str(base.year): random.choice((0, 0, 0.5, 1, 4))}
    if random.random() < 0.6:
        points = (-200, -5, -0.25, 0, 3, 5, 120.5)
        found["wishes"] = {o["id"]: random.choice(points) for o in offers if random.random() < 0.5}
    return found


def _settle(random: Random, found: dict[str, Any]) -> None:
    """Add a published plan to stay near, and pairs that a person ruled out."""
    pairs = [
        {"reservist": reservist["id"], "offer": offer["id"]}
        for reservist in found["reservists"]
        for offer in found["offers"]
    ]
    found["published"] = random.sample(pairs, random.randint(0, len(pairs) // 3))
    found["policy"]["change_cost"] = random.choice((0, 1, 40, 700))
    found["pins"] = {"excluded": random.sample(pairs, random.randint(0, 2))}


class School(NamedTuple):
    """How large a school is, and how full."""

    reservists: int
    offers: int
    events: int = 300
    objective: Objective = "fair"
    share: float = 0.78


YEAR_STARTS_ON = date(2026, 9, 7)
WEEKS = 44
HOLIDAYS = frozenset({7, 15, 16, 23, 24, 31, 32, *range(38, WEEKS)})
GROUP = 30


def school(size: School, seed: int = 20_261_122) -> Problem:
    """Draw a school: groups share a timetable, a few events are each one’s own, and the places are
    worth `share` of the days wanted.
    """
    random = Random(seed)  # noqa: S311 - the same draw every time
    groups = [
        tuple(_week_pattern(random, f"G{n}", size.events))
        for n in range(max(1, size.reservists // GROUP))
    ]
    spans = [_period(random, n) for n in range(size.offers)]
    targets = [float(random.choice((5, 10, 15, 20, 30))) for _ in range(size.reservists)]
    wanted = size.share * sum(targets)
    days = sum((end - start) / timedelta(days=1) for start, end in spans)
    places = max(1, round(wanted / days))
    offers = []
    for number, (start, end) in enumerate(spans):
        is_training = number % 8 == 0
        capacity = max(1, round(places * random.uniform(0.5, 1.5)))
        requires = () if is_training or random.random() < 0.2 else ("FMIR",)
        grants = ("FMIR",) if is_training else ()
        offers.append(Offer(f"P{number:02}", start, end, capacity, requires, grants))
    people = tuple(
        _person(random, n, random.choice(groups), targets[n], offers)
        for n in range(size.reservists)
    )
    return Problem(tuple(offers), people, Policy(objective=size.objective))


def _period(random: Random, number: int) -> tuple[datetime, datetime]:
    """A training fortnight, a week of holidays, a long week-end or a mission of some days."""
    holidays = sorted(HOLIDAYS)
    if number % 8 == 0:
        week, first, days = random.choice(holidays[:8]), 0, 12
    elif number % 3 == 0:
        week, first, days = random.choice(holidays), random.randint(0, 2), random.choice((5, 7, 10))
    else:
        week, first, days = random.randrange(WEEKS), random.choice((3, 4, 5)), random.choice((2, 3))
    starts_on = YEAR_STARTS_ON + timedelta(weeks=week, days=first)
    start = _at(starts_on, random.choice((8 * 60, 8 * 60, 14 * 60)))
    return start, _at(starts_on + timedelta(days=days - 1), random.choice((12 * 60, 18 * 60)))


def _week_pattern(random: Random, group: str, events: int) -> Iterator[Busy]:
    """The year of one group: the same week again and again, exams at the end of each term."""
    taught = [week for week in range(WEEKS) if week not in HOLIDAYS]
    slots = [(day, clock) for day in range(5) for clock in (480, 590, 810, 920, 1030)]
    weekly = random.sample(slots, min(len(slots), max(1, round(events / len(taught)))))
    kinds = [random.choice(("lecture", "lecture", "tutorial", "practical")) for _ in weekly]
    for week in taught:
        for (day, clock), kind in zip(weekly, kinds, strict=True):
            is_exam = week in (14, 37) and day < 3
            on = YEAR_STARTS_ON + timedelta(weeks=week, days=day)
            if not is_exam and random.random() < 0.25:
                continue
            start = _at(on, clock)
            uid = f"{group}-{week}-{day}-{clock}"
            yield Busy(uid, start, start + timedelta(minutes=90), "exam" if is_exam else kind)


def _person(
    random: Random, number: int, group: tuple[Busy, ...], target: float, offers: list[Offer]
) -> Reservist:
    own = tuple(_own_events(random, number)) if random.random() < 0.3 else ()
    served = {2026: random.choice((0.0, 0.0, 2.5, 10.0))}
    wishes = {o.id: random.choice((2.0, 5.0)) for o in random.sample(offers, min(3, len(offers)))}
    contract = Contract(date(2025, 1, 1), random.choice((date(2027, 3, 31), date(2029, 12, 31))))
    holds = ("FMIR",) if random.random() < 0.7 else ()
    ceilings = {2026: random.choice((15.0, 60.0)), 2027: 60.0}
    return Reservist(
        f"R{number:05}",
        (*group, *own) if own else group,
        contract,
        holds,
        target,
        ceilings,
        served,
        wishes,
    )


def _own_events(random: Random, number: int) -> Iterator[Busy]:
    days = accumulate(random.randint(3, 60) for _ in range(random.randint(1, 4)))
    for rank, day in enumerate(days):
        start = _at(YEAR_STARTS_ON + timedelta(days=day), random.choice((540, 840)))
        kind = random.choice(("project", "exam", "other"))
        yield Busy(f"S{number}-{rank}", start, start + timedelta(hours=2), kind)


def as_input(problem: Problem) -> dict[str, Any]:
    """Write a problem as `INPUT.json` has it."""
    return {
        "zone": problem.zone,
        "offers": [
            {
                "id": o.id,
                "start": _z(o.start),
                "end": _z(o.end),
                "capacity": o.capacity,
                "requires": list(o.requires),
                "grants": list(o.grants),
            }
            for o in problem.offers
        ],
        "reservists": [_written(reservist) for reservist in problem.reservists],
        "policy": {"objective": problem.policy.objective},
    }


def _written(reservist: Reservist) -> dict[str, Any]:
    return {
        "id": reservist.id,
        "busy": [
            {"uid": b.uid, "start": _z(b.start), "end": _z(b.end), "kind": b.kind}
            for b in reservist.busy
        ],
        "contract": {
            "start": reservist.contract.start.isoformat(),
            "end": reservist.contract.end.isoformat(),
        },
        "holds": list(reservist.holds),
        "target_days": reservist.target_days,
        "ceilings": {str(year): days for year, days in reservist.ceilings.items()},
        "served": {str(year): days for year, days in reservist.served.items()},
        "wishes": dict(reservist.wishes),
    }


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
