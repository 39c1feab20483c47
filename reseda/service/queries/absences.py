"""What an employer owes a reservist: days of right of each civil year, notice, silence, refusal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from reseda.law import queries as law
from reseda.law.domain.employer import notice_deadline, refusal_deadline, silence_deadline
from reseda.law.domain.values import NotInForce, Unit
from reseda.people.models import Mandate, Person, Role, in_force
from reseda.schools.models import School
from reseda.service.domain.absences import YearUse, absence_days, total, uses
from reseda.service.domain.counters import REGIME_OF_FORCE, REGIMES
from reseda.service.models import (
    LIVE,
    EmployerKind,
    EmployerRule,
    Employment,
    Engagement,
    Leave,
    Period,
)

CODES = {
    EmployerKind.PRIVATE: "employer.authorised_days",
    EmployerKind.SMALL: "employer.small_firm.authorised_days",
}
NOTICE, REFUSAL = "employer.notice_months", "employer.refusal_days"
SILENCE = "employer.is_silence_agreement"


@dataclass(frozen=True)
class Employer:
    """The rule of absence that binds somebody’s employer; `is_set` is False where a school has not
    said which one it follows and the rule of public employers is taken meanwhile.
    """

    kind: str
    name: str = ""
    is_school: bool = False
    is_set: bool = True
    days: int | None = None
    notice_days: int | None = None
    agreement: str = ""
    is_apprenticeship: bool = False


@dataclass(frozen=True)
class Quota:
    """Days of right of a civil year, in their unit, with the legal value behind them."""

    days: float
    unit: Unit
    code: str
    article: str
    is_agreed: bool


@dataclass(frozen=True)
class EmployerCount:
    """The absence of one civil year against the quota of the employer."""

    year: int
    done: float
    planned: float
    quota: Quota

    @property
    def used(self) -> float:
        """Days done and planned together."""
        return self.done + self.planned

    @property
    def left(self) -> float:
        """Days of right left, negative beyond the quota."""
        return self.quota.days - self.used

    @property
    def over(self) -> float:
        """By how many days the quota is exceeded, 0 when it is not."""
        return max(0.0, -self.left)


@dataclass(frozen=True)
class Terms:
    """What the law and the school’s agreement make of an absence asked for on a day."""

    years: tuple[YearUse, ...]
    quota: Quota
    employer: Employer
    notice_on: date
    refusal_due_on: date
    silence_due_on: date | None

    is_notice_kept: bool

    @property
    def is_within(self) -> bool:
        """Tell whether every civil year stays within its quota."""
        return all(year.is_within for year in self.years)

    @property
    def is_of_right(self) -> bool:
        """Tell whether the school is informed rather than asked."""
        return self.is_within and self.is_notice_kept


def rule_of(school: School, on: date) -> EmployerRule | None:
    """Return the rule of absence that a school applies to its staff on a day."""
    return EmployerRule.objects.filter(school=school, since_on__lte=on).first()


def employment_of(person: Person) -> Employment | None:
    """Return who employs a person, as they last said."""
    return Employment.objects.filter(person=person, ended_on__isnull=True).first()


def employer_of(engagement: Engagement, on: date) -> Employer | None:
    """Return the rule of the employer of a reservist on a day, or None without employer.

    A member of the staff who said nothing is employed by the school.
    """
    found = employment_of(engagement.person)
    if found is None:
        is_staff = Mandate.objects.filter(
            in_force(on),
            person=engagement.person_id,
            organisation=engagement.school_id,
            role=Role.STAFF,
        )
        return school_employer(engagement.school, on) if is_staff.exists() else None
    if found.kind == EmployerKind.NONE:
        return None
    if found.kind == EmployerKind.SCHOOL:
        return school_employer(engagement.school, on)
    return Employer(
        found.kind,
        found.name,
        days=found.agreed_days,
        notice_days=found.notice_days,
        is_apprenticeship=found.is_apprenticeship,
    )


def school_employer(school: School, on: date) -> Employer:
    """Return the rule that a school applies to its own staff."""
    rule = rule_of(school, on)
    if rule is None:
        return Employer(EmployerKind.PUBLIC, school.name, is_school=True, is_set=False)
    return Employer(
        rule.kind,
        school.name,
        is_school=True,
        days=rule.days,
        notice_days=rule.notice_days,
        agreement=rule.agreement,
    )


def quota_code(kind: str, regime: str) -> str:
    """Return the code of the legal value that fixes the days of right."""
    if kind == EmployerKind.PUBLIC:
        return f"public_agent.days.{regime}"
    return CODES[EmployerKind(kind)]


def quota_of(employer: Employer, regime: str, on: date) -> Quota:
    """Return the days of right of a civil year: the law’s, or the agreement’s when it gives more.

    Before a value is known, the first one known is given.
    """
    code = quota_code(employer.kind, regime)
    try:
        found = law.value(code, on)
    except NotInForce:
        found = law.history(code)[-1]
    agreed = employer.days or 0
    return Quota(
        float(max(found.value, agreed)), found.unit, code, found.article, agreed > found.value
    )


def quotas_of(employer: Employer, on: date) -> list[tuple[str, Quota]]:
    """Return the quotas of an employer: one for all reserves, or one each for a public one."""
    if employer.kind != EmployerKind.PUBLIC:
        return [("", quota_of(employer, "military", on))]
    return [(regime, quota_of(employer, regime, on)) for regime in REGIMES]


def employer_counts(
    engagement: Engagement, employer: Employer, periods: Iterable[Period], now: datetime
) -> list[EmployerCount]:
    """Return, for each civil year of these periods and for this one, the days of absence."""
    regime = REGIME_OF_FORCE[engagement.force]
    today = timezone.localtime(now).date()
    ends = [(period.starts_at, period.ends_at) for period in periods]
    unit = quota_of(employer, regime, today).unit
    done = total(((start, end) for start, end in ends if end <= now), unit)
    planned = total(((start, end) for start, end in ends if end > now), unit)
    return [
        EmployerCount(
            year,
            done.get(year, 0.0),
            planned.get(year, 0.0),
            quota_of(employer, regime, today if year >= today.year else date(year, 12, 31)),
        )
        for year in sorted({*done, *planned, today.year})
    ]


def terms_of(period: Period, on: date) -> Terms:
    """Return what becomes of the absence of a period if it is asked for on a day."""
    engagement = period.engagement
    employer = school_employer(engagement.school, on)
    regime = REGIME_OF_FORCE[engagement.force]
    starts_on = timezone.localtime(period.starts_at).date()
    quota = quota_of(employer, regime, starts_on)
    used = used_days(engagement.person, engagement.school, quota.code, without=period)
    last = notice_day(employer, starts_on, on)
    is_kept = on <= last
    return Terms(
        uses((period.starts_at, period.ends_at), used, quota.days, quota.unit),
        quota,
        employer,
        last,
        refusal_deadline(law.book(), on).on,
        silence_day(employer, on) if is_kept else None,
        is_kept,
    )


def notice_day(employer: Employer, starts_on: date, on: date) -> date:
    """Return the last day to ask for an absence: the agreement’s notice, or the law’s month."""
    if employer.notice_days is not None:
        return starts_on - timedelta(days=employer.notice_days)
    return notice_deadline(law.book(), starts_on, on).on


def silence_day(employer: Employer, asked_on: date) -> date:
    """Return the last day to answer beyond the quota: silence during the notice is agreement."""
    if employer.notice_days is not None:
        return asked_on + timedelta(days=employer.notice_days)
    return silence_deadline(law.book(), asked_on).on


def used_days(
    person: Person, school: School, code: str, *, without: Period | None = None
) -> dict[int, float]:
    """Return the days already granted or asked for under a quota, by civil year."""
    held = Leave.objects.filter(person=person, school=school, status__in=LIVE, law_code=code)
    held = held.exclude(period__status=Period.Status.CANCELLED)
    if without is not None:
        held = held.exclude(period=without)
    return sum_counted(held.values_list("counted", flat=True))


def sum_counted(rows: Iterable[list[dict[str, float]]]) -> dict[int, float]:
    """Add up the days asked for by civil year, as requests keep them."""
    found: dict[int, float] = {}
    for counted in rows:
        for one in counted:
            year = int(one["year"])
            found[year] = found.get(year, 0.0) + float(one["asked"])
    return found


def service_days(periods: Iterable[Period], first_on: date, last_on: date) -> float:
    """Return the days of service between two days, both included: an academic year, say."""
    start = timezone.make_aware(datetime.combine(first_on, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(last_on + timedelta(days=1), datetime.min.time()))
    days = 0.0
    for period in periods:
        first, last = max(period.starts_at, start), min(period.ends_at, end)
        if first < last:
            days += sum(absence_days(first, last, "day").values())
    return days
