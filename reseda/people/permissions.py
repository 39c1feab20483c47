"""Who may see the persons of a school, give and end their mandates, and answer from an account."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import AnswerLink, Mandate, Organisation, Person, Role
from reseda.people.policy import Permission, Rows, Viewer, within

# Who may give which role. Referents bring people in; offices that decide are given by the studies.
GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.STUDIES_DIRECTOR: frozenset(Role),
    Role.REFERENT: frozenset(
        {Role.STUDENT, Role.STAFF, Role.TEACHER, Role.ASSESSOR, Role.UNIT_CORRESPONDENT}
    ),
    Role.REGISTRY: frozenset({Role.STUDENT, Role.STAFF, Role.TEACHER}),
}

READ_PERSON: Permission[Person] = Permission(
    "people.read_person",
    Person,
    _("Voir une personne et ses mandats"),
    {
        role: within(
            "mandates__organisation",
            programme="mandates__scope",
            says=_("celles qui ont ou ont eu un mandat dans son école"),
        )
        for role in (Role.STUDIES_DIRECTOR, Role.REFERENT)
    },
)

READ_MANDATE: Permission[Mandate] = Permission(
    "people.read_mandate",
    Mandate,
    _("Voir un mandat"),
    {
        role: within("organisation", programme="scope")
        for role in (Role.STUDIES_DIRECTOR, Role.REFERENT)
    },
)

GIVE_MANDATE: Permission[Organisation] = Permission(
    "people.give_mandate",
    Organisation,
    _("Donner un mandat"),
    {
        Role.STUDIES_DIRECTOR: within("pk", says=_("tous les rôles, dans son école")),
        Role.REFERENT: within(
            "pk",
            says=_("élève, personnel, enseignant, évaluateur, correspondant, dans son école"),
        ),
        Role.REGISTRY: within("pk", says=_("élève, personnel, enseignant, dans son école")),
    },
)

END_MANDATE: Permission[Mandate] = Permission(
    "people.end_mandate",
    Mandate,
    _("Mettre fin à un mandat, ou le rétablir"),
    {
        Role.STUDIES_DIRECTOR: within("organisation"),
        Role.REFERENT: within(
            "organisation",
            also=Q(role__in=GRANTS[Role.REFERENT]),
            says=_("ceux de son école, pour les rôles qu’il peut donner"),
        ),
    },
)

ANSWER_FROM_ACCOUNT: Permission[AnswerLink] = Permission(
    "people.answer_from_account",
    AnswerLink,
    _("Répondre depuis son compte à une question posée par lien"),
    {
        Role.UNIT_CORRESPONDENT: Rows(
            _("celles envoyées à son adresse électronique"),
            lambda mandate: Q(email__iexact=mandate.person.email),
        ),
    },
)


def roles_given(viewer: Viewer, school: Organisation) -> frozenset[Role]:
    """Return the roles that this viewer may give in this school; none for a limited mandate."""
    held = [
        Role(mandate.role)
        for mandate in viewer.mandates
        if mandate.organisation_id == school.pk and mandate.scope_id is None
    ]
    return frozenset().union(*(GRANTS[role] for role in held if role in GRANTS))
