"""What is done with an engagement: declared, changed, ended, disclosed, undone, consulted."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.law import queries as law
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.service import queries
from reseda.service.actions.undoing import put_back, snapshot
from reseda.service.domain.rules import Declaration, contract_refusal
from reseda.service.models import Disclosure, Engagement, RightsNotice
from reseda.service.permissions import CHANGE_ENGAGEMENT, DECLARE_ENGAGEMENT, FOLLOW_RESERVIST

DECLARE = Verb("service.declare_engagement", _("a déclaré un engagement"))
EDIT = Verb("service.edit_engagement", _("a modifié son engagement"))
END = Verb("service.end_engagement", _("a clos son engagement"))
UNDO = Verb("service.undo_engagement", _("a annulé sa dernière modification d’engagement"))
DISCLOSE = Verb("service.disclose", _("a choisi qui peut connaître son engagement"))
ACKNOWLEDGE = Verb("service.acknowledge_notice", _("a lu la notice de ses droits ({version})"))
CONSULT = Verb(queries.CONSULTED, _("a consulté un dossier de réserviste"))

FIELDS = (
    "force",
    "unit_name",
    "contact_name",
    "contact_email",
    "contract_start_on",
    "contract_end_on",
    "training",
    "ceiling",
    "ended_on",
)


@transaction.atomic
def declare(person: Person, *, school: School, declaration: Declaration, by: Person) -> Engagement:
    """Declare one’s own engagement; an expired one of the same force is closed, a current refused.

    Nobody knows of it: nothing is disclosed by declaring.
    """
    DECLARE_ENGAGEMENT.require(by, school)
    if by.pk != person.pk:
        raise PermissionDenied(DECLARE_ENGAGEMENT.code)
    _check_contract(declaration)
    Person.objects.select_for_update().get(pk=person.pk)
    held = Engagement.objects.select_for_update().filter(
        person=person, force=declaration.force, ended_on__isnull=True
    )
    for former in held:
        if former.contract_end_on >= declaration.contract_start_on:
            raise ValidationError(
                _(
                    "Vous avez déjà un engagement en cours dans cette force : modifiez-le, ou "
                    "clôturez-le d’abord."
                ),
                code="already_engaged",
            )
        former.ended_on = former.contract_end_on
        former.save(update_fields=["ended_on"])
    engagement = Engagement.objects.create(person=person, school=school, **asdict(declaration))
    record(DECLARE, engagement, by=by, organisation=school.pk)
    return engagement


def _check_contract(declaration: Declaration) -> None:
    if contract_refusal(declaration.contract_start_on, declaration.contract_end_on):
        raise ValidationError(
            {"contract_end_on": _("Le contrat se termine avant d’avoir commencé.")},
            code="contract_ends_before_start",
        )


def _held(engagement: Engagement, by: Person) -> Engagement:
    CHANGE_ENGAGEMENT.require(by, engagement)
    return Engagement.objects.select_for_update().get(pk=engagement.pk)


def _audiences(engagement: Engagement) -> list[str]:
    return sorted(engagement.disclosures.values_list("audience", flat=True))


def _remember(engagement: Engagement) -> None:
    engagement.former = snapshot(engagement, FIELDS, audiences=_audiences(engagement))


@transaction.atomic
def edit(engagement: Engagement, *, declaration: Declaration, by: Person) -> Engagement:
    """Change what was declared; what it replaces can be put back by `undo`."""
    held = _held(engagement, by)
    _check_contract(declaration)
    taken = Engagement.objects.filter(
        person=held.person_id, force=declaration.force, ended_on__isnull=True
    ).exclude(pk=held.pk)
    if held.ended_on is None and taken.exists():
        raise ValidationError(
            {"force": _("Vous avez déjà un autre engagement en cours dans cette force.")},
            code="already_engaged",
        )
    _remember(held)
    for name, value in asdict(declaration).items():
        setattr(held, name, value)
    held.save()
    record(EDIT, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def end(engagement: Engagement, *, ended_on: date, by: Person) -> Engagement:
    """Close an engagement on a day, before its contract ends or when it does; `undo` opens it."""
    held = _held(engagement, by)
    if held.ended_on is not None:
        raise ValidationError(_("Cet engagement est déjà clos."), code="already_ended")
    if ended_on < held.contract_start_on:
        raise ValidationError(
            _("L’engagement ne peut pas se clore avant d’avoir commencé."), code="ends_too_early"
        )
    _remember(held)
    held.ended_on = ended_on
    held.save(update_fields=["ended_on", "former"])
    record(END, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def disclose(engagement: Engagement, *, audiences: Collection[str], by: Person) -> Engagement:
    """Let exactly these audiences know of an engagement, and nobody else; `undo` returns."""
    held = _held(engagement, by)
    wanted = set(audiences)
    if not wanted <= set(queries.offered(held, timezone.localdate())):
        raise ValidationError(
            _("Ce choix n’est pas proposé pour votre engagement."), code="audience_not_offered"
        )
    if wanted != set(_audiences(held)):
        _remember(held)
        held.save(update_fields=["former"])
        _open_to(held, wanted)
    listed = ", ".join(sorted(wanted)) or "-"
    record(DISCLOSE, held, by=by, organisation=held.school_id, audiences=listed)
    return held


def _open_to(engagement: Engagement, wanted: set[str]) -> None:
    engagement.disclosures.exclude(audience__in=wanted).delete()
    for audience in sorted(wanted - set(_audiences(engagement))):
        Disclosure.objects.create(engagement=engagement, audience=audience)


@transaction.atomic
def undo(engagement: Engagement, *, by: Person) -> Engagement:
    """Put back what the last change replaced; done twice, it redoes it."""
    held = _held(engagement, by)
    if not held.former:
        raise ValidationError(_("Il n’y a rien à annuler."), code="nothing_to_undo")
    former = held.former
    _remember(held)
    kept = put_back(held, FIELDS, former)
    rivals = Engagement.objects.filter(
        person=held.person_id, force=held.force, ended_on__isnull=True
    ).exclude(pk=held.pk)
    if held.ended_on is None and rivals.exists():
        raise ValidationError(
            _("Vous avez depuis un autre engagement dans cette force : clôturez-le d’abord."),
            code="already_engaged",
        )
    held.save()
    _open_to(held, set(kept["audiences"]))
    record(UNDO, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def acknowledge(engagement: Engagement, *, version: str, language: str, by: Person) -> RightsNotice:
    """Keep the proof that the notice in force was read; a text changed meanwhile is refused."""
    held = _held(engagement, by)
    shown = law.notice(timezone.localdate(), language)
    if shown.version != version:
        raise ValidationError(
            _("La notice a changé entre-temps : relisez-la."), code="notice_changed"
        )
    text = "\n\n".join((shown.title, *shown.paragraphs))
    proof, _is_new = RightsNotice.objects.get_or_create(
        engagement=held, defaults={"version": shown.version, "text": text}
    )
    record(ACKNOWLEDGE, held, by=by, organisation=held.school_id, version=proof.version)
    return proof


@transaction.atomic
def consult(engagement: Engagement, *, by: Person) -> Engagement:
    """Open the record of a reservist: written in the journal, where its holder reads it."""
    FOLLOW_RESERVIST.require(by, engagement)
    record(CONSULT, engagement, by=by, organisation=engagement.school_id)
    return engagement
