"""The legal values that the counters apply, read from the law of a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from reseda.law.domain.ceilings import ceiling_of_year, ceiling_on
from reseda.law.domain.values import Book, NotInForce, Value, value
from reseda.service.domain.records import Limit, Limits, Regime, Watch

MEDALS = ("bronze", "silver", "gold")
CONTRACT = "reserve.contract.years"


def limits(book: Book, regime: Regime, ceiling: str, on: date, years: Iterable[int] = ()) -> Limits:
    """Return what the law of a day fixes for a regime under a ceiling, with what is watched.

    `years` are those to count: a past one keeps the ceiling it had. Raises `NotInForce`.
    """
    today = ceiling_on(book, regime, ceiling, on)
    past = {year: _past(book, regime, ceiling, year, on) for year in years if year < on.year}
    return Limits(
        _limit(today),
        _limit(_contract(book, regime, "min", on)),
        _limit(_contract(book, regime, "max", on)),
        {year: _limit(found or today) for year, found in past.items()},
        _watch(book, regime, on),
    )


def _past(book: Book, regime: str, ceiling: str, year: int, on: date) -> Value | None:
    try:
        return ceiling_of_year(book, regime, ceiling, year, on)
    except NotInForce:
        return None


def _contract(book: Book, regime: Regime, end: str, on: date) -> Value:
    return value(book, contract_code(book, regime, end, on), on)


def contract_code(book: Book, regime: Regime, end: str, on: date) -> str:
    """Return the code of the shortest (`min`) or longest (`max`) contract of a regime: its own
    article where it has one in force, else the military one.
    """
    own = f"reserve.{regime}.contract.years.{end}"
    return own if own in book and book[own].on(on) else f"{CONTRACT}.{end}"


def _watch(book: Book, regime: Regime, on: date) -> Watch:
    """Return the thresholds of a regime: the décret of 2017 and the medal are for the military and
    police reserves, the citizen account counts days of the military one.
    """

    def known(code: str) -> Limit | None:
        found = book[code].on(on)
        return _limit(found) if found else None

    medals = {grade: known(f"medal.{grade}.days") for grade in MEDALS}
    period = book["reserve.period.half_days.min"].on(on)
    articles = Watch(
        contract=_contract(book, regime, "max", on).article,
        smallest_period=period.article if period else "",
    )
    if regime == "civil_security":
        return articles
    return replace(
        articles,
        allowance=known("allowance.days"),
        loyalty_bonus=known("loyalty_bonus.days"),
        medals={grade: limit for grade, limit in medals.items() if limit},
        citizen_account=known("citizen_account.days") if regime == "military" else None,
    )


def _limit(found: Value) -> Limit:
    return Limit(float(found.value), found.article)
