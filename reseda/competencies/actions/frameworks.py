"""Frameworks: created, opened as drafts, published for good, retired."""

from pathlib import Path
from uuid import uuid4

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import Unsound, draft, locked, may
from reseda.competencies.actions.exchange import write
from reseda.competencies.actions.titles import entitle
from reseda.competencies.domain import framework as rules
from reseda.competencies.domain import origins
from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.examples import example
from reseda.competencies.models import Framework, FrameworkVersion
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION
from reseda.competencies.queries import case
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person
from reseda.schools.models import School

CREATE = Verb("competencies.create_framework", _("a créé un référentiel"))
PUBLISH = Verb("competencies.publish", _("a publié la version {number} du référentiel"))
RETIRE = Verb("competencies.retire", _("a retiré la version {number} du référentiel"))
DERIVE = Verb("competencies.derive", _("a ouvert la version {number} du référentiel"))
RENAME = Verb("competencies.rename_framework", _("a changé le titre du référentiel"))
BRANCH = Verb("competencies.derive_framework", _("a tiré un référentiel d’un autre"))
DROP = Verb("competencies.delete_draft", _("a supprimé le brouillon de la version {number}"))

EXAMPLES = Path(__file__).parents[1] / "examples"


@transaction.atomic
def create_framework(
    school: School, *, kind: str, title: str, title_en: str = "", by: Person | System
) -> FrameworkVersion:
    """Create a framework of a school with its first draft, which is returned."""
    may(CREATE_FRAMEWORK, school, by)
    framework = Framework(school=school, kind=kind)
    entitle(framework, title, title_en)
    version = FrameworkVersion.objects.create(framework=framework, number=1)
    record(CREATE, framework, by=by, organisation=school.pk, kind=kind)
    return version


@transaction.atomic
def rename(framework: Framework, *, title: str, title_en: str, by: Person | System) -> Framework:
    """Change the title of a framework, whatever the state of its versions."""
    version = framework.versions.order_by("-number").first()
    if version is None:
        raise ValidationError(_("Ce référentiel n’a aucune version."), code="empty")
    may(EDIT_VERSION, version, by)
    held = Framework.objects.select_for_update().get(pk=framework.pk)
    entitle(held, title, title_en)
    record(RENAME, held, by=by, organisation=held.school_id)
    return held


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
    held.removals.all().delete()
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


@transaction.atomic
def delete_draft(version: FrameworkVersion, *, by: Person | System) -> None:
    """Delete a draft; a framework that never had another version goes with it."""
    may(EDIT_VERSION, version, by)
    held = draft(version)
    framework = Framework.objects.select_for_update().get(pk=held.framework_id)
    is_alone = not framework.versions.exclude(pk=held.pk).exists()
    record(DROP, held, by=by, organisation=framework.school_id, number=held.number)
    try:
        held.delete()
        if is_alone:
            framework.delete()
    except models.ProtectedError as error:
        message = _("Une table de correspondance se sert de ce référentiel : supprimez-la d’abord.")
        raise ValidationError(message, code="used") from error


@transaction.atomic
def derive_framework(
    version: FrameworkVersion,
    *,
    kind: str,
    title: str,
    title_en: str = "",
    by: Person | System,
) -> FrameworkVersion:
    """Open a new framework that starts from a published version of another one of the school.

    Its items have identifiers of their own; each says which item it comes from (`exactMatchOf`).
    """
    may(EDIT_VERSION, version, by)
    held = locked(version)
    if held.is_draft:
        raise ValidationError(_("Publiez d’abord ce brouillon."), code="draft")
    opened = create_framework(
        held.framework.school, kind=kind, title=title, title_en=title_en, by=by
    )
    known = queries.known(held)
    write(opened, origins.derived(known, address=case.item_address, fresh=lambda: str(uuid4())))
    record(BRANCH, opened, by=by, organisation=held.framework.school_id)
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
    found = example(told, owner=f"{school.uai}/{school.slug}")
    version = create_framework(
        school, kind=told["kind"], title=told["title"], title_en=told["title_en"], by=by
    )
    Framework.objects.filter(pk=version.framework_id).update(identifier=found.identifier)
    lines, links, about = found.lines, found.links, found.about
    write(version, Changes(created=lines, lines=lines, links=links, about=about))
    return publish(version, by=by)
