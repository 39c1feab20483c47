"""Frameworks: created, opened as drafts, published for good, retired."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import Unsound, draft, locked, may
from reseda.competencies.actions.exchange import write
from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.framework import Line
from reseda.competencies.models import Framework, FrameworkVersion
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person
from reseda.schools.models import School

CREATE = Verb("competencies.create_framework", _("a créé un référentiel"))
PUBLISH = Verb("competencies.publish", _("a publié la version {number} du référentiel"))
RETIRE = Verb("competencies.retire", _("a retiré la version {number} du référentiel"))
DERIVE = Verb("competencies.derive", _("a ouvert la version {number} du référentiel"))

EXAMPLES = Path(__file__).parents[1] / "examples"


@transaction.atomic
def create_framework(
    school: School, *, kind: str, title: str, title_en: str = "", by: Person | System
) -> FrameworkVersion:
    """Create a framework of a school with its first draft, which is returned."""
    may(CREATE_FRAMEWORK, school, by)
    framework = Framework(school=school, kind=kind, title=title, title_en=title_en)
    framework.full_clean()
    framework.save()
    version = FrameworkVersion.objects.create(framework=framework, number=1)
    record(CREATE, framework, by=by, organisation=school.pk, kind=kind)
    return version


@transaction.atomic
def publish(version: FrameworkVersion, *, by: Person | System) -> FrameworkVersion:
    """Freeze a draft for good; the version that it replaces is retired. Raises `Unsound`."""
    may(EDIT_VERSION, version, by)
    held = draft(version)
    lines = queries.lines(held)
    has_levels = held.framework.kind == Framework.Kind.SCHOOL
    faults = (*rules.check(lines), *rules.missing(lines, has_levels=has_levels))
    if faults:
        raise Unsound(faults)
    now = timezone.now()
    FrameworkVersion.objects.filter(framework=held.framework, status="published").update(
        status="retired", retired_at=now
    )
    held.status, held.published_at = FrameworkVersion.Status.PUBLISHED, now
    held.save(update_fields=["status", "published_at"])
    record(PUBLISH, held, by=by, organisation=held.framework.school_id, number=held.number)
    return held


@transaction.atomic
def retire(version: FrameworkVersion, *, by: Person | System) -> FrameworkVersion:
    """Take a published version out of force; what was decided with it keeps its words."""
    may(EDIT_VERSION, version, by)
    held = locked(version)
    if held.status != FrameworkVersion.Status.PUBLISHED:
        raise ValidationError(_("Seule une version publiée se retire."), code="not_published")
    held.status, held.retired_at = FrameworkVersion.Status.RETIRED, timezone.now()
    held.save(update_fields=["status", "retired_at"])
    record(RETIRE, held, by=by, organisation=held.framework.school_id, number=held.number)
    return held


@transaction.atomic
def derive(version: FrameworkVersion, *, by: Person | System) -> FrameworkVersion:
    """Open a new draft that starts from a published version; items keep their identifiers."""
    may(EDIT_VERSION, version, by)
    held = locked(version)
    Framework.objects.select_for_update().get(pk=held.framework_id)
    versions = FrameworkVersion.objects.filter(framework=held.framework_id)
    if held.is_draft or versions.filter(status="draft").exists():
        raise ValidationError(_("Un brouillon est déjà ouvert : continuez-le."), code="has_draft")
    last = versions.aggregate(last=models.Max("number"))["last"]
    opened = FrameworkVersion.objects.create(framework=held.framework, number=last + 1)
    _copy(held, opened)
    record(DERIVE, opened, by=by, organisation=held.framework.school_id, number=opened.number)
    return opened


def _copy(held: FrameworkVersion, opened: FrameworkVersion) -> None:
    known = queries.known(held)
    everything = Changes(
        created=known.lines,
        lines=known.lines,
        links=known.links,
        terms=known.terms,
        about=known.about,
    )
    write(opened, everything)


@transaction.atomic
def load_example(school: School, name: str, *, by: Person | System) -> FrameworkVersion:
    """Create and publish one of the frameworks written for this product: `ecole` or `reserve`."""
    told = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    version = create_framework(
        school, kind=told["kind"], title=told["title"], title_en=told["title_en"], by=by
    )
    lines = tuple(_example_lines(told))
    write(version, Changes(created=lines, lines=lines))
    return publish(version, by=by)


def _example_lines(told: dict[str, Any]) -> Iterator[Line]:
    """Number what an example says: C1, C1-N1, C1-N1-A1; indicators are C1-I1."""
    for rank, competency in enumerate(told["competencies"], start=1):
        code = f"C{rank}"
        yield Line(code, "", rules.COMPETENCY, competency["fr"], competency["en"], rank)
        for place, (french, english) in enumerate(competency.get("indicators", ()), start=1):
            indicator = f"{code}-I{place}"
            yield Line(indicator, code, rules.INDICATOR, french, english, place)
        for step, level in enumerate(competency.get("levels", ()), start=1):
            under = f"{code}-N{step}"
            yield Line(under, code, rules.LEVEL, level["fr"], level["en"], step)
            for place, (french, english) in enumerate(level["learnings"], start=1):
                learning = f"{under}-A{place}"
                yield Line(learning, under, rules.LEARNING, french, english, place)
