"""What is done to frameworks: written as drafts, published, then never changed again."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.framework import Changes, Line
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_ITEM, EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person
from reseda.people.policy import Permission
from reseda.schools.domain.sheets import Fault
from reseda.schools.models import School

CREATE = Verb("competencies.create_framework", _("a créé un référentiel"))
IMPORT = Verb(
    "competencies.import_items",
    _("a importé un référentiel ({created} ajoutés, {updated} modifiés, {removed} retirés)"),
)
ADD = Verb("competencies.add_item", _("a ajouté un élément au référentiel"))
EDIT = Verb("competencies.edit_item", _("a modifié un élément du référentiel"))
DELETE = Verb("competencies.delete_item", _("a retiré {count} élément(s) du référentiel"))
MOVE = Verb("competencies.move_item", _("a déplacé un élément du référentiel"))
PUBLISH = Verb("competencies.publish", _("a publié la version {number} du référentiel"))
RETIRE = Verb("competencies.retire", _("a retiré la version {number} du référentiel"))
DERIVE = Verb("competencies.derive", _("a ouvert la version {number} du référentiel"))

EXAMPLES = Path(__file__).parent / "examples"

M = TypeVar("M", bound=models.Model)


class Unsound(Exception):
    """A framework that cannot be written or published: every fault, told in words by the pages."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


class ItemFacts(TypedDict):
    """What is told of an item."""

    code: str
    statement: str
    statement_en: str


def _may(permission: Permission[M], obj: M, by: Person | System) -> None:
    """Check a person’s right; the site itself may load its own examples."""
    if isinstance(by, Person):
        permission.require(by, obj)


def _held(version: FrameworkVersion) -> FrameworkVersion:
    return (
        FrameworkVersion.objects.select_for_update(of=("self",))
        .select_related("framework")
        .get(pk=version.pk)
    )


def _draft(version: FrameworkVersion) -> FrameworkVersion:
    """Lock a version, and refuse to go on unless it may still change."""
    held = _held(version)
    if not held.is_draft:
        raise ValidationError(
            _("Cette version est publiée : elle ne change plus. Ouvrez-en une nouvelle."),
            code="frozen",
        )
    return held


@transaction.atomic
def create_framework(
    school: School, *, kind: str, title: str, title_en: str = "", by: Person | System
) -> FrameworkVersion:
    """Create a framework of a school with its first draft, which is returned."""
    _may(CREATE_FRAMEWORK, school, by)
    framework = Framework(school=school, kind=kind, title=title, title_en=title_en)
    framework.full_clean()
    framework.save()
    version = FrameworkVersion.objects.create(framework=framework, number=1)
    record(CREATE, framework, by=by, organisation=school.pk, kind=kind)
    return version


def planned(version: FrameworkVersion, data: bytes) -> Changes:
    """Say what a file would do to a draft, with every fault; raises `sheets.Unreadable`."""
    read, faults = rules.read(data)
    found = (*faults, *rules.check(read))
    if found:
        return Changes(faults=tuple(sorted(found, key=lambda one: (one.line, one.column))))
    return rules.compare(read, queries.lines(version))


@transaction.atomic
def import_items(version: FrameworkVersion, *, data: bytes, by: Person | System) -> Changes:
    """Make a draft say what a file says, all of it or nothing; raises `Unsound`, `Unreadable`."""
    _may(EDIT_VERSION, version, by)
    held = _draft(version)
    changes = planned(held, data)
    if changes.faults:
        raise Unsound(changes.faults)
    if changes.is_nothing:
        return changes
    _apply(held, changes)
    counts = {
        "created": len(changes.created),
        "updated": len(changes.updated),
        "removed": len(changes.removed),
    }
    record(IMPORT, held, by=by, organisation=held.framework.school_id, **counts)
    return changes


def _apply(version: FrameworkVersion, changes: Changes) -> None:
    """Write changes: codes are freed first, parents set when every item is there, deaths last."""
    known = {str(item.identifier): item for item in version.items.all()}
    told = {was.identifier: now for was, now in changes.updated}
    gone = {line.identifier for line in changes.removed}
    by_code = {one.code: one for key, one in known.items() if key not in gone and key not in told}
    for key in (*told, *gone):
        Item.objects.filter(pk=known[key].pk).update(code=f"~{known[key].pk}")
    by_code |= {now.code: known[key] for key, now in told.items()}
    # A created parent comes before its children, whatever the order of the file.
    waiting = list(changes.created)
    while waiting:
        ready = [line for line in waiting if not line.parent or line.parent in by_code]
        for line in ready:
            by_code[line.code] = _create(version, line, by_code.get(line.parent))
        waiting = [line for line in waiting if line.code not in by_code]
    for key, now in told.items():
        item = known[key]
        item.code, item.kind, item.rank = now.code, now.kind, now.rank
        item.statement, item.statement_en = now.statement, now.statement_en
        item.parent = by_code[now.parent] if now.parent else None
        item.save()
    for line in changes.lines:
        parent = by_code[line.parent].pk if line.parent else None
        if by_code[line.code].parent_id != parent:
            Item.objects.filter(pk=by_code[line.code].pk).update(parent=parent)
    Item.objects.filter(pk__in=[known[key].pk for key in gone]).delete()


def _create(version: FrameworkVersion, line: Line, parent: Item | None) -> Item:
    return Item.objects.create(
        version=version,
        parent=parent,
        kind=line.kind,
        identifier=uuid.UUID(line.identifier) if line.identifier else uuid.uuid4(),
        code=line.code,
        statement=line.statement,
        statement_en=line.statement_en,
        rank=line.rank,
    )


