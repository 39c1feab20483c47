"""A framework made to say what a file says: all of it, or nothing."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import AT_ONCE, Unsound, draft, may
from reseda.competencies.actions.titles import entitle
from reseda.competencies.domain.changes import Changes, Known, Told, compare
from reseda.competencies.domain.exchange.identity import freed, item_identifiers, link_identifiers
from reseda.competencies.domain.framework import Line, Link, Term
from reseda.competencies.models import (
    Association,
    Definition,
    Framework,
    FrameworkVersion,
    Item,
)
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION
from reseda.competencies.queries import taken
from reseda.documents import actions as documents
from reseda.documents.models import StoredFile
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person
from reseda.schools.models import School

IMPORT = Verb(
    "competencies.import_items",
    _("a importé un référentiel ({created} ajoutés, {updated} modifiés, {removed} retirés)"),
)
CREATE_FROM = Verb(
    "competencies.create_from",
    _("a créé un référentiel depuis un fichier ({created} éléments)"),
)
WRITTEN = (
    *("code", "kind", "rank", "statement", "statement_en", "credits", "source_uri", "extra"),
    *("parent_link", "parent"),
)


def planned(version: FrameworkVersion, told: Told, known: Known | None = None) -> Changes:
    """Say what a file would do to a draft, with every fault; `known` saves reading it again."""
    return compare(_own(version.framework, told), known or queries.known(version))


def announced(told: Told) -> Changes:
    """Say what a framework made of a file would hold, with every fault."""
    return compare(told, Known())


def _own(framework: Framework, told: Told) -> Told:
    """Keep the identifiers of a file, but those that other frameworks have."""
    return freed(
        told,
        framework=str(framework.identifier),
        items=taken.taken_items(item_identifiers(told), framework),
        links=taken.taken_links(link_identifiers(told), framework),
    )


@transaction.atomic
def import_items(version: FrameworkVersion, *, told: Told, by: Person | System) -> Changes:
    """Make a draft say what a file says, all of it or nothing; raises `Unsound`."""
    may(EDIT_VERSION, version, by)
    held = draft(version)
    changes = planned(held, told)
    if changes.faults:
        raise Unsound(changes.faults)
    if changes.is_nothing:
        return changes
    write(held, changes)
    counts = {
        "created": len(changes.created),
        "updated": len(changes.updated),
        "removed": len(changes.removed),
    }
    record(IMPORT, held, by=by, organisation=held.framework.school_id, **counts)
    return changes


@transaction.atomic
def create_from(
    school: School, told: Told, *, kind: str, title: str, title_en: str = "", by: Person | System
) -> FrameworkVersion:
    """Create a framework of a school that says what a file says; return its first draft.

    It takes the identifier of the file where nobody else has it. Raises `Unsound` and
    `ValidationError`, and then leaves nothing.
    """
    may(CREATE_FRAMEWORK, school, by)
    framework = Framework(school=school, kind=kind)
    if told.identifier and taken.is_free(told.identifier):
        framework.identifier = uuid.UUID(told.identifier)
    entitle(framework, title, title_en)
    version = FrameworkVersion.objects.create(framework=framework, number=1)
    changes = compare(_own(framework, told), Known())
    if changes.faults:
        raise Unsound(changes.faults)
    write(version, changes)
    count = len(changes.created)
    record(CREATE_FROM, framework, by=by, organisation=school.pk, kind=kind, created=count)
    return version


@transaction.atomic
def import_file(
    version: FrameworkVersion, stored: StoredFile, *, told: Told, by: Person
) -> Changes:
    """Do as `import_items` with a file that awaits it, which is erased: it serves once."""
    _use(stored, by)
    return import_items(version, told=told, by=by)


@transaction.atomic
def create_from_file(
    school: School, stored: StoredFile, told: Told, *, kind: str, title: str, by: Person
) -> FrameworkVersion:
    """Do as `create_from` with a file that awaits it, which is erased: it serves once."""
    _use(stored, by)
    return create_from(school, told, kind=kind, title=title, by=by)


def _use(stored: StoredFile, by: Person) -> None:
    """Erase a file first: whoever confirms it at the same time waits here, then finds nothing."""
    try:
        documents.erase(stored, by=by)
    except StoredFile.DoesNotExist as error:
        raise ValidationError(_("Ce fichier a déjà été importé."), code="already_used") from error


def write(version: FrameworkVersion, changes: Changes) -> None:
    """Write changes: codes are freed first, then every item, its parent, the links, deaths last.

    Items are written in bulk: a framework of thousands of items takes a handful of statements.
    """
    known = {str(item.identifier): item for item in version.items.all()}
    gone = [known[line.identifier].pk for line in changes.removed]
    told = {was.identifier: now for was, now in changes.updated}
    renamed = [known[was.identifier].pk for was, now in changes.updated if was.code != now.code]
    _free(version, [*renamed, *gone])
    standing = (line for line in changes.lines if line.identifier in known)
    by_code = {line.code: known[line.identifier] for line in standing}
    _create(version, changes.created, by_code)
    changed = {known[key].pk: known[key] for key in told}
    for key, now in told.items():
        _say(known[key], now)
    # A line may say the same while the code of its parent has passed to another item.
    for line in changes.lines:
        item, parent = by_code[line.code], by_code.get(line.parent)
        if item.parent_id != (parent.pk if parent else None):
            item.parent = parent
            changed[item.pk] = item
    _rewrite(changed.values())
    _write_links(version, changes.links, by_code)
    _write_terms(version, changes.terms)
    if changes.about is not None:
        version.about = asdict(changes.about)
        version.save(update_fields=["about"])
    for some in _some(gone):
        Item.objects.filter(pk__in=some).delete()


def _free(version: FrameworkVersion, keys: Sequence[int]) -> None:
    """Give items that change code, or go, a code that nobody has: codes are unique in a version."""
    apart = Concat(Value("~"), Cast("pk", CharField()))
    for some in _some(keys):
        version.items.filter(pk__in=some).update(code=apart)


def _rewrite(items: Iterable[Item]) -> None:
    """Write items that are known, as rows that replace theirs: one statement for many rows."""
    Item.objects.bulk_create(
        items,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=WRITTEN,
    )


def _some(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _create(version: FrameworkVersion, lines: Sequence[Line], by_code: dict[str, Item]) -> None:
    """Create items floor by floor: a created parent comes before its children."""
    waiting = list(lines)
    while waiting:
        ready = [line for line in waiting if not line.parent or line.parent in by_code]
        items = [
            Item(
                version=version,
                parent=by_code[line.parent] if line.parent else None,
                identifier=uuid.UUID(line.identifier) if line.identifier else uuid.uuid4(),
            )
            for line in ready
        ]
        for item, line in zip(items, ready, strict=True):
            _say(item, line)
        Item.objects.bulk_create(items, batch_size=AT_ONCE)
        by_code |= {item.code: item for item in items}
        left = [line for line in waiting if line.code not in by_code]
        if len(left) == len(waiting):
            raise ValueError("a checked tree has a parent for every line")
        waiting = left


def _say(item: Item, line: Line) -> None:
    item.code, item.kind, item.rank = line.code, line.kind, line.rank
    item.statement, item.statement_en = line.statement, line.statement_en
    item.credits, item.source_uri, item.extra = line.credits, line.source, dict(line.extra)
    item.parent_link = uuid.UUID(line.parent_link) if line.parent_link else None


def _write_links(
    version: FrameworkVersion, links: Sequence[Link] | None, by_code: dict[str, Item]
) -> None:
    if links is None:
        return
    version.associations.all().delete()
    Association.objects.bulk_create(
        [
            Association(
                version=version,
                identifier=uuid.UUID(link.identifier) if link.identifier else uuid.uuid4(),
                kind=link.kind,
                origin=by_code[link.origin] if link.origin else None,
                destination=by_code[link.destination] if link.destination else None,
                outside=dict(link.outside),
                rank=link.rank,
                extra=dict(link.extra),
            )
            for link in links
        ],
        batch_size=AT_ONCE,
    )


def _write_terms(version: FrameworkVersion, terms: Sequence[Term] | None) -> None:
    if terms is None:
        return
    version.definitions.all().delete()
    Definition.objects.bulk_create(
        [
            Definition(
                version=version,
                kind=term.kind,
                identifier=uuid.UUID(term.identifier),
                title=term.title,
                content=dict(term.content),
            )
            for term in terms
        ],
        batch_size=AT_ONCE,
    )
