"""Every pair granted or refused once: the reason code, its facts, and what would lift it."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import numpy as np

from reseda.timetable.domain.planning.model import REASONS, Grant, Refusal
from reseda.timetable.domain.planning.normal import Floats
from reseda.timetable.domain.planning.sheets import HARD, RECOVERABLE, Met
from reseda.timetable.domain.planning.standing import GRANTED, Standing

Facts = dict[str, Any]


def points(value: float) -> float:
    """Round points for people and files: a millionth is far below any choice."""
    return round(float(value), 6) + 0.0


class Explainer:
    """Writes the grants and the refusals of one plan; what many pairs share is written once."""

    def __init__(self, standing: Standing, prices: Floats) -> None:
        self.standing = standing
        self.layout = standing.layout
        self.offers = standing.layout.offers
        self._prices = [points(price) for price in prices]
        self._met: dict[tuple[int, int, int], tuple[Met, ...]] = {}
        self._shared: dict[tuple[Any, ...], tuple[Facts, Facts]] = {}
        self._claims = self._sorted_claims()
        self._names = sorted(self.offers.bits, key=self.offers.bits.__getitem__)
        self._writers: dict[str, Callable[[int, int], tuple[Facts, Facts]]] = {
            "excluded": lambda _r, _j: self._once(("excluded",), {}, {"unpinned": True}),
            "contract": self._contract,
            "requires": self._requires,
            "clash": self._events,
            "travel": self._events,
            "ceiling": self._ceiling,
            "recoverable_limit": self._limit,
            "overlap": self._overlap,
            "full": self._full,
            "no_gain": self._no_gain,
        }

    def all(self) -> tuple[tuple[Grant, ...], tuple[Refusal, ...]]:
        """Write every pair, by reservist then by start of the offer."""
        reasons = self.standing.reasons.tolist()
        grants: list[Grant] = []
        refusals: list[Refusal] = []
        for r, row in enumerate(reasons):
            for j, code in enumerate(row):
                if code == GRANTED:
                    grants.append(self.grant(r, j))
                else:
                    refusals.append(self.refusal(r, j, code))
        return tuple(grants), tuple(refusals)

    def grant(self, r: int, j: int) -> Grant:
        """Write a granted pair with its lessons to recover."""
        return Grant(
            self.layout.people[r].id,
            self.offers.items[j].id,
            int(self.offers.total[j]) / 2,
            tuple(met.uid for met in self.met(r, j, RECOVERABLE)),
            int(self.layout.minutes[r, j]),
        )

    def refusal(self, r: int, j: int, code: int) -> Refusal:
        """Write a refused pair."""
        reason = REASONS[code]
        facts, would_need = self._writers[reason](r, j)
        return Refusal(self.layout.people[r].id, self.offers.items[j].id, reason, facts, would_need)

    def met(self, r: int, j: int, kind: int) -> tuple[Met, ...]:
        """List the events of one class that a pair meets, the travel time included."""
        key = (int(self.layout.sheets.of[r]), j, kind)
        found = self._met.get(key)
        if found is None:
            travel = round(60 * self.layout.policy.travel_minutes)
            start, end = int(self.offers.start[j]) - travel, int(self.offers.end[j]) + travel
            found = self._met[key] = self.layout.sheets.met(key[0], start, end, kind)
        return found

    def _once(self, key: tuple[Any, ...], facts: Facts, need: Facts) -> tuple[Facts, Facts]:
        return self._shared.setdefault(key, (facts, need))

    def _contract(self, r: int, j: int) -> tuple[Facts, Facts]:
        contract, offer = self.layout.people[r].contract, self.offers.items[j]
        facts = {"contract": {"start": str(contract.start), "end": str(contract.end)}}
        return facts, {"contract": {"from": _iso(offer.start), "until": _iso(offer.end)}}

    def _requires(self, r: int, j: int) -> tuple[Facts, Facts]:
        unmet = int(self.standing.unmet[r, j])
        names = [name for name in self._names if self.offers.bits[name] & unmet]
        names += self.offers.fixed[j] - set(self.layout.people[r].holds)
        givers = np.flatnonzero(self.offers.granted & unmet)
        before = [int(i) for i in givers if self.offers.end[i] <= self.offers.start[j]]
        facts = {
            "missing": sorted(names),
            "granted_by": [self.offers.items[i].id for i in before if self.layout.allowed[r, i]],
        }
        return facts, {"qualifications": sorted(names)}

    def _events(self, r: int, j: int) -> tuple[Facts, Facts]:
        key = ("events", int(self.layout.sheets.of[r]), j)
        if key not in self._shared:
            met = self.met(r, j, HARD)
            events = [{"uid": m.uid, "kind": m.kind, "minutes": m.minutes} for m in met]
            uids = list(dict.fromkeys(m.uid for m in met))
            self._shared[key] = ({"events": events}, {"events": uids})
        return self._shared[key]

    def _ceiling(self, r: int, j: int) -> tuple[Facts, Facts]:
        person, years = self.layout.people[r], np.flatnonzero(self.standing.passes[r, j])
        y = int(years[0])
        year = self.offers.years[y]
        granted, days = int(self.standing.halves[r, y]) / 2, int(self.offers.halves[j, y]) / 2
        ceiling, served = person.ceilings[year], person.served.get(year, 0)
        facts = {
            "year": year,
            "ceiling": ceiling,
            "served": served,
            "granted": granted,
            "days": days,
        }
        return facts, {"year": year, "days": points(served + granted + days - ceiling)}

    def _limit(self, r: int, j: int) -> tuple[Facts, Facts]:
        limit = self.layout.policy.max_recoverable_minutes
        granted, minutes = int(self.standing.minutes[r]), int(self.layout.minutes[r, j])
        facts = {"limit": limit, "granted": granted, "minutes": minutes}
        return facts, {"minutes": granted + minutes - limit}

    def _overlap(self, r: int, j: int) -> tuple[Facts, Facts]:
        near = np.flatnonzero(self.standing.near[j] & self.standing.granted[r])
        ids = [self.offers.items[i].id for i in near]
        cost = points(-self.standing.swap[r, j])
        need: Facts = {"drop": ids, "cost": cost}
        if self.standing.taken[j] >= self.offers.capacity[j]:
            need["places"] = 1
        return {"offers": ids, "rest_days": self.layout.policy.rest_days}, need

    def _full(self, r: int, j: int) -> tuple[Facts, Facts]:
        gain, claims = float(self.standing.gain[r, j]), self._claims[j]
        above = len(claims) - bisect_right(claims, gain)
        price = self._prices[j]
        facts = {
            "capacity": int(self.offers.capacity[j]),
            "taken": int(self.standing.taken[j]),
            "price": price,
            "gain": points(gain),
            "higher_claims": above,
            "margin": points(max(price - gain, 0.0)),
        }
        need: Facts = {"places": 1}
        if gain <= 0:
            need["points"] = points(-gain)
        return facts, need

    def _no_gain(self, r: int, j: int) -> tuple[Facts, Facts]:
        loss = points(-self.standing.gain[r, j])
        return {"loss": loss, "price": self._prices[j]}, {"points": loss}

    def _sorted_claims(self) -> list[list[float]]:
        columns = range(len(self.offers))
        claim, granted = self.standing.claim, self.standing.granted
        return [np.sort(claim[granted[:, j], j]).tolist() for j in columns]


def _iso(moment: Any) -> str:
    return str(moment.isoformat())
