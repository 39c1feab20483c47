"""Which school, framework, crosswalk and version the words of a command name."""

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reseda.competencies.models import Crosswalk, CrosswalkVersion, Framework, FrameworkVersion
from reseda.schools.models import School
from reseda.ui.management.engine import BadInput

W = TypeVar("W", Framework, Crosswalk)
V = TypeVar("V", FrameworkVersion, CrosswalkVersion)


def school(named: str | None) -> School:
    """Return a school by its slug or its number; the only one there is where none is named."""
    if named is None:
        found = list(School.objects.order_by("slug"))
        if len(found) == 1:
            return found[0]
        slugs = ", ".join(school.slug for school in found)
        raise BadInput("--school", "", _("nommez l’école, parmi %(slugs)s") % {"slugs": slugs})
    schools = School.objects.filter(slug=named)
    if named.isdecimal():
        schools = schools | School.objects.filter(pk=int(named))
    one = schools.first()
    if one is None:
        raise BadInput("--school", named, _("aucune école ne porte ce nom"))
    return one


def framework(named: str, home: School | None = None) -> Framework:
    """Return a framework by its identifier or its title, in a school where one is given."""
    return _only(
        Framework.objects.select_related("school"),
        named,
        home,
        absent=_("aucun référentiel n’a cet identifiant ni ce titre"),
        several=_("plusieurs écoles ont ce référentiel : donnez son identifiant"),
    )


def crosswalk(named: str, home: School | None = None) -> Crosswalk:
    """Return a crosswalk by its identifier or its title, in a school where one is given."""
    return _only(
        Crosswalk.objects.all(),
        named,
        home,
        absent=_("aucune table de correspondance n’a cet identifiant ni ce titre"),
        several=_("plusieurs écoles ont cette table de correspondance : donnez son identifiant"),
    )


def version(of: Framework, number: int | None = None) -> FrameworkVersion:
    """Return a version by its number; else the last published, or the draft where none is."""
    return _numbered(of.versions.select_related("framework__school"), of.title, number)


def crosswalk_version(of: Crosswalk, number: int | None = None) -> CrosswalkVersion:
    """Return a version by its number; else the last published, or the draft where none is."""
    versions = of.versions.select_related(
        "crosswalk__school", "source__framework", "target__framework"
    )
    return _numbered(versions, of.title, number)


def latest(of: Framework) -> FrameworkVersion:
    """Return the latest version, the draft where there is one."""
    found = of.versions.select_related("framework__school").order_by("-number").first()
    if found is None:
        raise BadInput(of.title, "", _("ce référentiel n’a aucune version"))
    return found


def _only(rows: QuerySet[W], named: str, home: School | None, *, absent: str, several: str) -> W:
    if home is not None:
        rows = rows.filter(school=home)
    try:
        found = list(rows.filter(identifier=UUID(named))[:2])
    except ValueError:
        found = list(rows.filter(title=named)[:2])
    if not found:
        raise BadInput(named, "", absent)
    if len(found) > 1:
        raise BadInput(named, "", several)
    return found[0]


def _numbered(versions: QuerySet[V], title: str, number: int | None) -> V:
    ordered = versions.order_by("-number")
    if number is not None:
        found = ordered.filter(number=number).first()
    else:
        found = ordered.exclude(status="draft").first() or ordered.first()
    if found is None:
        raise BadInput(title, number or "", _("cette version n’existe pas"))
    return found
