"""What is said of the employer: who it is, the reactivity clause, the rule a school applies."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.law import queries as law
from reseda.mail.actions import send
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.service.models import (
    EmployerKind,
    EmployerRule,
    Employment,
    Engagement,
    ReactivityClause,
)
from reseda.service.permissions import (
    CHANGE_CLAUSE,
    CHANGE_EMPLOYMENT,
    CHANGE_ENGAGEMENT,
    SET_EMPLOYER_RULE,
)

CHANGE = Verb("service.change_employer", _("a dit qui l’emploie ({lapsed} clause tombée)"))
RETURN = Verb("service.undo_employer", _("a rétabli son employeur d’avant"))
AGREE = Verb("service.agree_clause", _("a noté une clause de réactivité"))
GIVE_UP = Verb("service.give_up_clause", _("a renoncé à la clause de réactivité"))
TAKE_UP = Verb("service.restore_clause", _("a rétabli la clause de réactivité"))
SET_RULE = Verb("service.set_employer_rule", _("a fixé la règle d’absence du personnel réserviste"))
NOTICE = "reserve.reactivity.notice_days"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Employer:
    """An employer as its employee describes it."""

    kind: str
    since_on: date
    name: str = ""
    is_apprenticeship: bool = False
    agreed_days: int | None = None
    notice_days: int | None = None


@dataclass(frozen=True)
class Rule:
    """What a school applies to its reservist staff from a day."""

    kind: str
    since_on: date
    days: int | None = None
    notice_days: int | None = None
    agreement: str = ""


@transaction.atomic
def change_employer(engagement: Engagement, *, employer: Employer, by: Person) -> Employment:
    """Say who employs its holder from a day; a reactivity clause agreed with the former lapses.

    A new apprenticeship contract is a change too, at the same employer (R4221-13).
    """
    CHANGE_ENGAGEMENT.require(by, engagement)
    person = Person.objects.select_for_update().get(pk=engagement.person_id)
    former = Employment.objects.filter(person=person, ended_on__isnull=True).first()
    if former and employer.since_on <= former.since_on:
        raise ValidationError(
            {"since_on": _("Ce jour précède le début de l’emploi déjà noté : vérifiez-le.")},
            code="starts_too_early",
        )
    if former:
        former.ended_on = employer.since_on - DAY
        former.save(update_fields=["ended_on"])
    made = Employment.objects.create(person=person, **asdict(employer))
    lapsed = _lapse(former, employer.since_on) if former else 0
    if lapsed:
        _tell(engagement, person)
    record(CHANGE, made, by=by, organisation=engagement.school_id, lapsed=lapsed)
    return made


def _lapse(former: Employment, on: date) -> int:
    standing = ReactivityClause.objects.filter(employment=former, lapsed_on__isnull=True)
    return standing.update(lapsed_on=on, lapse=ReactivityClause.Lapse.EMPLOYER)


def _tell(engagement: Engagement, person: Person) -> None:
    send(
        "service.clause_lapsed",
        to=person.email,
        organisation=engagement.school,
        language=person.language,
        context={
            "person": person.first_name,
            "address": settings.PUBLIC_URL + reverse("service:employer", args=[engagement.pk]),
        },
    )


@transaction.atomic
def undo_employer(employment: Employment, *, by: Person) -> Employment | None:
    """Go back to the employer before the last one noted, with the clause that lapsed with it."""
    CHANGE_EMPLOYMENT.require(by, employment)
    Person.objects.select_for_update().get(pk=employment.person_id)
    held = Employment.objects.filter(pk=employment.pk).first()
    if held is None or held.ended_on is not None or held.clauses.exists():
        raise ValidationError(
            _(
                "Cet emploi n’est plus le dernier, ou une clause en dépend : notez plutôt le "
                "suivant."
            ),
            code="not_the_last",
        )
    former = (
        Employment.objects.filter(person=held.person_id, ended_on=held.since_on - DAY)
        .exclude(pk=held.pk)
        .first()
    )
    record(RETURN, held, by=by, organisation=_school_key(held))
    ended_on = held.since_on
    held.delete()
    if former:
        former.ended_on = None
        former.save(update_fields=["ended_on"])
        former.clauses.filter(lapse=ReactivityClause.Lapse.EMPLOYER, lapsed_on=ended_on).update(
            lapsed_on=None, lapse=""
        )
    return former


def _school_key(employment: Employment) -> int | None:
    held = Engagement.objects.filter(person=employment.person_id)
    return held.values_list("school_id", flat=True).first()


@transaction.atomic
def agree_clause(
    engagement: Engagement,
    *,
    agreed_on: date,
    consented_on: date | None,
    notice_days: int | None = None,
    by: Person,
) -> ReactivityClause:
    """Note a reactivity clause; without the employer’s consent it does not stand yet.

    The notice of call is under what the law says (15 days), shorter where the employer agrees.
    """
    CHANGE_ENGAGEMENT.require(by, engagement)
    held = Engagement.objects.select_for_update().get(pk=engagement.pk)
    employment = Employment.objects.filter(person=held.person_id, ended_on__isnull=True).first()
    if employment is None or employment.kind == EmployerKind.NONE:
        raise ValidationError(
            _("Dites d’abord qui vous emploie : la clause demande son accord."), code="no_employer"
        )
    if ReactivityClause.objects.filter(engagement=held, lapsed_on__isnull=True).exists():
        raise ValidationError(_("Une clause est déjà notée."), code="already_agreed")
    legal = int(law.value(NOTICE, max(agreed_on, law.history(NOTICE)[-1].since_on)).value)
    made = ReactivityClause.objects.create(
        engagement=held,
        employment=employment,
        agreed_on=agreed_on,
        consented_on=consented_on,
        notice_days=legal if notice_days is None else min(notice_days, legal),
    )
    record(AGREE, made, by=by, organisation=held.school_id)
    return made


def _clause(clause: ReactivityClause, by: Person) -> ReactivityClause:
    CHANGE_CLAUSE.require(by, clause)
    Engagement.objects.select_for_update().get(pk=clause.engagement_id)
    return ReactivityClause.objects.select_related("engagement", "employment").get(pk=clause.pk)


@transaction.atomic
def give_up_clause(clause: ReactivityClause, *, on: date, by: Person) -> ReactivityClause:
    """End a reactivity clause that its holder no longer wants; `restore_clause` puts it back."""
    held = _clause(clause, by)
    if held.lapsed_on is not None:
        raise ValidationError(_("Cette clause est déjà tombée."), code="already_lapsed")
    held.lapsed_on, held.lapse = on, ReactivityClause.Lapse.GIVEN_UP
    held.save(update_fields=["lapsed_on", "lapse"])
    record(GIVE_UP, held, by=by, organisation=held.engagement.school_id)
    return held


@transaction.atomic
def restore_clause(clause: ReactivityClause, *, by: Person) -> ReactivityClause:
    """Put back a clause given up, while its employer is the same and no other was agreed."""
    held = _clause(clause, by)
    rivals = ReactivityClause.objects.filter(engagement=held.engagement, lapsed_on__isnull=True)
    is_other = rivals.exclude(pk=held.pk).exists()
    if held.lapse != ReactivityClause.Lapse.GIVEN_UP or held.employment.ended_on or is_other:
        raise ValidationError(
            _("Cette clause ne peut plus être rétablie : convenez-en d’une nouvelle."),
            code="cannot_restore",
        )
    held.lapsed_on, held.lapse = None, ""
    held.save(update_fields=["lapsed_on", "lapse"])
    record(TAKE_UP, held, by=by, organisation=held.engagement.school_id)
    return held


@transaction.atomic
def set_rule(school: School, *, rule: Rule, by: Person) -> EmployerRule:
    """Set what the school applies from a day; requests already made keep what they were told."""
    SET_EMPLOYER_RULE.require(by, school)
    School.objects.select_for_update().get(pk=school.pk)
    said = {**asdict(rule), "set_by": by}
    said.pop("since_on")
    made, _is_new = EmployerRule.objects.update_or_create(
        school=school, since_on=rule.since_on, defaults=said
    )
    record(SET_RULE, made, by=by, organisation=school.pk)
    return made
