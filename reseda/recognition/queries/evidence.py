"""What is read of evidence: activities one may tell, what was told, whether it may still change."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import Item
from reseda.people.models import Person
from reseda.recognition.models import (
    ActivityUse,
    Evidence,
    EvidenceAbility,
    EvidenceItem,
    FileEvidence,
)
from reseda.recognition.queries.frameworks import BY_PLACE
from reseda.service.models import Period
from reseda.ui.templatetags.ui import span

TELLABLE = (Period.Status.CONFIRMED, Period.Status.DONE)
# While a file is in these states the evidence it holds may not change.
HOLDING = ("submitted", "assessed", "decided")
HELD_CHOICES = {
    "libres": (_("Modifiables"), Q(is_held=False)),
    "deposees": (_("Dans un dossier déposé"), Q(is_held=True)),
}


@dataclass(frozen=True)
class Lived:
    """An activity as recognition shows it: dates, days, attested acts; no force, no unit."""

    period: Period
    evidence: tuple[Evidence, ...] = ()
    is_used: bool = False

    @property
    def dates(self) -> str:
        """From when to when, in words; the end of a period is excluded."""
        return dates_of(self.period)

    @property
    def is_attested(self) -> bool:
        """Whether the unit attested it."""
        return hasattr(self.period, "attestation")

    @property
    def days(self) -> Decimal | None:
        """The days attested, None before that."""
        return self.period.attestation.days if self.is_attested else None


def dates_of(period: Period) -> str:
    """Say when a period took place: « du 9 au 13 novembre 2026 »."""
    return span(period.starts_at, period.ends_at - timedelta(minutes=1))


def tellable(person: Person) -> QuerySet[Period]:
    """Return the confirmed or attested periods of a person, latest first."""
    return (
        Period.objects.filter(engagement__person=person, status__in=TELLABLE)
        .select_related("engagement", "attestation", "recognition_use__decision")
        .order_by("-starts_at")
    )


def with_links(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Load with each evidence its period, its file, what it bears on and shows (three queries)."""
    links = EvidenceItem.objects.select_related("item").order_by(*BY_PLACE)
    abilities = EvidenceAbility.objects.select_related("item").order_by(*BY_PLACE)
    return rows.select_related("period__attestation", "file").prefetch_related(
        Prefetch("links", queryset=links), Prefetch("ability_links", queryset=abilities)
    )


def named(evidence: Evidence) -> tuple[Item, ...]:
    """Return the abilities of the reserve that an evidence says it shows."""
    return tuple(link.item for link in evidence.ability_links.all())


def evidence_of(person: Person) -> QuerySet[Evidence]:
    """Return the evidence of a person, latest first, each knowing `is_held` by a file."""
    held = FileEvidence.objects.filter(evidence=OuterRef("pk"), file__status__in=HOLDING)
    rows = Evidence.objects.filter(person=person, deleted_at__isnull=True)
    return with_links(rows.annotate(is_held=Exists(held)))


def is_held(evidence: Evidence) -> bool:
    """Tell whether a file handed in holds this evidence, which may then no longer change."""
    return FileEvidence.objects.filter(evidence=evidence, file__status__in=HOLDING).exists()


def is_used(period: Period) -> bool:
    """Tell whether an activity was already validated."""
    return ActivityUse.objects.filter(period=period).exists()


def lived(person: Person) -> tuple[Lived, ...]:
    """Return the activities of a person with the evidence of each (four queries)."""
    told: dict[int, list[Evidence]] = {}
    for each in evidence_of(person):
        told.setdefault(each.period_id, []).append(each)
    return tuple(
        Lived(period, tuple(told.get(period.pk, ())), hasattr(period, "recognition_use"))
        for period in tellable(person)
    )
