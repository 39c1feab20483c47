"""What calls for attention in a reservist’s record, each in one sentence with the law behind it."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reseda.law import queries as law
from reseda.law.domain.deadlines import may_end_unanswered
from reseda.law.domain.values import NotInForce
from reseda.service.domain.counters import Alert, Fact
from reseda.service.domain.legal import contract_code
from reseda.service.domain.suspensions import unanswered_in_a_row
from reseda.service.models import CallUp, Engagement, ReactivityClause
from reseda.service.queries.absences import Employer, EmployerCount
from reseda.service.queries.counting import RecordCount, count_of, regime_of
from reseda.ui.domain.parts import Tone
from reseda.ui.templatetags.ui import days, jour, span

UNANSWERED = "reserve.unanswered_calls.max"
SUSPENSION = "reserve.suspension.months.max"
CLAUSE = "reserve.reactivity.notice_days"
HALF_DAYS = "reserve.period.half_days.min"
LENGTHS = ("contract_too_short", "contract_too_long")
# The alerts of the counters that have a sentence; the others are days that open something.
ALERTS = (
    "ceiling_exceeded",
    "ceiling_near",
    *LENGTHS,
    "contract_ending",
    "outside_contract",
    "periods_overlap",
)
# From which share of the employer’s quota one is told; a habit of the house, not a rule of law.
NEAR_SHARE = 0.1


@dataclass(frozen=True)
class Told:
    """One thing to know: how it matters, the sentence, the legal value behind it, where to act."""

    code: str
    tone: Tone
    text: str
    law: str
    url: str = ""


def of_count(
    engagement: Engagement, count: RecordCount, on: date, *, codes: Container[str] = ALERTS
) -> Iterator[Told]:
    """Yield the sentences of what the counters call attention to; the days that open something are
    told apart, as thresholds.
    """
    teller = _Teller(engagement, count, on)
    for alert in count.alerts:
        if alert.code in codes and teller.is_own(alert):
            yield teller.told(alert)


def contract_warnings(engagement: Engagement, now: datetime, on: date) -> list[Told]:
    """Return what the law says of the length of a contract, nothing when it is usual."""
    return list(of_count(engagement, count_of(engagement, now, on), on, codes=LENGTHS))


class _Teller:
    """Says the alerts of one count in words."""

    def __init__(self, engagement: Engagement, count: RecordCount, on: date) -> None:
        self._engagement, self._periods = engagement, count.periods
        self._ceiling = count.years[0].code if count.years else ""
        regime = regime_of(engagement)
        self._contract = {end: contract_code(law.book(), regime, end, on) for end in ("min", "max")}
        self._edit = reverse("service:edit_engagement", args=[engagement.pk])

    def is_own(self, alert: Alert) -> bool:
        """Leave out the periods of a former contract, which count with this one without being
        inside it.
        """
        if alert.code != "outside_contract":
            return True
        return self._periods[int(alert.facts["period"])].engagement_id == self._engagement.pk

    def told(self, alert: Alert) -> Told:
        """Say one alert; each code of `ALERTS` has its writer."""
        facts = alert.facts
        match alert.code:
            case "ceiling_exceeded" | "ceiling_near":
                return self._of_ceiling(alert)
            case "contract_too_short" | "contract_too_long":
                return self._of_length(alert)
            case "contract_ending":
                sentence = _("Le contrat se termine le %(day)s : à renouveler ou à clore.")
                day = {"day": jour(self._engagement.contract_end_on)}
                return Told(alert.code, "wait", sentence % day, self._contract["max"], self._edit)
            case "outside_contract":
                sentence = _("La période %(dates)s sort des dates du contrat : vérifiez-les.")
                dates = {"dates": self._dates(facts["period"])}
                return Told(alert.code, "wait", sentence % dates, self._contract["min"], self._edit)
            case _:
                sentence = _(
                    "Deux périodes se chevauchent, %(one)s et %(other)s : une demi-journée commune "
                    "ne compte qu’une fois."
                )
                both = {
                    "one": self._dates(facts["other"]),
                    "other": self._dates(facts["period"]),
                }
                return Told(alert.code, "info", sentence % both, HALF_DAYS)

    def _of_ceiling(self, alert: Alert) -> Told:
        facts = alert.facts
        if alert.code == "ceiling_exceeded":
            sentence = _("En %(year)s, les périodes dépassent le plafond de %(over)s.")
            told = {"year": facts["year"], "over": days(float(facts["over"]))}
            return Told(alert.code, "stop", sentence % told, self._ceiling)
        sentence = _("En %(year)s, il reste %(left)s sous le plafond.")
        told = {"year": facts["year"], "left": days(float(facts["left"]))}
        return Told(alert.code, "wait", sentence % told, self._ceiling)

    def _of_length(self, alert: Alert) -> Told:
        is_short = alert.code == "contract_too_short"
        sentence = (
            _("Un contrat dure %(years)s an au moins (%(article)s) : vérifiez vos dates.")
            if is_short
            else _("Un contrat dure %(years)s ans au plus (%(article)s) : vérifiez vos dates.")
        )
        told = {"years": round(float(alert.facts["years"])), "article": alert.article}
        code = self._contract["min" if is_short else "max"]
        return Told(alert.code, "wait", sentence % told, code, self._edit)

    def _dates(self, place: Fact) -> str:
        period = self._periods[int(place)]
        return span(period.starts_at, period.ends_at)


def of_employer(employer: Employer | None, counts: Iterable[EmployerCount]) -> Iterator[Told]:
    """Yield what the quota of the employer calls attention to."""
    for count in counts:
        facts = {"year": count.year, "over": days(count.over), "left": days(max(0.0, count.left))}
        if count.over:
            sentence = _(
                "En %(year)s, les périodes dépassent de %(over)s les absences de droit : "
                "il faut l’accord de l’employeur."
            )
            yield Told("quota_exceeded", "wait", sentence % facts, count.quota.code)
        elif count.used and count.left <= NEAR_SHARE * count.quota.days:
            sentence = _("En %(year)s, il reste %(left)s d’absence de droit chez l’employeur.")
            yield Told("quota_near", "info", sentence % facts, count.quota.code)
    if employer and employer.is_school and not employer.is_set:
        sentence = _(
            "L’école n’a pas dit quelle règle d’absence elle suit : celle des employeurs publics "
            "est prise en attendant."
        )
        yield Told("rule_not_set", "info", sentence, "public_agent.days.military")


def of_career(engagement: Engagement, on: date) -> Iterator[Told]:
    """Yield what calls, a suspension or the reactivity clause call attention to."""
    yield from _unanswered(engagement, on)
    url = reverse("service:career", args=[engagement.pk])
    for one in engagement.suspensions.filter(removed_at__isnull=True, ends_on__gte=on):
        sentence = (
            _("Le contrat est suspendu %(dates)s ; sa fin ne recule pas.")
            if one.starts_on <= on
            else _("Le contrat sera suspendu %(dates)s ; sa fin ne recule pas.")
        )
        told = {"dates": span(one.starts_on, one.ends_on)}
        yield Told("suspended", "info", sentence % told, SUSPENSION, url)
    clause = ReactivityClause.objects.filter(engagement=engagement).first()
    page = reverse("service:employer", args=[engagement.pk])
    if clause and clause.lapse == ReactivityClause.Lapse.EMPLOYER:
        sentence = _(
            "Votre clause de réactivité est tombée avec le changement d’employeur : "
            "prévenez votre unité, ou convenez-en d’une nouvelle."
        )
        yield Told("clause_lapsed", "wait", sentence, CLAUSE, page)
    elif clause and clause.lapsed_on is None and clause.consented_on is None:
        sentence = _("Votre clause de réactivité attend l’accord de votre employeur.")
        yield Told("clause_unconsented", "wait", sentence, CLAUSE, page)


def _unanswered(engagement: Engagement, on: date) -> Iterator[Told]:
    answers = CallUp.objects.filter(period__engagement=engagement).values_list("answer", flat=True)
    row = unanswered_in_a_row(answers)
    try:
        may_end, found = may_end_unanswered(law.book(), row, on)
    except NotInForce:
        return
    most = int(found.value)
    if may_end:
        sentence = ngettext(
            "%(n)d convocation de suite sans réponse : l’unité peut résilier le contrat.",
            "%(n)d convocations de suite sans réponse : l’unité peut résilier le contrat.",
            row,
        )
        yield Told("unanswered", "stop", sentence % {"n": row}, UNANSWERED)
    elif row and row == most - 1:
        sentence = ngettext(
            "%(n)d convocation de suite sans réponse : à %(most)d, l’unité peut résilier.",
            "%(n)d convocations de suite sans réponse : à %(most)d, l’unité peut résilier.",
            row,
        )
        yield Told("unanswered_near", "wait", sentence % {"n": row, "most": most}, UNANSWERED)
