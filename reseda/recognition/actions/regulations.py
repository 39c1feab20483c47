"""What is done with the regulation of the year: drafted, revised, published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Organisation, Person
from reseda.recognition import queries
from reseda.recognition.models import Form, Regulation
from reseda.recognition.permissions import DRAFT_REGULATION, PUBLISH_REGULATION
from reseda.schools.models import AcademicYear, School

DRAFT = Verb("recognition.draft_regulation", _("a rédigé un règlement de reconnaissance"))
REVISE = Verb("recognition.revise_regulation", _("a modifié un règlement non publié"))
PUBLISH = Verb("recognition.publish_regulation", _("a publié le règlement, version {number}"))


@dataclass(frozen=True)
class Terms:
    """What a regulation says."""

    title: str
    text: str
    appeal: str
    forms: Sequence[str]
    max_ects: Decimal
    min_days: Decimal
    days_per_ects: Decimal | None = None
    adopted_by: str = ""


@transaction.atomic
def draft(school: School, *, year: AcademicYear, terms: Terms, by: Person) -> Regulation:
    """Write the next version of a year's regulation; one draft at a time."""
    DRAFT_REGULATION.require(by, school)
    Organisation.objects.select_for_update().get(pk=school.pk)
    if year.school_id != school.pk:
        raise ValidationError(_("Cette année est d’une autre école."), code="another_school")
    versions = Regulation.objects.filter(school=school, year=year)
    if versions.filter(published_on__isnull=True).exists():
        raise ValidationError(
            _("Une version de ce règlement est déjà en préparation."), code="draft_exists"
        )
    last = versions.aggregate(last=Max("number"))["last"] or 0
    regulation = Regulation(school=school, year=year, number=last + 1)
    _write(regulation, terms)
    record(DRAFT, regulation, by=by, organisation=school.pk, number=regulation.number)
    return regulation


@transaction.atomic
def revise(regulation: Regulation, *, terms: Terms, by: Person) -> Regulation:
    """Change a regulation that is not published; a published one is frozen."""
    PUBLISH_REGULATION.require(by, regulation)
    held = _unpublished(regulation)
    _write(held, terms)
    record(REVISE, held, by=by, organisation=held.school_id, number=held.number)
    return held


@transaction.atomic
def publish(regulation: Regulation, *, on: date, late_reason: str = "", by: Person) -> Regulation:
    """Publish and freeze a regulation; past the two months of D611-7, the reason is kept."""
    viewer = PUBLISH_REGULATION.require(by, regulation)
    held = _unpublished(regulation)
    if on > viewer.today:
        raise ValidationError(
            _("La date de publication est dans l’avenir : publiez ce jour-là."), code="future"
        )
    if queries.deadline(held.year, on).is_late and not late_reason.strip():
        raise ValidationError(
            _("Le délai de publication est passé : dites pourquoi, la raison reste affichée."),
            code="late_without_reason",
        )
    held.published_on, held.late_reason = on, late_reason.strip()
    held.save(update_fields=["published_on", "late_reason"])
    # The day is declared and may be past; the journal keeps it beside the moment of the gesture.
    day = on.isoformat()
    school = held.school_id
    record(PUBLISH, held, by=by, organisation=school, number=held.number, published_on=day)
    return held


def _unpublished(regulation: Regulation) -> Regulation:
    held = (
        Regulation.objects.select_for_update(of=("self",))
        .select_related("year")
        .get(pk=regulation.pk)
    )
    if held.published_on is not None:
        raise ValidationError(
            _("Ce règlement est publié : il ne change plus. Rédigez une nouvelle version."),
            code="published",
        )
    return held


def _write(regulation: Regulation, terms: Terms) -> None:
    if not terms.forms or set(terms.forms) - set(Form.values):
        raise ValidationError(_("Choisissez au moins une forme."), code="no_form")
    if Form.ECTS in terms.forms and terms.max_ects <= 0:
        raise ValidationError(
            _("Avec la forme « crédits ECTS », le maximum est supérieur à 0."), code="no_ects"
        )
    regulation.title, regulation.text, regulation.appeal = terms.title, terms.text, terms.appeal
    regulation.forms = list(terms.forms)
    regulation.max_ects, regulation.min_days = terms.max_ects, terms.min_days
    regulation.days_per_ects, regulation.adopted_by = terms.days_per_ects, terms.adopted_by
    regulation.save()
