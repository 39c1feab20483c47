"""What is done with files: kept, opened by somebody else than their owner, erased."""

import hashlib
import uuid
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseda.documents.models import StoredFile
from reseda.documents.queries import ROOT
from reseda.journal.actions import Actor, Verb, record
from reseda.people.models import Organisation, Person, seal

KEEP = Verb("documents.keep", _("a déposé un fichier ({content_type}, {size} octets)"))
CONSULT = Verb("documents.consult", _("a ouvert un fichier"))
ERASE = Verb("documents.erase", _("a effacé un fichier"))


@transaction.atomic
def keep(
    data: bytes,
    *,
    name: str,
    content_type: str,
    organisation: Organisation,
    owner: Person | None,
    by: Actor,
    is_sensitive: bool = True,
) -> StoredFile:
    """Store a content, sealed when it is sensitive; the right to give it is the calling room's.

    `name` and `content_type` come from `domain.uploads`, never straight from a browser.
    """
    key = uuid.uuid4().hex
    place = default_storage.save(
        f"{ROOT}/{key[:2]}/{key}", ContentFile(seal(data) if is_sensitive else data)
    )
    stored = StoredFile.objects.create(
        organisation_id=organisation.pk,
        owner=owner,
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        is_sensitive=is_sensitive,
        place=place,
    )
    record(
        KEEP,
        stored,
        by=by,
        organisation=organisation.pk,
        content_type=content_type,
        size=stored.size,
    )
    return stored


@transaction.atomic
def consult(stored: StoredFile, *, by: Actor) -> bytes:
    """Return the content and write in the journal who opened it: for a file of somebody else."""
    data = stored.read()
    record(CONSULT, stored, by=by, organisation=stored.organisation_id)
    return data


@transaction.atomic
def erase(stored: StoredFile, *, by: Actor) -> None:
    """Erase the row now and the content once the transaction is committed.

    Only the journal's two lines remain: that a file was given, and that it was erased.
    """
    held = StoredFile.objects.select_for_update().get(pk=stored.pk)
    record(ERASE, held, by=by, organisation=held.organisation_id)
    place = held.place
    held.delete()
    transaction.on_commit(partial(default_storage.delete, place))
