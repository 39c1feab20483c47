"""What a draft says of itself: who made it, in what language, under which licence, on what."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import draft, may
from reseda.competencies.domain.case.addresses import address
from reseda.competencies.domain.framework import About
from reseda.competencies.models import Definition, FrameworkVersion
from reseda.competencies.permissions import EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person

EDIT_ABOUT = Verb("competencies.edit_about", _("a modifié la présentation du référentiel"))
TEXT = "licenseText"


@dataclass(frozen=True)
class Notice:
    """The presentation of a version, as people write it; subjects in order, without repetition."""

    creator: str = ""
    publisher: str = ""
    description: str = ""
    notes: str = ""
    official_source_url: str = ""
    language: str = "fr"
    licence: str = ""
    licence_text: str = ""
    subjects: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def write_about(version: FrameworkVersion, *, notice: Notice, by: Person | System) -> None:
    """Write the presentation of a draft; what an import brought beside it stays."""
    may(EDIT_VERSION, version, by)
    held = draft(version)
    known: About = queries.known_about(held)
    held.about = asdict(
        replace(
            known,
            # A school is the author of its own frameworks: its name is said only of somebody else.
            creator="" if notice.creator == held.framework.school.name else notice.creator,
            publisher=notice.publisher,
            description=notice.description,
            notes=notice.notes,
            # As it is served, so that the import of an export changes nothing.
            official_source_url=address(notice.official_source_url),
            language=notice.language,
        )
    )
    held.save(update_fields=["about"])
    _write_licence(held, notice)
    _write_subjects(held, notice.subjects)
    record(EDIT_ABOUT, held, by=by, organisation=held.framework.school_id)


def _write_licence(version: FrameworkVersion, notice: Notice) -> None:
    kind = Definition.Kind.LICENSE
    held = version.definitions.filter(kind=kind).order_by("pk").first()
    if not (notice.licence or notice.licence_text):
        if held is not None:
            held.delete()
        return
    held = held or Definition(version=version, kind=kind, identifier=uuid.uuid4())
    held.title = notice.licence
    held.content = {**held.content, TEXT: notice.licence_text or notice.licence}
    held.save()


def _write_subjects(version: FrameworkVersion, titles: Sequence[str]) -> None:
    """Keep the identifiers of subjects that stay; new ones are coded by their place."""
    kind = Definition.Kind.SUBJECT
    held = {one.title: one for one in version.definitions.filter(kind=kind).order_by("-pk")}
    wanted = tuple(dict.fromkeys(titles))
    version.definitions.filter(kind=kind).exclude(
        pk__in=[held[title].pk for title in wanted if title in held]
    ).delete()
    for place, title in enumerate(wanted, start=1):
        one = held.get(title) or Definition(version=version, kind=kind, title=title)
        # A code that an author gave stays: it may tell which subject stands under which.
        one.content = {"hierarchyCode": str(place), **one.content}
        one.save()
