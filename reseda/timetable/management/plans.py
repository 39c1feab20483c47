"""What the planner’s commands are given: `INPUT.json` as a problem, `PLAN.json` as a plan.

A reservist is read after another, and of a timetable only what may count is kept: sessions of a
kind that the policy names, during an offer or on the way. Equal texts, sessions and whole
timetables are shared, so that a school of 20,000 fits in memory.
"""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast, get_args

import msgspec
from django.utils.translation import gettext as _

from reseda.timetable.domain.planning.model import (
    Busy,
    Contract,
    Grant,
    Objective,
    Offer,
    Pair,
    Plan,
    Policy,
    Problem,
    Refusal,
    Reservist,
    Status,
)
from reseda.timetable.management.json_files import content, decode, unknown_keys
from reseda.timetable.management.plan_values import Values, Windows, shown

A_WEEK, A_YEAR = 7 * 24 * 60, 366
POINTS = 10**6
Number = int | float
T = TypeVar("T", bound=msgspec.Struct)
Warn = Callable[[str], None]


class _Busy(msgspec.Struct, gc=False):
    start: str
    end: str
    kind: str
    uid: str


class _Offer(msgspec.Struct):
    id: str
    start: str
    end: str
    capacity: Number
    requires: list[str] = []
    grants: list[str] = []


class _Contract(msgspec.Struct):
    start: str
    end: str


class _Reservist(msgspec.Struct):
    id: str
    contract: _Contract
    busy: msgspec.Raw = msgspec.Raw(b"[]")
    holds: list[str] = []
    target_days: float = 0
    ceilings: dict[str, float] = {}
    served: dict[str, float] = {}
    wishes: dict[str, float] = {}


class _Policy(msgspec.Struct):
    hard: tuple[str, ...] = Policy().hard
    recoverable: tuple[str, ...] = Policy().recoverable
    max_recoverable_minutes: Number = Policy().max_recoverable_minutes
    travel_minutes: Number = Policy().travel_minutes
    rest_days: float = Policy().rest_days
    minute_cost: float = Policy().minute_cost
    objective: str = Policy().objective
    change_cost: float = 0


class _Pair(msgspec.Struct):
    reservist: str
    offer: str


class _Pins(msgspec.Struct):
    granted: list[_Pair] = []
    excluded: list[_Pair] = []


class _Input(msgspec.Struct):
    offers: list[msgspec.Raw]
    reservists: list[msgspec.Raw]
    zone: str = "Europe/Paris"
    policy: msgspec.Raw = msgspec.Raw(b"{}")
    published: list[_Pair] | None = None
    pins: msgspec.Raw = msgspec.Raw(b"{}")


class _Grant(msgspec.Struct):
    reservist: str
    offer: str
    days: float
    recoverable: list[str]
    minutes: Number


class _Refusal(msgspec.Struct):
    reservist: str
    offer: str
    reason: str
    facts: dict[str, Any]
    would_need: dict[str, Any]


class _Plan(msgspec.Struct):
    status: str
    value: float
    bound: float
    gap: float
    granted: list[_Grant]
    refused: list[_Refusal]
    totals: dict[str, Any]


def problem(path: str, warn: Warn) -> Problem:
    """Read `INPUT.json`; keys that the format does not have are told to `warn` and left aside.

    Raises `BadInput` with the file, the place and the mend.
    """
    data = content(path)
    given = decode(path, data, _Input)
    strange = [*unknown_keys(data, _Input.__struct_fields__)]
    del data
    found = _Problem(path, given, strange).read()
    if strange:
        message = _("%(path)s : clés inconnues, laissées de côté : %(keys)s")
        names = [shown(name) for name in dict.fromkeys(strange)]
        keys = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")  # noqa: PLR2004 - a line
        warn(message % {"path": path, "keys": keys})
    return found


def plan(path: str) -> Plan:
    """Read `PLAN.json` as it is, right or wrong: judging it is the business of the check."""
    given = decode(path, content(path), _Plan)
    return Plan(
        status=cast("Status", given.status),
        value=given.value,
        bound=given.bound,
        gap=given.gap,
        granted=tuple(
            Grant(g.reservist, g.offer, g.days, tuple(g.recoverable), cast("int", g.minutes))
            for g in given.granted
        ),
        refused=tuple(
            Refusal(r.reservist, r.offer, r.reason, r.facts, r.would_need) for r in given.refused
        ),
        totals=given.totals,
    )