@transaction.atomic
def add_item(
    version: FrameworkVersion,
    *,
    kind: str,
    parent: Item | None = None,
    by: Person | System,
    **told: Unpack[ItemFacts],
) -> Item:
    """Add an item to a draft, after those that already stand under the same parent."""
    _may(EDIT_VERSION, version, by)
    held = _draft(version)
    if kind not in rules.UNDER.get(parent.kind if parent else "", ()):
        raise ValidationError(_("Cet élément ne peut pas se placer ici."), code="kind_not_allowed")
    if parent is not None and parent.version_id != held.pk:
        raise ValidationError(_("Cet élément est d’une autre version."), code="elsewhere")
    siblings = Item.objects.filter(version=held, parent=parent)
    last = siblings.aggregate(last=models.Max("rank"))["last"] or 0
    item = Item(version=held, parent=parent, kind=kind, rank=last + 1, **told)
    item.full_clean()
    item.save()
    record(ADD, item, by=by, organisation=held.framework.school_id, kind=kind)
    return item


@transaction.atomic
def edit_item(item: Item, *, by: Person | System, **told: Unpack[ItemFacts]) -> Item:
    """Change the code and the wordings of an item of a draft."""
    _may(EDIT_ITEM, item, by)
    version = _draft(item.version)
    held = Item.objects.select_for_update().get(pk=item.pk)
    held.code, held.statement, held.statement_en = (
        told["code"],
        told["statement"],
        told["statement_en"],
    )
    held.full_clean()
    held.save()
    record(EDIT, held, by=by, organisation=version.framework.school_id)
    return held


@transaction.atomic
def delete_item(item: Item, *, by: Person | System) -> int:
    """Remove an item of a draft with all that is under it; return how many were removed."""
    _may(EDIT_ITEM, item, by)
    version = _draft(item.version)
    record_of = Item.objects.select_for_update().get(pk=item.pk)
    count, _by_model = Item.objects.filter(pk=item.pk).delete()
    record(DELETE, record_of, by=by, organisation=version.framework.school_id, count=count)
    return count


@transaction.atomic
def move_item(item: Item, *, is_up: bool, by: Person | System) -> Item:
    """Move an item of a draft one place among its siblings; at an end, nothing moves."""
    _may(EDIT_ITEM, item, by)
    version = _draft(item.version)
    siblings = list(
        Item.objects.select_for_update()
        .filter(version=version, parent=item.parent_id)
        .order_by("rank", "pk")
    )
    place = next(rank for rank, one in enumerate(siblings) if one.pk == item.pk)
    other = place - 1 if is_up else place + 1
    if 0 <= other < len(siblings):
        siblings[place], siblings[other] = siblings[other], siblings[place]
    for rank, one in enumerate(siblings, start=1):
        one.rank = rank
    Item.objects.bulk_update(siblings, ["rank"])
    record(MOVE, item, by=by, organisation=version.framework.school_id)
    return item


@transaction.atomic
def publish(version: FrameworkVersion, *, by: Person | System) -> FrameworkVersion:
    """Freeze a draft for good; the version that it replaces is retired. Raises `Unsound`."""
    _may(EDIT_VERSION, version, by)
    held = _draft(version)
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
    _may(EDIT_VERSION, version, by)
    held = _held(version)
    if held.status != FrameworkVersion.Status.PUBLISHED:
        raise ValidationError(_("Seule une version publiée se retire."), code="not_published")
    held.status, held.retired_at = FrameworkVersion.Status.RETIRED, timezone.now()
    held.save(update_fields=["status", "retired_at"])
    record(RETIRE, held, by=by, organisation=held.framework.school_id, number=held.number)
    return held


@transaction.atomic
def derive(version: FrameworkVersion, *, by: Person | System) -> FrameworkVersion:
    """Open a new draft that starts from a published version; items keep their identifiers."""
    _may(EDIT_VERSION, version, by)
    held = _held(version)
    Framework.objects.select_for_update().get(pk=held.framework_id)
    versions = FrameworkVersion.objects.filter(framework=held.framework_id)
    if held.is_draft or versions.filter(status="draft").exists():
        raise ValidationError(_("Un brouillon est déjà ouvert : continuez-le."), code="has_draft")
    last = versions.aggregate(last=models.Max("number"))["last"]
    draft = FrameworkVersion.objects.create(framework=held.framework, number=last + 1)
    _apply(draft, Changes(created=tuple(queries.lines(held))))
    record(DERIVE, draft, by=by, organisation=held.framework.school_id, number=draft.number)
    return draft


@transaction.atomic
def load_example(school: School, name: str, *, by: Person | System) -> FrameworkVersion:
    """Create and publish one of the frameworks written for this product: `ecole` or `reserve`."""
    told = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    version = create_framework(
        school, kind=told["kind"], title=told["title"], title_en=told["title_en"], by=by
    )
    _apply(version, Changes(created=tuple(_example_lines(told))))
    return publish(version, by=by)


def _example_lines(told: dict[str, Any]) -> Iterator[Line]:
    """Number what an example says: C1, C1-N1, C1-N1-A1; indicators are C1-I1."""
    for rank, competency in enumerate(told["competencies"], start=1):
        code = f"C{rank}"
        yield Line(code, "", rules.COMPETENCY, competency["fr"], competency["en"], rank)
        for place, (french, english) in enumerate(competency.get("indicators", ()), start=1):
            indicator = f"{code}-I{place}"
            yield Line(indicator, code, rules.COMPONENT, french, english, place)
        for step, level in enumerate(competency.get("levels", ()), start=1):
            under = f"{code}-N{step}"
            yield Line(under, code, rules.LEVEL, level["fr"], level["en"], step)
            for place, (french, english) in enumerate(level["learnings"], start=1):
                learning = f"{under}-A{place}"
                yield Line(learning, under, rules.LEARNING, french, english, place)
