"""The policy of rights: one table per permission, role -> rows, that filters lists, opens objects
and is printed.

Closed by default: a role absent from a table sees nothing, and what one may not see does not
exist (404).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Mandate, Person, Role, in_force

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Viewer:
    """A person on a day, with the mandates then in force: what every right is decided on."""

    person: Person
    mandates: tuple[Mandate, ...]
    today: date

    @classmethod
    def of(cls, person: Person, today: date | None = None) -> "Viewer":
        """Load the mandates in force of a person, today unless another day is given (one query)."""
        day = today or timezone.localdate()
        held = Mandate.objects.filter(in_force(day), person=person)
        mandates = tuple(held.select_related("organisation", "scope"))
        for mandate in mandates:
            mandate.person = person
        return cls(person, mandates, day)

    @property
    def roles(self) -> frozenset[str]:
        """The roles held anywhere."""
        return frozenset(mandate.role for mandate in self.mandates)

    def organisations(self, *roles: Role) -> tuple[int, ...]:
        """Return the keys of the organisations where one of these roles (any, if none given) is
        held.
        """
        return tuple(
            {m.organisation_id: None for m in self.mandates if not roles or m.role in roles}
        )


@dataclass(frozen=True)
class Rows:
    """Which rows a mandate opens, and how the matrix of rights says it."""

    says: str | Promise
    select: Callable[[Mandate], Q]


def own(path: str) -> Rows:
    """Rows whose person, at this path of the model, is the holder of the mandate, in the mandate's
    school or not.
    """
    return Rows(_("les siens"), lambda mandate: Q(**{path: mandate.person_id}))


def within(
    school: str, *, programme: str = "", also: Q | None = None, says: str | Promise = ""
) -> Rows:
    """Rows of the mandate's school, of its programme alone where the mandate is limited to one.

    `also` narrows further (what its owner allowed to be known, say); `says` tells it in the matrix.
    A mandate limited to a programme opens nothing on a model that has no `programme` path.
    """

    def select(mandate: Mandate) -> Q:
        if mandate.scope_id is not None and not programme:
            return Q(pk__in=[])
        chosen = Q(**{school: mandate.organisation_id})
        if mandate.scope_id is not None:
            chosen &= Q(**{programme: mandate.scope_id})
        return chosen & also if also is not None else chosen

    return Rows(says or _("ceux de son école"), select)


@dataclass(frozen=True, eq=False)
class Permission(Generic[M]):
    """One right over one model; `code` is `room.verb_noun`, `says` is the French sentence of the
    matrix.
    """

    code: str
    model: type[M]
    says: str | Promise
    table: Mapping[Role, Rows] = field(default_factory=dict)
    known: ClassVar[dict[str, "Permission[Any]"]] = {}

    def __post_init__(self) -> None:
        if self.code in Permission.known:
            message = f"two permissions are called {self.code}"
            raise ValueError(message)
        Permission.known[self.code] = self

    def rows(self, viewer: Viewer) -> QuerySet[M]:
        """Return the rows this right opens to the viewer, each once; none for a stranger."""
        choices = [
            self.table[Role(m.role)].select(m) for m in viewer.mandates if m.role in self.table
        ]
        manager = self.model._default_manager
        if not choices:
            return manager.none()
        return manager.filter(pk__in=manager.filter(reduce(or_, choices)).values("pk"))

    def get_or_404(self, viewer: Viewer, /, *related: str, **lookup: Any) -> M:
        """Return the one row of the lookup, or 404 as if it did not exist; `related` is loaded
        with it.
        """
        found = self.rows(viewer).select_related(*related).filter(**lookup).first()
        if found is None:
            raise Http404
        return found

    def allows(self, viewer: Viewer, obj: M) -> bool:
        """Tell whether this right opens this row to the viewer."""
        return self.rows(viewer).filter(pk=obj.pk).exists()

    def require(self, person: Person, obj: M) -> Viewer:
        """Return the viewer, or raise `PermissionDenied`: the check that opens every action."""
        viewer = Viewer.of(person)
        if not self.allows(viewer, obj):
            raise PermissionDenied(self.code)
        return viewer


def matrix() -> Iterable[Permission[Any]]:
    """Return every permission of the house, sorted by code."""
    return (Permission.known[code] for code in sorted(Permission.known))
