"""Which identifiers of a file are already those of another framework."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import QuerySet

from reseda.competencies.models import Association, Crosswalk, Framework, Item

# Identifiers asked for at a time: a statement takes at most some 32,000 values.
AT_ONCE = 10_000


def taken_items(identifiers: Sequence[str], framework: Framework) -> set[str]:
    """Return the identifiers that items of other frameworks have."""
    others = Item.objects.exclude(version__framework=framework)
    return _found(others, "identifier", identifiers)


def taken_links(identifiers: Sequence[str], framework: Framework) -> set[str]:
    """Return the identifiers that links of other frameworks have, in their trees or beside."""
    placed = Item.objects.exclude(version__framework=framework)
    others = Association.objects.exclude(version__framework=framework)
    return _found(placed, "parent_link", identifiers) | _found(others, "identifier", identifiers)


def is_free(identifier: str) -> bool:
    """Tell whether a new framework may have this identifier."""
    documents = (Framework.objects.all(), Crosswalk.objects.all())
    return not any(found.filter(identifier=identifier).exists() for found in documents)


def _found(
    rows: QuerySet[Item] | QuerySet[Association], name: str, keys: Sequence[str]
) -> set[str]:
    found: set[str] = set()
    for some in _chunks(keys):
        asked = rows.filter(**{f"{name}__in": some})
        found.update(str(key) for key in asked.values_list(name, flat=True))
    return found


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(dict.fromkeys(keys))
    while some := list(islice(left, AT_ONCE)):
        yield some
