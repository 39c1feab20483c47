"""Who may see and do what in service: its holder always, others only as its holder allows."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Mandate, Role
from reseda.people.policy import Permission, Rows, own, within
from reseda.schools.models import School
from reseda.service.models import (
    Attestation,
    Audience,
    Employment,
    Engagement,
    Leave,
    Offer,
    OfferCall,
    Period,
    Promotion,
    ReactivityClause,
    Suspension,
    TrainingStep,
)

PROGRAMME = "person__enrolments__cohort__programme"
ALLOWED = _("ceux de son école dont le titulaire l’a permis à ce rôle")


def _disclosed(path: str, audience: Audience) -> Q:
    return Q(**{f"{path}disclosures__audience": audience})


DECLARE_ENGAGEMENT: Permission[School] = Permission(
    "service.declare_engagement",
    School,
    _("Déclarer un engagement"),
    {
        Role.STUDENT: within("pk", says=_("pour soi, dans son école")),
        Role.STAFF: within("pk", says=_("pour soi, dans son école")),
    },
)
READ_ENGAGEMENT: Permission[Engagement] = Permission(
    "service.read_engagement",
    Engagement,
    _("Voir un engagement"),
    {
        Role.STUDENT: own("person"),
        Role.STAFF: own("person"),
        Role.REFERENT: within(
            "school", programme=PROGRAMME, also=_disclosed("", Audience.REFERENT), says=ALLOWED
        ),
        Role.STUDIES_DIRECTOR: within(
            "school",
            programme=PROGRAMME,
            also=_disclosed("", Audience.STUDIES_DIRECTOR),
            says=ALLOWED,
        ),
        Role.HUMAN_RESOURCES: within(
            "school", also=_disclosed("", Audience.HUMAN_RESOURCES), says=ALLOWED
        ),
    },
)
CHANGE_ENGAGEMENT: Permission[Engagement] = Permission(
    "service.change_engagement",
    Engagement,
    _("Modifier un engagement, choisir qui en est informé"),
    {Role.STUDENT: own("person"), Role.STAFF: own("person")},
)
FOLLOW_RESERVIST: Permission[Engagement] = Permission(
    "service.follow_reservist",
    Engagement,
    _("Suivre les réservistes (liste et dossiers, chaque consultation étant inscrite)"),
    {
        Role.REFERENT: READ_ENGAGEMENT.table[Role.REFERENT],
        Role.STUDIES_DIRECTOR: READ_ENGAGEMENT.table[Role.STUDIES_DIRECTOR],
        Role.HUMAN_RESOURCES: READ_ENGAGEMENT.table[Role.HUMAN_RESOURCES],
    },
)
READ_PERIOD: Permission[Period] = Permission(
    "service.read_period",
    Period,
    _("Voir une période de service"),
    {
        Role.STUDENT: own("engagement__person"),
        Role.STAFF: own("engagement__person"),
        Role.REFERENT: within(
            "engagement__school",
            programme=f"engagement__{PROGRAMME}",
            also=_disclosed("engagement__", Audience.REFERENT),
            says=ALLOWED,
        ),
        Role.STUDIES_DIRECTOR: within(
            "engagement__school",
            programme=f"engagement__{PROGRAMME}",
            also=_disclosed("engagement__", Audience.STUDIES_DIRECTOR),
            says=ALLOWED,
        ),
        Role.JURY_MEMBER: within(
            "engagement__school",
            programme=f"engagement__{PROGRAMME}",
            also=_disclosed("engagement__", Audience.JURY) & Q(status=Period.Status.DONE),
            says=_("celles, attestées, que leur titulaire ouvre au jury"),
        ),
        Role.HUMAN_RESOURCES: within(
            "engagement__school",
            also=_disclosed("engagement__", Audience.HUMAN_RESOURCES),
            says=ALLOWED,
        ),
    },
)
CHANGE_PERIOD: Permission[Period] = Permission(
    "service.change_period",
    Period,
    _("Saisir, modifier, annuler une période, demander sa confirmation"),
    {Role.STUDENT: own("engagement__person"), Role.STAFF: own("engagement__person")},
)
READ_ATTESTATION: Permission[Attestation] = Permission(
    "service.read_attestation",
    Attestation,
    _("Lire l’attestation d’une période"),
    {
        Role.STUDENT: own("period__engagement__person"),
        Role.STAFF: own("period__engagement__person"),
    },
)
CHANGE_PROMOTION: Permission[Promotion] = Permission(
    "service.change_promotion",
    Promotion,
    _("Modifier ses grades et spécialités"),
    {Role.STUDENT: own("engagement__person"), Role.STAFF: own("engagement__person")},
)
CHANGE_STEP: Permission[TrainingStep] = Permission(
    "service.change_step",
    TrainingStep,
    _("Modifier ses formations de réserviste"),
    {Role.STUDENT: own("engagement__person"), Role.STAFF: own("engagement__person")},
)
CHANGE_SUSPENSION: Permission[Suspension] = Permission(
    "service.change_suspension",
    Suspension,
    _("Modifier la suspension de son contrat"),
    {Role.STUDENT: own("engagement__person"), Role.STAFF: own("engagement__person")},
)
CHANGE_EMPLOYMENT: Permission[Employment] = Permission(
    "service.change_employment",
    Employment,
    _("Dire qui l’emploie"),
    {Role.STUDENT: own("person"), Role.STAFF: own("person")},
)
CHANGE_CLAUSE: Permission[ReactivityClause] = Permission(
    "service.change_clause",
    ReactivityClause,
    _("Modifier sa clause de réactivité"),
    {Role.STUDENT: own("engagement__person"), Role.STAFF: own("engagement__person")},
)
ASK_LEAVE: Permission[Period] = Permission(
    "service.ask_leave",
    Period,
    _("Demander à l’école, son employeur, une autorisation d’absence"),
    {Role.STAFF: own("engagement__person")},
)
READ_LEAVE: Permission[Leave] = Permission(
    "service.read_leave",
    Leave,
    _("Voir une demande d’autorisation d’absence"),
    {
        Role.STAFF: own("person"),
        Role.HUMAN_RESOURCES: within("school", says=_("celles de son école : demander le dit")),
    },
)
WITHDRAW_LEAVE: Permission[Leave] = Permission(
    "service.withdraw_leave",
    Leave,
    _("Retirer sa demande d’autorisation d’absence"),
    {Role.STAFF: own("person")},
)
DECIDE_LEAVE: Permission[Leave] = Permission(
    "service.decide_leave",
    Leave,
    _("Répondre à une demande d’autorisation d’absence"),
    {Role.HUMAN_RESOURCES: within("school")},
)
SET_EMPLOYER_RULE: Permission[School] = Permission(
    "service.set_employer_rule",
    School,
    _("Fixer les jours et le préavis des absences du personnel réserviste"),
    {Role.HUMAN_RESOURCES: within("pk")},
)


def _offered_to(mandate: Mandate) -> Q:
    """Offers of the force and school of an engagement that the holder of the mandate has open."""
    held = Engagement.objects.filter(
        person=mandate.person_id,
        school=OuterRef("school"),
        force=OuterRef("force"),
        ended_on__isnull=True,
    )
    return Q(Exists(held), withdrawn_at__isnull=True)


OFFERED = Rows(_("celles de sa force, dans l’école de son engagement"), _offered_to)
OFFER_PERIODS: Permission[School] = Permission(
    "service.offer_periods",
    School,
    _("Saisir et importer les périodes proposées, demander aux unités les leurs"),
    {Role.REFERENT: within("pk", says=_("dans son école"))},
)
READ_OFFER: Permission[Offer] = Permission(
    "service.read_offer",
    Offer,
    _("Voir les périodes proposées par les unités"),
    {
        Role.STUDENT: OFFERED,
        Role.STAFF: OFFERED,
        Role.REFERENT: within("school"),
        Role.STUDIES_DIRECTOR: within("school"),
    },
)
CHANGE_OFFER: Permission[Offer] = Permission(
    "service.change_offer",
    Offer,
    _("Modifier, retirer et rétablir une période proposée"),
    {Role.REFERENT: within("school")},
)
FOLLOW_OFFER_CALL: Permission[OfferCall] = Permission(
    "service.follow_offer_call",
    OfferCall,
    _("Relancer une unité à qui l’on a demandé ses périodes, clore la demande"),
    {Role.REFERENT: within("school")},
)
