"""A crosswalk as a table that people read, and as a set of mappings that programs read."""

from collections.abc import Sequence

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

HEAD: tuple[Promise, ...] = (
    _("Code d’origine"),
    _("Énoncé d’origine"),
    _("Code d’arrivée"),
    _("Énoncé d’arrivée"),
    _("Relation"),
    _("Part couverte (%)"),
    _("Contenue tout entière"),
    _("État"),
    _("Justification"),
    _("Relecteur 1"),
    _("Relecteur 2"),
    _("Autres relecteurs"),
    _("Changée le"),
    _("Reprise d’une version antérieure"),
    _("Identifiant d’origine"),
    _("Identifiant d’arrivée"),
    _("Identifiant du couple"),
)


def table(version: CrosswalkVersion) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return heads and rows of all that people judged, "no match" included (five queries).

    Reviewers are numbered, never named; nothing is told that a blind review still hides.
    """
    return [str(head) for head in HEAD], [_row(one) for one in decided(version)]


def as_sssom(version: CrosswalkVersion) -> bytes:
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
    return sssom.write(about, decided(version), size(version, "target"))


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


def _row(one: Decided) -> tuple[object, ...]:
    opinion = one.opinion
    told: list[str] = [_said(each) for each in one.opinions]
    return (
        one.origin.code,
        one.origin.statement,
        one.destination.code,
        one.destination.statement,
        str(Relation(opinion.relation).label) if opinion else "",
        opinion.share if opinion else None,
        _yes(is_so=bool(opinion and opinion.is_within)),
        str(Mapping.State(one.state).label),
        one.rationale,
        *_first(told),
        " ; ".join(told[2:]),
        one.changed_on,
        _yes(is_so=one.is_carried),
        one.origin.identifier,
        one.destination.identifier,
        one.identifier,
    )


def _first(told: Sequence[str]) -> tuple[str, str]:
    one, other = (*told[:2], "", "")[:2]
    return one, other


def _said(opinion: Opinion) -> str:
    words = str(Relation(opinion.relation).label)
    return words if opinion.coverage is None else f"{words} ({opinion.coverage} %)"


def _yes(*, is_so: bool) -> str:
    return str(_("oui")) if is_so else ""
