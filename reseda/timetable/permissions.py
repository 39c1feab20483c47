"""Who may see and do what of studies: a timetable is its person’s, an absence its teacher’s too."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Role
from reseda.people.policy import Permission, Rows, own, within
from reseda.schools.models import School
from reseda.timetable.models import Absence, AccommodationRequest, Feed

Status = AccommodationRequest.Status
# Once the period is cancelled its student comes: nothing is left to justify.
JUSTIFIED = Q(request__status=Status.GRANTED) & ~Q(request__period__status="cancelled")

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
