"""A plan made public: the former one replaced, answers carried over, everybody concerned told."""

from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people.models import Person
from reseda.service.models import Audience, Offer
from reseda.timetable.actions.planning.drafts import locked
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.queries.planning.drift import drift
from reseda.timetable.queries.planning.settled import replaced_by
from reseda.ui.templatetags.ui import span

PUBLISH = Verb("timetable.publish_plan", _("a publié un plan de conciliation ({granted} retenues)"))

Status = Plan.Status
Answer = PlanLine.Answer
# Units of the reserve read French, whatever the language of the person who publishes.
LANGUAGE_OF_UNITS = "fr"


@transaction.atomic
def publish(plan: Plan, *, by: Person) -> Plan:
    """Publish a plan that still holds; it takes the place of the former one.

    Answers already given to the same pairs are kept. Each reservist whose own lines change is told,
    in words that say nothing of the reserve; each unit, how many places of its offers are taken.
    """
    held = locked(plan, by)
    former = list(replaced_by(held).select_for_update())
    # Two plans that share offers are published one after the other: the second counts the places
    # that the first took.
    granted = PlanLine.objects.filter(plan=held, is_granted=True).values("offer")
    list(Offer.objects.select_for_update().filter(pk__in=granted).order_by("pk"))
    _refuse(held)
    before = list(PlanLine.objects.filter(plan__in=former, is_granted=True))
    Plan.objects.filter(pk__in=[one.pk for one in former]).update(status=Status.REPLACED)
    held.status, held.published_at, held.published_by = Status.PUBLISHED, timezone.now(), by
    held.save(update_fields=["status", "published_at", "published_by"])
    _carry_over(held, before)
    now = list(PlanLine.objects.filter(plan=held, is_granted=True))
    _tell_people(held, before, now)
    _tell_units(held, before, now)
    record(PUBLISH, held, by=by, organisation=held.school_id, granted=len(now))
    return held


def _refuse(plan: Plan) -> None:
    if plan.status != Status.READY:
        raise ValidationError(_("Seul un plan calculé se publie."), code="not_ready")
    published = Plan.objects.filter(school=plan.school_id, status=Status.PUBLISHED)
    if plan.programme_id and published.filter(programme__isnull=True).exists():
        raise ValidationError(
            _("Un plan de toute l’école est publié : c’est lui qu’il faut recalculer."),
            code="school_published",
        )
    broken = drift(plan)
    if broken:
        sentence = ngettext(
            "%(n)d période de ce plan ne tient plus : recalculez-le avant de le publier.",
            "%(n)d périodes de ce plan ne tiennent plus : recalculez-le avant de le publier.",
            len(broken),
        )
        raise ValidationError(sentence % {"n": len(broken)}, code="stale")


def _carry_over(plan: Plan, before: list[PlanLine]) -> None:
    answered = {(one.engagement_id, one.offer_id): one for one in before if one.answer}
    changed = []
    for line in PlanLine.objects.filter(plan=plan, is_granted=True):
        former = answered.get((line.engagement_id, line.offer_id))
        if former is not None and former.answer == Answer.ACCEPTED:
            line.answer, line.answered_at = former.answer, former.answered_at
            line.period_id = former.period_id
            changed.append(line)
    PlanLine.objects.bulk_update(changed, ["answer", "answered_at", "period"], batch_size=500)


def _tell_people(plan: Plan, before: list[PlanLine], now: list[PlanLine]) -> None:
    then, after = _by_engagement(before), _by_engagement(now)
    people = set(plan.totals.get("people", ())) if not before else set()
    concerned = people | {one for one in {*then, *after} if then.get(one) != after.get(one)}
    for engagement in (
        plan.school.engagements.filter(
            pk__in=concerned, disclosures__audience=Audience.REFERENT, ended_on__isnull=True
        )
        .select_related("person")
        .order_by("pk")
    ):
        person = engagement.person
        page = reverse("timetable:possibilities", args=[engagement.pk])
        send(
            "timetable.plan_published",
            to=person.email,
            organisation=plan.school,
            language=person.language,
            context={"first_name": person.first_name, "url": f"{settings.PUBLIC_URL}{page}"},
        )


def _by_engagement(lines: list[PlanLine]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        if line.answer != Answer.DECLINED:
            found[line.engagement_id].add(line.offer_id)
    return dict(found)


def _tell_units(plan: Plan, before: list[PlanLine], now: list[PlanLine]) -> None:
    then, after = _places(before), _places(now)
    changed = [one for one in {*then, *after} if then.get(one, 0) != after.get(one, 0)]
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    with override(LANGUAGE_OF_UNITS):
        for offer in plan.school.offers.filter(pk__in=changed):
            if offer.contact_email:
                count = after.get(offer.pk, 0)
                places = ngettext("%(n)d place retenue", "%(n)d places retenues", count)
                line = _("%(dates)s : %(places)s sur %(capacity)d") % {
                    "dates": span(offer.starts_at, offer.ends_at),
                    "places": places % {"n": count},
                    "capacity": offer.capacity,
                }
                told[offer.contact_email, offer.contact_name].append(f"– {line}")
    for (email, name), lines in sorted(told.items()):
        send(
            "timetable.plan_to_unit",
            to=email,
            organisation=plan.school,
            language=LANGUAGE_OF_UNITS,
            context={"contact": name, "school": plan.school.name, "places": "\n".join(lines)},
        )


def _places(lines: list[PlanLine]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.answer != Answer.DECLINED:
            found[line.offer_id] += 1
    return dict(found)
