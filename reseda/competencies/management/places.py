"""Which school, framework and version the words of a command name."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reseda.competencies.models import Framework, FrameworkVersion
from reseda.schools.models import School
from reseda.ui.management.engine import BadInput


def school(named: str | None) -> School:
    """Return a school by its slug or its number; the only one there is where none is named."""
    if named is None:
        found = list(School.objects.order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        raise BadInput("--school", "", _("nommez l’école"))
    schools = School.objects.filter(slug=named)
    if named.isdecimal():
        schools = schools | School.objects.filter(pk=int(named))
    one = schools.first()
    if one is None:
        raise BadInput("--school", named, _("aucune école ne porte ce nom"))
    return one


def framework(named: str, home: School | None = None) -> Framework:
    """Return a framework by its identifier or its title, in a school where one is given."""
    frameworks: QuerySet[Framework] = Framework.objects.select_related("school")
    if home is not None:
        frameworks = frameworks.filter(school=home)
    try:
        found = list(frameworks.filter(identifier=UUID(named))[:2])
    except ValueError:
        found = list(frameworks.filter(title=named)[:2])
    if not found:
        raise BadInput(named, "", _("aucun référentiel n’a cet identifiant ni ce titre"))
    if len(found) > 1:
        raise BadInput(named, "", _("plusieurs écoles ont ce référentiel : donnez son identifiant"))
    return found[0]


def version(of: Framework, number: int | None = None) -> FrameworkVersion:
    """Return a version by its number; else the last published, or the draft where none is."""
    versions = of.versions.select_related("framework__school").order_by("-number")
    if number is not None:
        found = versions.filter(number=number).first()
    else:
        found = versions.exclude(status="draft").first() or versions.first()
    if found is None:
        raise BadInput(of.title, number or "", _("cette version n’existe pas"))
    return found


def latest(of: Framework) -> FrameworkVersion:
    """Return the latest version, the draft where there is one."""
    found = of.versions.select_related("framework__school").order_by("-number").first()
    if found is None:
        raise BadInput(of.title, "", _("ce référentiel n’a aucune version"))
    return found