class _Problem:
    """One input being read, with what its pieces share."""

    def __init__(self, path: str, given: _Input, strange: list[str]) -> None:
        self.path, self.given, self.strange = path, given, strange
        self.values = Values(path, given.zone)
        self._sheets: dict[bytes, tuple[Busy, ...]] = {}
        self._events: dict[Busy, Busy] = {}

    def read(self) -> Problem:
        policy, change_cost = self._policy()
        offers = self._offers()
        self._kinds = {*policy.hard, *policy.recoverable}
        self._windows = Windows(((o.start, o.end) for o in offers), policy.travel_minutes)
        self._known = {offer.id for offer in offers}
        people = self._reservists()
        known = ({person.id for person in people}, self._known)
        pins = self._object(self.given.pins, _Pins, "pins")
        granted = _pairs(self.values, pins.granted, "pins.granted", known)
        excluded = _pairs(self.values, pins.excluded, "pins.excluded", known)
        _must_differ(self.values, granted, excluded)
        published = self.given.published
        return Problem(
            offers=offers,
            reservists=people,
            policy=policy,
            zone=self.given.zone,
            published=_pairs(self.values, published or [], "published", known),
            # Without a plan already known there is nothing to stay near.
            change_cost=0 if published is None else change_cost,
            granted=granted,
            excluded=excluded,
        )

    def _object(self, raw: msgspec.Raw, kind: type[T], place: str) -> T:
        """Read a piece of the file, and note the keys that it should not have."""
        found = decode(self.path, raw, kind, place)
        self.strange += unknown_keys(raw, kind.__struct_fields__)
        return found

    def _policy(self) -> tuple[Policy, float]:
        given, values = self._object(self.given.policy, _Policy, "policy"), self.values
        if given.objective not in get_args(Objective):
            message = _("« %(given)s » n’est pas un objectif : écrivez fair ou total")
            facts = {"given": shown(given.objective)}
            raise values.refuse("policy.objective", message % facts)
        if both := sorted({*given.hard} & {*given.recoverable}):
            message = _("« %(kind)s » est à la fois intouchable et rattrapable : choisissez")
            raise values.refuse("policy.hard", message % {"kind": shown(both[0])})
        limit, travel = given.max_recoverable_minutes, given.travel_minutes
        policy = Policy(
            hard=given.hard,
            recoverable=given.recoverable,
            max_recoverable_minutes=values.whole(limit, "policy.max_recoverable_minutes"),
            travel_minutes=values.whole(travel, "policy.travel_minutes", A_WEEK),
            rest_days=values.number(given.rest_days, "policy.rest_days", 0, A_YEAR),
            minute_cost=values.number(given.minute_cost, "policy.minute_cost", 0, POINTS),
            objective=cast("Objective", given.objective),
        )
        return policy, values.number(given.change_cost, "policy.change_cost", 0, POINTS)

    def _offers(self) -> tuple[Offer, ...]:
        found: dict[str, Offer] = {}
        for number, raw in enumerate(self.given.offers):
            place = f"offers[{number}]"
            offer = self._offer(self._object(raw, _Offer, place), place)
            self._once(offer.id, found, place)
            found[offer.id] = offer
        return tuple(found.values())

    def _offer(self, given: _Offer, place: str) -> Offer:
        name = self.values.name(given.id, f"{place}.id")
        start, end = self.values.span(given.start, given.end, place)
        if start == end:
            message = _("l’offre « %(id)s » ne dure pas : donnez-lui une fin après son début")
            raise self.values.refuse(f"{place}.end", message % {"id": shown(name)})
        capacity = self.values.whole(given.capacity, f"{place}.capacity")
        return Offer(name, start, end, capacity, tuple(given.requires), tuple(given.grants))

    def _once(self, name: str, found: Mapping[str, object], place: str) -> None:
        if name in found:
            message = _("l’identifiant « %(id)s » est donné deux fois : changez-en un")
            raise self.values.refuse(f"{place}.id", message % {"id": shown(name)})

    def _reservists(self) -> tuple[Reservist, ...]:
        found: dict[str, Reservist] = {}
        for number, raw in enumerate(self.given.reservists):
            place = f"reservists[{number}]"
            person = self._reservist(self._object(raw, _Reservist, place), place)
            self._once(person.id, found, place)
            found[person.id] = person
        return tuple(found.values())

    def _reservist(self, given: _Reservist, place: str) -> Reservist:
        values = self.values
        return Reservist(
            id=values.name(given.id, f"{place}.id"),
            busy=self._timetable(given.busy, f"{place}.busy"),
            contract=self._contract(given.contract, f"{place}.contract"),
            holds=tuple(sys.intern(name) for name in given.holds),
            target_days=values.number(given.target_days, f"{place}.target_days"),
            ceilings=values.years(given.ceilings, f"{place}.ceilings"),
            served=values.years(given.served, f"{place}.served"),
            wishes=self._wishes(given.wishes, f"{place}.wishes"),
        )

    def _contract(self, given: _Contract, place: str) -> Contract:
        start = self.values.day(given.start, f"{place}.start")
        end = self.values.day(given.end, f"{place}.end")
        if end < start:
            message = _("le contrat finit avant de commencer : échangez les dates")
            raise self.values.refuse(f"{place}.end", message)
        return Contract(start, end)

    def _wishes(self, given: dict[str, float], place: str) -> dict[str, float]:
        for offer, points in given.items():
            if offer not in self._known:
                message = _("l’offre « %(id)s » n’existe pas : corrigez ou retirez ce vœu")
                raise self.values.refuse(place, message % {"id": shown(offer)})
            self.values.number(points, f"{place}.{shown(offer)}", -POINTS, POINTS)
        return {sys.intern(offer): points for offer, points in given.items()}

    def _timetable(self, raw: msgspec.Raw, place: str) -> tuple[Busy, ...]:
        """Read the sessions of one person; a group’s timetable, written alike, is read once."""
        key = hashlib.blake2b(raw, digest_size=16).digest()
        if key not in self._sheets:
            rows = decode(self.path, raw, list[_Busy], place)
            self._sheets[key] = tuple(self._sessions(rows, place))
        return self._sheets[key]

    def _sessions(self, rows: list[_Busy], place: str) -> Iterator[Busy]:
        values, events = self.values, self._events
        for number, row in enumerate(rows):
            # Written out here, and the place only when it is needed: this runs for every session.
            try:
                start, end = values.starts[row.start], values.ends[row.end]
            except KeyError:
                start, end = values.span(row.start, row.end, f"{place}[{number}]")
            if end < start:
                values.span(row.start, row.end, f"{place}[{number}]")
            if row.kind in self._kinds and self._windows.meet(start, end):
                event = Busy(row.uid, start, end, sys.intern(row.kind))
                yield events.setdefault(event, event)


