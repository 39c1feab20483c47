"""Which teaching units of a draft say that they develop which competencies."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.competencies.actions.drafts import draft, may
from reseda.competencies.domain.framework import RELATED
from reseda.competencies.models import Association, FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person

DEVELOP = Verb(
    "competencies.develop",
    _("a changé {count} lien(s) entre unités d’enseignement et compétences"),
)
Pair = tuple[int, int]


@transaction.atomic
def develop(
    version: FrameworkVersion,
    *,
    added: Iterable[Pair],
    removed: Iterable[Pair],
    by: Person | System,
) -> int:
    """Link and unlink units and competencies of a draft (keys of items); return how many changed.

    What is already linked, or already not, is left as it is: two people may tick at the same time.
    """
    may(EDIT_VERSION, version, by)
    held = draft(version)
    wanted, unwanted = set(added), set(removed)
    _check(held, wanted)
    links = held.associations.filter(kind=RELATED)
    known = set(links.values_list("origin_id", "destination_id"))
    made = Association.objects.bulk_create(
        [
            Association(version=held, kind=RELATED, origin_id=unit, destination_id=competency)
            for unit, competency in sorted(wanted - known)
        ]
    )
    gone = 0
    for unit, competency in sorted(unwanted):
        gone += links.filter(Q(origin=unit, destination=competency)).delete()[0]
    count = len(made) + gone
    if count:
        record(DEVELOP, held, by=by, organisation=held.framework.school_id, count=count)
    return count


def _check(version: FrameworkVersion, pairs: set[Pair]) -> None:
    for place, kind in enumerate((Item.Kind.TEACHING_UNIT, Item.Kind.COMPETENCY)):
        keys = {pair[place] for pair in pairs}
        if version.items.filter(pk__in=keys, kind=kind).count() != len(keys):
            raise ValidationError(
                _("Ces éléments ne sont pas dans ce brouillon : rechargez la page."),
                code="elsewhere",
            )
