"""A crosswalk as a table that people read, and as a set of mappings that programs read."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain.case.build import PATH, encode
from reseda.competencies.domain.case.crosswalk import CORE, build_crosswalk
from reseda.competencies.domain.exchange import sssom
from reseda.competencies.domain.judgement import Decided, Opinion
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion, Mapping, Relation
from reseda.competencies.queries.case_crosswalks import as_served, pairs
from reseda.competencies.queries.crosswalks.lists import decided
from reseda.competencies.queries.crosswalks.progress import size

Value = Callable[[Decided], object]


def table(
    version: CrosswalkVersion, *, has_reviewers: bool = True
) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return heads and rows of all that people judged, "no match" included (five queries).

    Reviewers are numbered, never named; nothing is told that a blind review still hides. For who
    may not see reviewers there are neither opinions nor states.
    """
    columns = [
        (head, value)
        for head, value, is_of_reviewers in COLUMNS
        if has_reviewers or not is_of_reviewers
    ]
    rows = decided(version, has_reviewers=has_reviewers)
    return (
        [str(head) for head, _value in columns],
        [tuple(value(one) for _head, value in columns) for one in rows],
    )


def as_sssom(version: CrosswalkVersion, *, has_reviewers: bool = True) -> bytes:
    """Return a version as SSSOM, the pairs that have their outcome alone (six queries)."""
    base = f"{settings.PUBLIC_URL}{PATH}"
    published = version.published_at
    about = sssom.Set(
        f"{base}/CFDocuments/{version.crosswalk.identifier}",
        f"{base}/CFItems/",
        version.crosswalk.title,
        str(version.number),
        version.crosswalk.school.name,
        _source(base, version.source),
        _source(base, version.target),
        version.note,
        timezone.localdate(published) if published else None,
    )
    return sssom.write(
        about, decided(version, has_reviewers=has_reviewers), size(version, "target")
    )


def as_case(version: CrosswalkVersion, *, profile: str = CORE) -> bytes:
    """Return a published version as a package of CASE 1.1, as it is served (one query).

    Raises `ValueError` for a draft: CASE tells what people rely on.
    """
    if version.is_draft:
        raise ValueError("a draft is not told in CASE")
    one = as_served(version)
    return encode(build_crosswalk(one.identity, pairs(one), note=version.note, profile=profile))


def _source(base: str, side: FrameworkVersion) -> tuple[str, str]:
    return f"{base}/CFDocuments/{side.framework.identifier}", str(side.number)


def _relation(one: Decided) -> str:
    return str(Relation(one.opinion.relation).label) if one.opinion else ""


def _reviewer(rank: int) -> Value:
    return lambda one: _said(one.opinions[rank]) if len(one.opinions) > rank else ""


def _said(opinion: Opinion) -> str:
    words = str(Relation(opinion.relation).label)
    return words if opinion.coverage is None else f"{words} ({opinion.coverage} %)"


def _yes(*, is_so: bool) -> str:
    return str(_("oui")) if is_so else ""


# What each column is called, what it tells of a pair, and whether it is of how people reviewed.
COLUMNS: tuple[tuple[Promise, Value, bool], ...] = (
    (_("Code d’origine"), lambda one: one.origin.code, False),
    (_("Énoncé d’origine"), lambda one: one.origin.statement, False),
    (_("Code d’arrivée"), lambda one: one.destination.code, False),
    (_("Énoncé d’arrivée"), lambda one: one.destination.statement, False),
    (_("Relation"), _relation, False),
    (_("Part couverte (%)"), lambda one: one.opinion.share if one.opinion else None, False),
    (
        _("Contenue tout entière"),
        lambda one: _yes(is_so=bool(one.opinion and one.opinion.is_within)),
        False,
    ),
    (_("État"), lambda one: str(Mapping.State(one.state).label), True),
    (_("Justification"), lambda one: one.rationale, False),
    (_("Relecteur 1"), _reviewer(0), True),
    (_("Relecteur 2"), _reviewer(1), True),
    (_("Autres relecteurs"), lambda one: " ; ".join(map(_said, one.opinions[2:])), True),
    (_("Changée le"), lambda one: one.changed_on, False),
    (_("Reprise d’une version antérieure"), lambda one: _yes(is_so=one.is_carried), True),
    (_("Identifiant d’origine"), lambda one: one.origin.identifier, False),
    (_("Identifiant d’arrivée"), lambda one: one.destination.identifier, False),
    (_("Identifiant du couple"), lambda one: one.identifier, False),
)
