"""What a reservist reads of their own service, and what other rooms build upon."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Mandate, Person, Role, in_force
from reseda.people.policy import Viewer
from reseda.service.models import Audience, Engagement, Period
from reseda.service.permissions import CHANGE_ENGAGEMENT, CHANGE_PERIOD, FOLLOW_RESERVIST
from reseda.service.queries.leaves import leave_todo
from reseda.service.queries.offers import todo as offers_todo
from reseda.ui.domain.parts import Step, Text, Todo

# How long before its end a contract is worth thinking about; a habit, not a rule of law.
SOON = timedelta(days=90)
STUDENT_AUDIENCES = (Audience.REFERENT, Audience.STUDIES_DIRECTOR, Audience.JURY)
STAFF_AUDIENCES = (Audience.REFERENT, Audience.HUMAN_RESOURCES)
WHAT_THEY_SEE = {
    Audience.REFERENT: _(
        "Le référent voit votre force, vos dates de contrat, vos périodes et vos jours ; votre "
        "dossier complet chaque fois qu’il le consulte, ce que vous verrez."
    ),
    Audience.STUDIES_DIRECTOR: _(
        "La direction des études voit votre engagement et vos périodes, pour décider des "
        "aménagements sans vous redemander de preuves."
    ),
    Audience.JURY: _(
        "Le jury voit les seules périodes attestées, pour reconnaître ce que vous y avez appris."
    ),
    Audience.HUMAN_RESOURCES: _(
        "Les ressources humaines voient vos périodes et vos jours, pour vos autorisations "
        "d’absence."
    ),
}


@dataclass(frozen=True)
class Opening:
    """One audience as its choice is shown: what it would see, whether it may know."""

    audience: str
    label: Text
    sees: Text
    is_open: bool


@dataclass(frozen=True)
class Next:
    """The next period of a person, with the days left before it starts (0: today or under way)."""

    period: Period
    days_left: int


def engagements_of(person: Person) -> QuerySet[Engagement]:
    """Return every engagement of a person, those under way first, then the latest."""
    return (
        Engagement.objects.filter(person=person)
        .select_related("person", "school", "notice")
        .order_by("ended_on", "-contract_start_on", "-pk")
    )


def engagement_of(person: Person, on: date) -> Engagement | None:
    """Return the engagement whose contract covers a day, else the latest not ended, else None."""
    held = [one for one in engagements_of(person) if one.ended_on is None or one.ended_on >= on]
    covering = [one for one in held if one.contract_start_on <= on <= one.contract_end_on]
    return next(iter(covering or held), None)


def periods_of(person: Person) -> QuerySet[Period]:
    """Return the periods of a person that are not cancelled, earliest first."""
    return (
        Period.objects.filter(engagement__person=person)
        .exclude(status=Period.Status.CANCELLED)
        .select_related("engagement__school", "attestation")
    )


def others(period: Period) -> QuerySet[Period]:
    """Return the other periods of the same person that take place."""
    return periods_of(period.engagement.person).exclude(pk=period.pk)


def is_confirmed(period: Period) -> bool:
    """Tell whether the unit confirmed a period, attested or not."""
    return period.status in (Period.Status.CONFIRMED, Period.Status.DONE)


def recognisable(person: Person) -> QuerySet[Period]:
    """Return the periods a recognition can rest on: those that the unit attested, with it."""
    return periods_of(person).filter(status=Period.Status.DONE, attestation__isnull=False)


def next_period(periods: list[Period], now: datetime) -> Next | None:
    """Return the first period that is not over, among periods in order."""
    coming = next((one for one in periods if one.ends_at > now), None)
    if coming is None:
        return None
    left = timezone.localtime(coming.starts_at).date() - timezone.localtime(now).date()
    return Next(coming, max(0, left.days))


def offered(engagement: Engagement, on: date) -> tuple[Audience, ...]:
    """Return the audiences a person may choose: a student’s and a staff member’s differ."""
    roles = set(
        Mandate.objects.filter(
            in_force(on), person=engagement.person_id, organisation=engagement.school_id
        ).values_list("role", flat=True)
    )
    choices = STUDENT_AUDIENCES if Role.STUDENT in roles else ()
    return choices + tuple(
        one for one in STAFF_AUDIENCES if Role.STAFF in roles and one not in choices
    )


def openings(engagement: Engagement, on: date) -> list[Opening]:
    """Return the audiences offered, with what each would see and whether it may know."""
    chosen = set(engagement.disclosures.values_list("audience", flat=True))
    return [
        Opening(one.value, one.label, WHAT_THEY_SEE[one], one.value in chosen)
        for one in offered(engagement, on)
    ]


def has_read_notice(engagement: Engagement) -> bool:
    """Tell whether the notice of rights was acknowledged for this engagement."""
    return hasattr(engagement, "notice")


def steps(engagement: Engagement, periods: list[Period], is_known: bool) -> list[Step]:
    """Return what is expected of a reservist, in order, with what is already done."""
    has_read = has_read_notice(engagement)
    waiting = [one for one in periods if one.status == Period.Status.PLANNED]
    key = engagement.pk
    return [
        Step(
            _("Déclarer l’engagement"), "done", url=reverse("service:edit_engagement", args=[key])
        ),
        Step(
            _("Choisir qui peut savoir"),
            "done" if is_known else "next",
            "" if is_known else _("Personne pour l’instant ; c’est vous qui décidez."),
            reverse("service:disclose", args=[key]),
        ),
        Step(
            _("Lire la notice de vos droits"),
            "done" if has_read else "now",
            "" if has_read else _("L’école doit vous informer de vos droits : une minute."),
            reverse("service:notice", args=[key]),
        ),
        Step(
            _("Saisir vos convocations"),
            "done" if periods else "now",
            "" if periods else _("Dès que vous en recevez une."),
            reverse("service:add_period", args=[key]),
        ),
        Step(
            _("Les faire confirmer par l’unité"),
            "now" if waiting else ("done" if periods else "next"),
            _("Un lien par courriel, sans compte à créer.") if waiting else "",
            reverse("service:read_period", args=[waiting[0].pk]) if waiting else "",
        ),
    ]


def todo(viewer: Viewer) -> list[Todo]:
    """Return what service awaits from a person: their own record, and contracts they follow."""
    return [
        *_own_engagements(viewer),
        *_own_periods(viewer),
        *offers_todo(viewer),
        *_unanswered(viewer),
        *_ending(viewer),
        *leave_todo(viewer),
    ]


def _own_engagements(viewer: Viewer) -> list[Todo]:
    found = []
    for one in (
        CHANGE_ENGAGEMENT.rows(viewer).filter(ended_on__isnull=True).select_related("notice")
    ):
        if not has_read_notice(one):
            url = reverse("service:notice", args=[one.pk])
            found.append(Todo(_("Lire la notice de vos droits"), url, "wait", _("À lire")))
        if one.contract_end_on - viewer.today <= SOON:
            found.append(
                Todo(
                    _("Votre contrat arrive à son terme : le renouveler ou le clore ici"),
                    reverse("service:edit_engagement", args=[one.pk]),
                    "wait",
                    _("Échéance"),
                    due_on=one.contract_end_on,
                )
            )
    return found


def _own_periods(viewer: Viewer) -> list[Todo]:
    now = timezone.now()
    found = []
    for one in CHANGE_PERIOD.rows(viewer).filter(status__in=("planned", "confirmed")):
        url = reverse("service:read_period", args=[one.pk])
        due_on = timezone.localtime(one.starts_at).date()
        if one.status == Period.Status.CONFIRMED:
            if one.ends_at <= now:
                title = _("Obtenir l’attestation de votre période")
                found.append(Todo(title, url, "info", _("Terminée"), due_on=due_on))
        elif one.asked_at is None:
            title = _("Demander à l’unité de confirmer votre période")
            found.append(Todo(title, url, "wait", _("À confirmer"), due_on=due_on))
        else:
            title = _("L’unité n’a pas encore répondu")
            found.append(Todo(title, url, "info", _("En attente"), due_on=due_on))
    return found


def _unanswered(viewer: Viewer) -> list[Todo]:
    waiting = CHANGE_PERIOD.rows(viewer).filter(
        call_up__answer="", call_up__isnull=False, ends_at__gt=timezone.now()
    )
    return [
        Todo(
            _("Répondre à une convocation reçue"),
            reverse("service:read_period", args=[one.pk]) + "#reponse",
            "wait",
            _("Sans réponse"),
            due_on=timezone.localtime(one.starts_at).date(),
        )
        for one in waiting.exclude(status=Period.Status.CANCELLED)
    ]


def _ending(viewer: Viewer) -> list[Todo]:
    ending = FOLLOW_RESERVIST.rows(viewer).filter(
        ended_on__isnull=True,
        contract_end_on__gte=viewer.today,
        contract_end_on__lte=viewer.today + SOON,
    )
    return [
        Todo(
            _("Un contrat que vous suivez se termine bientôt"),
            reverse("service:read_reservist", args=[one.pk]),
            "info",
            _("Échéance"),
            due_on=one.contract_end_on,
        )
        for one in ending
    ]
