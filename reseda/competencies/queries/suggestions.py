"""What suggestions are made from: both sides of a crosswalk, decisions, texts to learn from."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reseda.competencies.domain.crosswalk import files
from reseda.competencies.domain.crosswalk.statements import Statement, paired, statements
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion, Item
from reseda.competencies.queries.crosswalks import validated
from reseda.competencies.queries.known import lines

# A larger corpus teaches little more, and takes longer to read than it is worth.
MOST_TEXTS = 100_000
LARGEST = 32 * 1024 * 1024
TEXTS = frozenset({".txt", ".md"})
TABLES = frozenset({".csv", ".tsv"})


@dataclass(frozen=True)
class Given:
    """All that suggestions for a version are computed from; `keys` are those of the two lists."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    source_keys: tuple[int, ...]
    target_keys: tuple[int, ...]
    learned: tuple[tuple[str, str], ...]
    corpus: tuple[str, ...]


def given(version: CrosswalkVersion) -> Given:
    """Return what suggestions for a version are computed from, its statements in tree order."""
    source, source_keys = _side(version.source, version.source_kinds)
    target, target_keys = _side(version.target, version.target_kinds)
    return Given(
        tuple(one.text for one in source),
        tuple(one.text for one in target),
        source_keys,
        target_keys,
        tuple(paired(validated(version.crosswalk.school), source, target)),
        tuple(corpus()),
    )


def corpus() -> list[str]:
    """Return the texts of the installation, each once, in a steady order, `MOST_TEXTS` at most.

    They are the statements of all published frameworks, and those of the folder RESEDA_CORPUS; a
    file of it that cannot be read is passed over. Where there are too many, their digests choose.
    """
    published = Item.objects.filter(~Q(version__status="draft"))
    found = set(published.values_list("statement", flat=True)) | set(_kept())
    if len(found) > MOST_TEXTS:
        found = set(sorted(found, key=_digest)[:MOST_TEXTS])
    return sorted(found)


def text_files(folder: Path) -> list[Path]:
    """Return the texts and tables of a folder and of all under it, in the order of their names."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in TEXTS | TABLES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def said(version: CrosswalkVersion) -> str:
    """Say where the suggestions of a version stand, and what they learned from, in one sentence."""
    states = CrosswalkVersion.Suggesting
    if version.suggesting == states.DONE and version.suggested_at:
        return _(
            "Suggestions calculées le %(day)s, "
            "d’après %(texts)d textes et %(pairs)d couples validés."
        ) % {
            "day": date_format(localtime(version.suggested_at), "j F Y"),
            "texts": version.learned_texts,
            "pairs": version.learned_pairs,
        }
    return {
        states.QUEUED: _("Suggestions en cours de calcul : elles s’afficheront ici sans attendre."),
        states.FAILED: _(
            "Le calcul des suggestions s’est interrompu : relancez-le. S’il échoue encore, "
            "prévenez la personne qui administre le site ; les couples se relisent sans elles."
        ),
    }.get(states(version.suggesting), _("Les suggestions ne sont pas encore calculées."))


def _side(version: FrameworkVersion, kinds: str) -> tuple[list[Statement], tuple[int, ...]]:
    found = statements(lines(version), kinds.split(","))
    keys = dict(version.items.values_list("code", "pk"))
    return found, tuple(keys[one.code] for one in found)


def _kept() -> Iterator[str]:
    if not settings.CORPUS_DIR:
        return
    for path in text_files(Path(settings.CORPUS_DIR)):
        try:
            if path.stat().st_size <= LARGEST:
                data = path.read_bytes()
                yield from files.texts_of(data, is_table=path.suffix.lower() in TABLES)
        except (OSError, files.Unusable):
            continue


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
