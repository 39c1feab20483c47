"""What is read of documents."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from reseda.documents.models import StoredFile

ROOT = "documents"


def content(stored: StoredFile) -> bytes:
    """Return the content as it was given, or raise `models.Unreadable` when lost or changed."""
    return stored.read()


def orphans() -> Iterator[str]:
    """Yield the names under which contents lie that no row knows: what an undone change left."""
    known = set(StoredFile.objects.values_list("place", flat=True))
    shelves = default_storage.listdir(ROOT)[0] if default_storage.exists(ROOT) else []
    for shelf in sorted(shelves):
        for name in sorted(default_storage.listdir(f"{ROOT}/{shelf}")[1]):
            if f"{ROOT}/{shelf}/{name}" not in known:
                yield f"{ROOT}/{shelf}/{name}"
