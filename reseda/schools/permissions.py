"""Who may see and keep the frame of a school, and the list of its students.

Being enrolled says nothing of the reserve: no right here opens anything about it.
"""

from django.utils.translation import gettext_lazy as _

from reseda.people.models import Role
from reseda.people.policy import Permission, within
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Programme, School

READ_SCHOOL: Permission[School] = Permission(
    "schools.read_school",
    School,
    _("Voir l’école, ses formations et ses promotions"),
    # A mandate limited to a programme still shows the school it belongs to: names, no persons.
    {
        role: within("pk", programme="programmes")
        for role in Role
        if role != Role.UNIT_CORRESPONDENT
    },
)
EDIT_SCHOOL: Permission[School] = Permission(
    "schools.edit_school",
    School,
    _("Tenir les années, les formations et les promotions de l’école"),
    {role: within("pk") for role in (Role.STUDIES_DIRECTOR, Role.REGISTRY)},
)
EDIT_YEAR: Permission[AcademicYear] = Permission(
    "schools.edit_year",
    AcademicYear,
    _("Modifier une année universitaire"),
    {role: within("school") for role in (Role.STUDIES_DIRECTOR, Role.REGISTRY)},
)
EDIT_PROGRAMME: Permission[Programme] = Permission(
    "schools.edit_programme",
    Programme,
    _("Modifier une formation"),
    {role: within("school", programme="pk") for role in (Role.STUDIES_DIRECTOR, Role.REGISTRY)},
)
EDIT_COHORT: Permission[Cohort] = Permission(
    "schools.edit_cohort",
    Cohort,
    _("Modifier une promotion"),
    {
        role: within("programme__school", programme="programme")
        for role in (Role.STUDIES_DIRECTOR, Role.REGISTRY)
    },
)
READ_STUDENTS: Permission[Enrolment] = Permission(
    "schools.read_students",
    Enrolment,
    _("Voir la liste des élèves (jamais qui est réserviste)"),
    {
        role: within("school", programme="cohort__programme")
        for role in (Role.REFERENT, Role.STUDIES_DIRECTOR, Role.REGISTRY)
    },
)
IMPORT_PEOPLE: Permission[School] = Permission(
    "schools.import_people",
    School,
    _("Importer des personnes depuis un fichier"),
    {role: within("pk") for role in (Role.STUDIES_DIRECTOR, Role.REGISTRY)},
)
