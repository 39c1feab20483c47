"""What is read of people."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reseda.people.http import question
from reseda.people.models import AnswerLink, Mandate, Organisation, Person, Role, in_force
from reseda.people.permissions import (
    ANSWER_FROM_ACCOUNT,
    END_MANDATE,
    GIVE_MANDATE,
    READ_MANDATE,
    READ_PERSON,
)
from reseda.people.policy import Viewer, matrix
from reseda.ui.domain.parts import Todo


def digest_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256, so that the database alone opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


# --- Answer links


def open_link(token: str) -> AnswerLink | None:
    """Return the link of a token, whatever its state, or None when no such link was ever made."""
    return (
        AnswerLink.objects.select_related("organisation")
        .filter(token_digest=digest_of(token))
        .first()
    )


def may_answer(link: AnswerLink) -> bool:
    """Tell whether a link still awaits its answer."""
    return link.answered_at is None and link.revoked_at is None and link.expires_at > timezone.now()


def is_expired(link: AnswerLink) -> bool:
    """Tell whether a link was neither answered nor cancelled, but came too late."""
    return (
        link.answered_at is None and link.revoked_at is None and link.expires_at <= timezone.now()
    )


def awaiting(viewer: Viewer) -> QuerySet[AnswerLink]:
    """Return the questions still open that were sent to the viewer's address, soonest end first."""
    return (
        ANSWER_FROM_ACCOUNT.rows(viewer)
        .filter(answered_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())
        .select_related("organisation")
        .order_by("expires_at", "pk")
    )


def todo(viewer: Viewer) -> list[Todo]:
    """Return the questions that await an answer from the viewer."""
    return [
        Todo(
            title=question(link.purpose),
            url=reverse("people:list_answers"),
            tone="wait",
            pill=_("À répondre"),
            detail=str(link.organisation),
            due_on=timezone.localdate(link.expires_at),
        )
        for link in awaiting(viewer)
    ]


# --- Persons and mandates


def persons(viewer: Viewer) -> QuerySet[Person]:
    """Return the persons the viewer may see, with `shown`: the mandates in force she may see."""
    held = READ_MANDATE.rows(viewer).filter(in_force(viewer.today))
    shown = held.select_related("organisation", "scope").order_by("role", "from_on")
    return READ_PERSON.rows(viewer).prefetch_related(
        Prefetch("mandates", queryset=shown, to_attr="shown")
    )


def may_see_persons(viewer: Viewer) -> bool:
    """Tell whether the page of persons exists for this viewer."""
    return any(role in viewer.roles for role in READ_PERSON.table)


def holds(viewer: Viewer, role: Role) -> Q:
    """Select persons who hold a role today, by a mandate the viewer may see."""
    seen = READ_MANDATE.rows(viewer).filter(in_force(viewer.today), role=role)
    return Q(pk__in=seen.values("person"))


def endable(viewer: Viewer, person: Person) -> frozenset[int]:
    """Return the keys of the mandates of a person that the viewer may end or restore."""
    return frozenset(END_MANDATE.rows(viewer).filter(person=person).values_list("pk", flat=True))


def mandates(viewer: Viewer, person: Person) -> list[Mandate]:
    """Return every mandate of a person that the viewer may see, latest first."""
    seen = READ_MANDATE.rows(viewer).filter(person=person)
    return list(seen.select_related("organisation", "scope").order_by("-from_on", "-pk"))


def places_to_give_in(viewer: Viewer) -> QuerySet[Organisation]:
    """Return the schools where the viewer may give mandates, with their programmes."""
    schools = GIVE_MANDATE.rows(viewer)
    programmes = Q(kind=Organisation.Kind.PROGRAMME, parent__in=schools.values("pk"))
    places = Organisation.objects.filter(Q(pk__in=schools.values("pk")) | programmes)
    # The school first, then its programmes.
    return places.select_related("parent").order_by("-kind", "name")


def is_last_director(mandate: Mandate, day: date) -> bool:
    """Tell whether ending this mandate would leave the school without a director of studies."""
    if mandate.role != Role.STUDIES_DIRECTOR or mandate.scope_id is not None:
        return False
    others = Mandate.objects.filter(
        in_force(day),
        organisation=mandate.organisation_id,
        role=Role.STUDIES_DIRECTOR,
        scope=None,
        person__is_active=True,
    )
    return not others.exclude(pk=mandate.pk).exists()


def school_of(person: Person) -> Organisation | None:
    """Return a school where the person now holds a mandate, for the letters sent to them."""
    held = Mandate.objects.filter(in_force(timezone.localdate()), person=person)
    found = held.select_related("organisation").first()
    return found.organisation if found else None


# --- The account


def sessions(person: Person) -> list[UserSession]:
    """Return the sessions of a person that are still open, latest first; nothing is purged."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found = UserSession.objects.filter(user=person, session_key__in=alive)
    return list(found.order_by("-created_at"))


def factors(person: Person) -> dict[str, int]:
    """Count what proves who a person is, by kind: totp, webauthn, recovery_codes."""
    kinds = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    found = dict.fromkeys(Authenticator.Type.values, 0)
    for kind in kinds:
        found[kind] += 1
    return found


# --- The matrix of rights


@dataclass(frozen=True)
class Right:
    """One permission as people read it: its code, what it allows, and rows by role of the room.

    `cells` follows the roles of the room, "" where the role has no such right.
    """

    code: str
    says: str
    cells: tuple[str, ...]

    def holders(self, roles: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return the same thing in lines: roles that see the same rows, and these rows."""
        found: dict[str, list[str]] = {}
        for role, cell in zip(roles, self.cells, strict=True):
            if cell:
                found.setdefault(cell, []).append(role)
        return [(capfirst(", ".join(held)), cell) for cell, held in found.items()]


@dataclass(frozen=True)
class RoomRights:
    """The permissions of one room; `roles` heads the columns, only those that hold one of them."""

    name: str
    title: str
    roles: tuple[str, ...]
    rights: tuple[Right, ...]

    @property
    def lines(self) -> list[tuple[Right, list[tuple[str, str]]]]:
        """The permissions of the room, each with who holds it over which rows."""
        return [(right, right.holders(self.roles)) for right in self.rights]


def rights() -> list[RoomRights]:
    """Return the matrix of rights room by room, as the policy applies it."""
    names = dict.fromkeys(permission.code.partition(".")[0] for permission in matrix())
    return [_room_rights(name) for name in names]


def _room_rights(name: str) -> RoomRights:
    held = [one for one in matrix() if one.code.partition(".")[0] == name]
    roles = [role for role in Role if any(role in one.table for one in held)]
    return RoomRights(
        name=name,
        title=_title(name),
        roles=tuple(str(role.label) for role in roles),
        rights=tuple(
            Right(
                one.code,
                str(one.says),
                tuple(str(one.table[role].says) if role in one.table else "" for role in roles),
            )
            for one in held
        ),
    )


def _title(name: str) -> str:
    labels: Iterable[str] = (config.label for config in apps.get_app_configs())
    return str(apps.get_app_config(name).verbose_name) if name in labels else name
