"""Who may see and do what of studies: a timetable is its person’s, an absence its teacher’s too."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Role
from reseda.people.policy import Permission, Rows, own, within
from reseda.schools.models import School
from reseda.service.models import Engagement
from reseda.service.permissions import READ_ENGAGEMENT
from reseda.timetable.models import (
    Absence,
    AccommodationRequest,
    AccommodationReview,
    Concern,
    Feed,
    Plan,
    PlanLine,
)

Status = AccommodationRequest.Status
# Once the period is cancelled its student comes: nothing is left to justify.
JUSTIFIED = (
    Q(request__status=Status.GRANTED)
    & Q(answer=Absence.Answer.EXCUSED)
    & ~Q(request__period__status="cancelled")
)
PUBLISHED_TO_ME = Rows(
    _("les siennes, une fois le plan publié"),
    lambda mandate: Q(engagement__person=mandate.person_id, plan__status="published"),
)
GRANTED_TO_ME = Rows(
    _("celles retenues pour soi, une fois le plan publié"),
    lambda mandate: Q(
        engagement__person=mandate.person_id, plan__status="published", is_granted=True
    ),
)

# A rule holds for a whole school; whoever is limited to a programme tries it on that one alone.
OWN_SCHOOL = Rows(_("ceux de son école"), lambda mandate: Q(pk=mandate.organisation_id))

ADD_FEED: Permission[School] = Permission(
    "timetable.add_feed",
    School,
    _("Ajouter un emploi du temps"),
    {
        Role.STUDENT: within("pk", says=_("pour soi, dans son école")),
        Role.STAFF: within("pk", says=_("pour soi, dans son école")),
    },
)
READ_FEED: Permission[Feed] = Permission(
    "timetable.read_feed",
    Feed,
    _("Voir, choisir, corriger et retirer un emploi du temps"),
    {Role.STUDENT: own("person"), Role.STAFF: own("person")},
)
MANAGE_RULES: Permission[School] = Permission(
    "timetable.manage_rules",
    School,
    _("Dire ce que signifient les intitulés des emplois du temps"),
    {
        Role.STUDIES_DIRECTOR: OWN_SCHOOL,
        Role.REFERENT: OWN_SCHOOL,
    },
)
READ_REQUEST: Permission[AccommodationRequest] = Permission(
    "timetable.read_request",
    AccommodationRequest,
    _("Voir une demande d’aménagement"),
    {
        Role.STUDENT: own("person"),
        Role.REFERENT: within(
            "school",
            programme="programme",
            also=Q(period__engagement__disclosures__audience="referent"),
            says=_("celles dont le titulaire a informé le référent"),
        ),
        Role.STUDIES_DIRECTOR: within(
            "school", programme="programme", also=~Q(status=Status.WITHDRAWN)
        ),
    },
)
CHANGE_REQUEST: Permission[AccommodationRequest] = Permission(
    "timetable.change_request",
    AccommodationRequest,
    _("Retirer sa demande d’aménagement"),
    {Role.STUDENT: own("person")},
)
DECIDE_REQUEST: Permission[AccommodationRequest] = Permission(
    "timetable.decide_request",
    AccommodationRequest,
    _("Décider d’une demande d’aménagement"),
    {
        Role.STUDIES_DIRECTOR: within(
            "school", programme="programme", also=~Q(status=Status.WITHDRAWN)
        ),
    },
)
READ_ABSENCE: Permission[Absence] = Permission(
    "timetable.read_absence",
    Absence,
    _("Voir une absence justifiée (la séance, jamais la raison)"),
    {
        Role.STUDENT: own("request__person"),
        Role.TEACHER: Rows(
            _("celles de ses séances, une fois l’aménagement accordé"),
            lambda mandate: (
                JUSTIFIED & Q(teacher=mandate.person_id, request__school=mandate.organisation_id)
            ),
        ),
        Role.REGISTRY: within(
            "request__school",
            programme="request__programme",
            also=JUSTIFIED,
            says=_("celles de son école, une fois l’aménagement accordé"),
        ),
    },
)
READ_CONTRACT: Permission[AccommodationRequest] = Permission(
    "timetable.read_contract",
    AccommodationRequest,
    _("Reprendre un contrat d’aménagement accepté"),
    {
        Role.STUDENT: own("person"),
        Role.STUDIES_DIRECTOR: within(
            "school", programme="programme", also=Q(contract__isnull=False)
        ),
        Role.REGISTRY: within("school", programme="programme", also=Q(contract__isnull=False)),
    },
)
# Once the period is cancelled there is nothing to look back on, but what was said of it remains.
_FOLLOWED = Q(request__status=Status.GRANTED) & (
    ~Q(request__period__status="cancelled") | ~Q(outcome="")
)
_BY_REFERENT = within(
    "request__school",
    programme="request__programme",
    also=_FOLLOWED & Q(request__period__engagement__disclosures__audience="referent"),
    says=_("ceux des élèves qui en ont informé le référent"),
)
_BY_DIRECTOR = within("request__school", programme="request__programme", also=_FOLLOWED)
READ_REVIEW: Permission[AccommodationReview] = Permission(
    "timetable.read_review",
    AccommodationReview,
    _("Voir le bilan d’un aménagement"),
    {
        Role.STUDENT: own("request__person"),
        Role.REFERENT: _BY_REFERENT,
        Role.STUDIES_DIRECTOR: _BY_DIRECTOR,
    },
)
HOLD_REVIEW: Permission[AccommodationReview] = Permission(
    "timetable.hold_review",
    AccommodationReview,
    _("Faire le bilan d’un aménagement"),
    {Role.REFERENT: _BY_REFERENT, Role.STUDIES_DIRECTOR: _BY_DIRECTOR},
)
ANSWER_CONCERN: Permission[Concern] = Permission(
    "timetable.answer_concern",
    Concern,
    _("Lire le signalement d’une mesure défavorable et y répondre"),
    {
        Role.REFERENT: within(
            "request__school",
            programme="request__programme",
            also=Q(
                audience=Concern.Audience.REFERENT,
                withdrawn_at__isnull=True,
                request__period__engagement__disclosures__audience="referent",
            ),
            says=_("ceux des élèves qui ont informé le référent"),
        ),
        Role.STUDIES_DIRECTOR: within(
            "request__school",
            programme="request__programme",
            also=Q(audience=Concern.Audience.STUDIES_DIRECTOR, withdrawn_at__isnull=True),
            says=_("ceux qui lui sont adressés, faute de référent informé"),
        ),
    },
)
READ_CONCERN: Permission[Concern] = Permission(
    "timetable.read_concern",
    Concern,
    _("Voir le signalement d’une mesure défavorable"),
    {Role.STUDENT: own("request__person"), **ANSWER_CONCERN.table},
)
NOT_REMOVED = Q(removed_at__isnull=True)
READ_PLAN: Permission[Plan] = Permission(
    "timetable.read_plan",
    Plan,
    _("Voir les plans de conciliation"),
    {
        Role.REFERENT: within("school", programme="programme", also=NOT_REMOVED),
        Role.STUDIES_DIRECTOR: within("school", programme="programme", also=NOT_REMOVED),
    },
)
CHANGE_PLAN: Permission[Plan] = Permission(
    "timetable.change_plan",
    Plan,
    _("Demander, recalculer, publier, supprimer un plan de conciliation"),
    {Role.REFERENT: within("school", programme="programme")},
)
READ_LINE: Permission[PlanLine] = Permission(
    "timetable.read_line",
    PlanLine,
    _("Voir ce qu’un plan retient pour quelqu’un, ou refuse, et pourquoi"),
    {
        Role.STUDENT: PUBLISHED_TO_ME,
        Role.STAFF: PUBLISHED_TO_ME,
        Role.REFERENT: within(
            "plan__school",
            programme="plan__programme",
            also=Q(engagement__disclosures__audience="referent"),
            says=_("celles dont le titulaire a informé le référent"),
        ),
        Role.STUDIES_DIRECTOR: within(
            "plan__school",
            programme="plan__programme",
            also=Q(engagement__disclosures__audience="studies_director"),
            says=_("celles dont le titulaire a informé la direction des études"),
        ),
    },
)
ANSWER_LINE: Permission[PlanLine] = Permission(
    "timetable.answer_line",
    PlanLine,
    _("Accepter ou décliner ce qu’un plan publié retient"),
    {Role.STUDENT: GRANTED_TO_ME, Role.STAFF: GRANTED_TO_ME},
)
PIN_RESERVIST: Permission[Engagement] = Permission(
    "timetable.pin_reservist",
    Engagement,
    _("Fixer à la main une période d’un plan"),
    {Role.REFERENT: READ_ENGAGEMENT.table[Role.REFERENT]},
)
