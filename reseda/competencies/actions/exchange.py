"""A draft made to say what a file says: all of it, or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import Unsound, draft, may
from reseda.competencies.domain.changes import Changes, Told, compare
from reseda.competencies.domain.framework import Line, Link, Term
from reseda.competencies.models import Association, Definition, FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person

IMPORT = Verb(
    "competencies.import_items",
    _("a importé un référentiel ({created} ajoutés, {updated} modifiés, {removed} retirés)"),
)
# Rows sent to the database at a time.
AT_ONCE = 500
WRITTEN = (
    *("code", "kind", "rank", "statement", "statement_en", "credits", "source_uri", "extra"),
    *("parent_link", "parent"),
)


def planned(version: FrameworkVersion, told: Told) -> Changes:
    """Say what a file would do to a draft, with every fault."""
    return compare(told, queries.known(version))


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


def write(version: FrameworkVersion, changes: Changes) -> None:
    """Write changes: codes are freed first, then every item, its parent, the links, deaths last.

    Items are written in bulk: a framework of thousands of items takes a handful of statements.
    """
    known = {str(item.identifier): item for item in version.items.all()}
    gone = [known[line.identifier].pk for line in changes.removed]
    told = {was.identifier: now for was, now in changes.updated}
    # Codes are unique in a version: those that move are first given one that nobody has.
    freed = [known[key] for key in told] + [known[line.identifier] for line in changes.removed]
    for item in freed:
        item.code = f"~{item.pk}"
    Item.objects.bulk_update(freed, ["code"], batch_size=AT_ONCE)
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
    Item.objects.bulk_update(changed.values(), WRITTEN, batch_size=AT_ONCE)
    _write_links(version, changes.links, by_code)
    _write_terms(version, changes.terms)
    if changes.about is not None:
        version.about = asdict(changes.about)
        version.save(update_fields=["about"])
    Item.objects.filter(pk__in=gone).delete()


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
