"""The only door to a draft: the right is checked, the row locked, a frozen version refused."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import FrameworkVersion
from reseda.journal.actions import System
from reseda.people.models import Person
from reseda.people.policy import Permission
from reseda.schools.domain.sheets import Fault

M = TypeVar("M", bound=models.Model)
# Rows sent to the database at a time.
AT_ONCE = 500


class Unsound(Exception):
    """A framework that cannot be written or published: every fault, told in words by the pages."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


def may(permission: Permission[M], obj: M, by: Person | System) -> None:
    """Check a person’s right; the site itself may load its own examples."""
    if isinstance(by, Person):
        permission.require(by, obj)


def locked(version: FrameworkVersion) -> FrameworkVersion:
    """Lock a version and read it again."""
    return (
        FrameworkVersion.objects.select_for_update(of=("self",))
        .select_related("framework")
        .get(pk=version.pk)
    )


def draft(version: FrameworkVersion) -> FrameworkVersion:
    """Lock a version, and refuse to go on unless it may still change."""
    held = locked(version)
    if not held.is_draft:
        raise ValidationError(
            _("Cette version est publiée : elle ne change plus. Ouvrez-en une nouvelle."),
            code="frozen",
        )
    return held
