"""Who may read and write frameworks: a published one is for the whole school, a draft is not."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import CrosswalkVersion, FrameworkVersion, Item
from reseda.people.models import Role
from reseda.people.policy import Permission, within
from reseda.schools.models import School

WRITERS = (Role.COMPETENCY_ENGINEER, Role.STUDIES_DIRECTOR)
# Who judges, pair by pair, whether what the reserve develops meets what the school expects.
REVIEWERS = (*WRITERS, Role.ASSESSOR, Role.JURY_MEMBER, Role.REFERENT)

READ_VERSION: Permission[FrameworkVersion] = Permission(
    "competencies.read_version",
    FrameworkVersion,
    _("Voir les référentiels de compétences"),
    {
        role: within(
            "framework__school",
            # A mandate limited to a programme still reads the frameworks of its school.
            programme="framework__school__programmes",
            also=None if role in WRITERS else ~Q(status="draft"),
            says=_("ceux de son école") if role in WRITERS else _("ceux de son école, publiés"),
        )
        for role in Role
        if role != Role.UNIT_CORRESPONDENT
    },
)
CREATE_FRAMEWORK: Permission[School] = Permission(
    "competencies.create_framework",
    School,
    _("Créer un référentiel de compétences"),
    {role: within("pk") for role in WRITERS},
)
EDIT_VERSION: Permission[FrameworkVersion] = Permission(
    "competencies.edit_version",
    FrameworkVersion,
    _("Écrire, publier et retirer un référentiel"),
    {role: within("framework__school") for role in WRITERS},
)
EDIT_ITEM: Permission[Item] = Permission(
    "competencies.edit_item",
    Item,
    _("Modifier un élément de référentiel"),
    {role: within("version__framework__school") for role in WRITERS},
)

READ_CROSSWALK: Permission[CrosswalkVersion] = Permission(
    "competencies.read_crosswalk",
    CrosswalkVersion,
    _("Voir les tables de correspondance"),
    {
        role: within(
            "crosswalk__school",
            programme="crosswalk__school__programmes",
            also=None if role in REVIEWERS else ~Q(status="draft"),
            says=_("celles de son école")
            if role in REVIEWERS
            else _("celles de son école, publiées"),
        )
        for role in Role
        if role != Role.UNIT_CORRESPONDENT
    },
)
CREATE_CROSSWALK: Permission[School] = Permission(
    "competencies.create_crosswalk",
    School,
    _("Créer une table de correspondance"),
    {role: within("pk") for role in WRITERS},
)
EDIT_CROSSWALK: Permission[CrosswalkVersion] = Permission(
    "competencies.edit_crosswalk",
    CrosswalkVersion,
    _("Régler, trancher, publier et retirer une table de correspondance"),
    {role: within("crosswalk__school", says=_("celles de son école")) for role in WRITERS},
)
REVIEW_CROSSWALK: Permission[CrosswalkVersion] = Permission(
    "competencies.review_crosswalk",
    CrosswalkVersion,
    _("Donner son avis sur les couples d’une table de correspondance"),
    {
        role: within(
            "crosswalk__school",
            programme="crosswalk__school__programmes",
            says=_("celles de son école"),
        )
        for role in REVIEWERS
    },
)