def _pairs(
    values: Values, given: list[_Pair], place: str, known: tuple[set[str], set[str]]
) -> tuple[Pair, ...]:
    """Read pairs of a reservist and an offer that exist, each once."""
    found: dict[Pair, None] = {}
    reservists, offers = known
    for number, row in enumerate(given):
        if row.reservist not in reservists:
            message = _("le réserviste « %(id)s » n’existe pas : corrigez ou retirez cette paire")
            facts = {"id": shown(row.reservist)}
            raise values.refuse(f"{place}[{number}].reservist", message % facts)
        if row.offer not in offers:
            message = _("l’offre « %(id)s » n’existe pas : corrigez ou retirez cette paire")
            raise values.refuse(f"{place}[{number}].offer", message % {"id": shown(row.offer)})
        found[Pair(row.reservist, row.offer)] = None
    return tuple(found)


def _must_differ(values: Values, granted: Iterable[Pair], excluded: Iterable[Pair]) -> None:
    """A pair cannot be both settled and ruled out."""
    if both := sorted({*granted} & {*excluded}):
        message = _("« %(reservist)s » et « %(offer)s » sont à la fois accordés et exclus")
        facts = {"reservist": shown(both[0].reservist), "offer": shown(both[0].offer)}
        raise values.refuse("pins.excluded", message % facts)
