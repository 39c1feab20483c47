"""What the counters call attention to: what the law does not allow, what comes near, what a number
of days opens. Information with its article, never advice.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from reseda.law.domain.dates import term_end
from reseda.service.domain.records import (
    Alert,
    Contract,
    Counted,
    Fact,
    Limit,
    Limits,
    Record,
    Watch,
    YearCount,
    overlaps,
)

Years = Mapping[int, YearCount]


def alerts(
    record: Record, limits: Limits, years: Years, counted: Counted, on: date
) -> tuple[Alert, ...]:
    """Return what a count calls attention to, ceilings first, thresholds last."""
    watch = limits.watch
    found = [*_ceilings(years, watch), *_contract(record.contract, limits)]
    if watch:
        found += _ending(record.contract, watch, on)
    if counted.outside:
        found += _outside(record.contract, limits, counted.outside)
    if counted.is_crowded:
        article = watch.smallest_period if watch else ""
        for place, other in overlaps(record.periods):
            found.append(Alert("periods_overlap", {"period": place, "other": other}, article))
    if watch and counted.contract_years:
        found += _yearly(watch, counted, on)
    if watch and (watch.medals or watch.citizen_account):
        found += _totals(watch, years)
    return tuple(found)


def least_threshold(limits: Limits) -> float | None:
    """Return the fewest days, in a year of contract, that open something; none where nothing is
    watched.
    """
    watch = limits.watch
    yearly = (watch.allowance, watch.loyalty_bonus) if watch else ()
    return min((limit.value for limit in yearly if limit), default=None)


def _ceilings(years: Years, watch: Watch | None) -> list[Alert]:
    near_share = watch.near_share if watch else -1.0
    found = []
    for year, count in years.items():
        if count.left < 0:
            found.append(_ceiling("ceiling_exceeded", year, count, {"over": -count.left}))
        elif count.left <= near_share * count.limit and count.left < count.limit:
            found.append(_ceiling("ceiling_near", year, count, {"left": count.left}))
    return found


def _ceiling(code: str, year: int, count: YearCount, gap: dict[str, Fact]) -> Alert:
    facts = {"year": year, "days": count.done + count.planned, "limit": count.limit, **gap}
    return Alert(code, facts, count.article)


def _contract(contract: Contract, limits: Limits) -> Iterator[Alert]:
    shortest, longest = limits.contract_years_min, limits.contract_years_max
    start, end = contract.start_on, contract.end_on
    if shortest and end < _term_end(start, int(shortest.value)):
        yield Alert("contract_too_short", {"years": shortest.value}, shortest.article)
    if longest and end > _term_end(start, int(longest.value)):
        yield Alert("contract_too_long", {"years": longest.value}, longest.article)


@lru_cache(maxsize=4096)
def _term_end(start: date, years: int) -> date:
    return term_end(start, years=years)


def _ending(contract: Contract, watch: Watch, on: date) -> Iterator[Alert]:
    left = (contract.end_on - on).days
    if contract.start_on <= on and 0 <= left <= watch.ending_days:
        facts: dict[str, Fact] = {"end": contract.end_on.isoformat(), "days_left": left}
        yield Alert("contract_ending", facts, watch.contract)


def _outside(contract: Contract, limits: Limits, places: Iterable[int]) -> Iterator[Alert]:
    article = limits.contract_years_min.article if limits.contract_years_min else ""
    for place in places:
        start, end = contract.start_on.isoformat(), contract.end_on.isoformat()
        yield Alert("outside_contract", {"period": place, "from": start, "to": end}, article)


def _yearly(watch: Watch, counted: Counted, on: date) -> Iterator[Alert]:
    yearly = (
        ("allowance_days_reached", watch.allowance),
        ("loyalty_bonus_days_reached", watch.loyalty_bonus),
    )
    for code, limit in yearly:
        if limit:
            yield from _contract_years(code, limit, counted, on)


def _totals(watch: Watch, years: Years) -> list[Alert]:
    found, total, reached = [], sum(count.done for count in years.values()), ""
    for name, limit in watch.medals.items():
        if total >= limit.value and (not reached or limit.value > watch.medals[reached].value):
            reached = name
    if reached:
        found.append(
            _reached("medal_days_reached", watch.medals[reached], total, {"medal": reached})
        )
    account = watch.citizen_account
    for year, count in years.items() if account else ():
        if account and count.done >= account.value:
            facts: dict[str, Fact] = {"year": year}
            found.append(_reached("citizen_account_days_reached", account, count.done, facts))
    return found


def _contract_years(code: str, limit: Limit, counted: Counted, on: date) -> Iterator[Alert]:
    for (start, end), days in counted.contract_years.items():
        if start <= on and days >= limit.value:
            facts = {"from": start.isoformat(), "to": end.isoformat()}
            yield _reached(code, limit, days, facts)


def _reached(code: str, limit: Limit, days: float, facts: Mapping[str, Fact]) -> Alert:
    return Alert(code, {**facts, "days": days, "threshold": limit.value}, limit.article)
