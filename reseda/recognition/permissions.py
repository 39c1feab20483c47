"""Who may see and do what in recognition: the student first, then those whom the file reaches.

Nobody judges their own file, and no jury member decides a file that they assessed: those rows are
out of their tables, so that the page answers as if the file did not exist.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Mandate, Role
from reseda.people.policy import Permission, Rows, own, within
from reseda.recognition.models import Decision, Evidence, JurySession, RecognitionFile, Regulation
from reseda.schools.models import School
from reseda.service.models import Period

UNDER_EXAMINATION = ("submitted", "complement", "assessed")
HANDED_IN = (*UNDER_EXAMINATION, "decided")


def _to_assess(path: str = "") -> Rows:
    """Files handed in to the assessor's school or programme, their own left out."""

    def select(mandate: Mandate) -> Q:
        chosen = {f"{path}school": mandate.organisation_id, f"{path}status__in": HANDED_IN}
        if mandate.scope_id is not None:
            chosen[f"{path}programme"] = mandate.scope_id
        return Q(**chosen) & ~Q(**{f"{path}person": mandate.person_id})

    return Rows(_("les dossiers déposés dans son école, sauf le sien"), select)


def _to_judge(mandate: Mandate) -> Q:
    sits = Q(school=mandate.organisation_id, session__members=mandate.person_id)
    is_party = Q(person=mandate.person_id) | Q(assessments__assessor=mandate.person_id)
    return sits & Q(status__in=HANDED_IN) & ~is_party


def _evidence_to_judge(mandate: Mandate) -> Q:
    judged = RecognitionFile.objects.filter(_to_judge(mandate)).values("pk")
    return Q(file_rows__file__in=judged)


def _decided_where_sitting(mandate: Mandate) -> Q:
    return Q(file__school=mandate.organisation_id, session__members=mandate.person_id)


JUDGED = _("les dossiers des sessions où l’on siège, sauf le sien et ceux que l’on a évalués")
SITTING = _("ceux des sessions où l’on siège")
PUBLISHED = Rows(
    _("ceux, publiés, de son école"),
    lambda mandate: Q(school=mandate.organisation_id, published_on__isnull=False),
)
EVERYBODY = dict.fromkeys(Role, PUBLISHED)

DRAFT_REGULATION: Permission[School] = Permission(
    "recognition.draft_regulation",
    School,
    _("Rédiger le règlement de reconnaissance de l’année"),
    {Role.STUDIES_DIRECTOR: within("pk")},
)
PUBLISH_REGULATION: Permission[Regulation] = Permission(
    "recognition.publish_regulation",
    Regulation,
    _("Modifier un règlement non publié, le publier"),
    {Role.STUDIES_DIRECTOR: within("school")},
)
READ_REGULATION: Permission[Regulation] = Permission(
    "recognition.read_regulation",
    Regulation,
    _("Lire le règlement de reconnaissance"),
    {**EVERYBODY, Role.STUDIES_DIRECTOR: within("school")},
)

ADD_EVIDENCE: Permission[Period] = Permission(
    "recognition.add_evidence",
    Period,
    _("Ajouter une preuve à une période de service"),
    {Role.STUDENT: own("engagement__person")},
)
WRITE_EVIDENCE: Permission[Evidence] = Permission(
    "recognition.write_evidence",
    Evidence,
    _("Modifier ou supprimer une preuve"),
    {Role.STUDENT: own("person")},
)
READ_EVIDENCE: Permission[Evidence] = Permission(
    "recognition.read_evidence",
    Evidence,
    _("Lire une preuve et sa pièce jointe"),
    {
        Role.STUDENT: own("person"),
        Role.ASSESSOR: _to_assess("file_rows__file__"),
        Role.JURY_MEMBER: Rows(JUDGED, _evidence_to_judge),
    },
)

OPEN_FILE: Permission[School] = Permission(
    "recognition.open_file",
    School,
    _("Demander la reconnaissance de son engagement"),
    {
        Role.STUDENT: Rows(
            _("pour soi, dans son école"), lambda mandate: Q(pk=mandate.organisation_id)
        )
    },
)
CHANGE_FILE: Permission[RecognitionFile] = Permission(
    "recognition.change_file",
    RecognitionFile,
    _("Composer, déposer, retirer un dossier de reconnaissance, le suivre"),
    {Role.STUDENT: own("person")},
)
ASSESS_FILE: Permission[RecognitionFile] = Permission(
    "recognition.assess_file",
    RecognitionFile,
    _("Consulter et évaluer un dossier de reconnaissance"),
    {Role.ASSESSOR: _to_assess()},
)
JUDGE_FILE: Permission[RecognitionFile] = Permission(
    "recognition.judge_file",
    RecognitionFile,
    _("Consulter un dossier de reconnaissance et en décider"),
    {Role.JURY_MEMBER: Rows(JUDGED, _to_judge)},
)
PLAN_FILE: Permission[RecognitionFile] = Permission(
    "recognition.plan_file",
    RecognitionFile,
    _("Inscrire un dossier à une session de jury, sans en lire les preuves"),
    {
        Role.STUDIES_DIRECTOR: within(
            "school", programme="programme", also=Q(status__in=UNDER_EXAMINATION)
        )
    },
)

OPEN_SESSION: Permission[School] = Permission(
    "recognition.open_session",
    School,
    _("Créer une session de jury"),
    {Role.STUDIES_DIRECTOR: within("pk")},
)
CHANGE_SESSION: Permission[JurySession] = Permission(
    "recognition.change_session",
    JurySession,
    _("Choisir les membres et les dossiers d’une session de jury"),
    {Role.STUDIES_DIRECTOR: within("school")},
)
READ_SESSION: Permission[JurySession] = Permission(
    "recognition.read_session",
    JurySession,
    _("Voir une session de jury et son procès-verbal"),
    {
        Role.STUDIES_DIRECTOR: within("school"),
        Role.JURY_MEMBER: Rows(
            _("celles où l’on siège"),
            lambda mandate: Q(school=mandate.organisation_id, members=mandate.person_id),
        ),
    },
)

READ_DECISION: Permission[Decision] = Permission(
    "recognition.read_decision",
    Decision,
    _("Lire une décision de reconnaissance"),
    {
        Role.STUDENT: own("file__person"),
        Role.STUDIES_DIRECTOR: within("file__school", programme="file__programme"),
        Role.REGISTRY: within("file__school", programme="file__programme"),
        Role.JURY_MEMBER: Rows(SITTING, _decided_where_sitting),
    },
)
EXPORT_DECISION: Permission[Decision] = Permission(
    "recognition.export_decision",
    Decision,
    _("Reporter les décisions au dossier de scolarité, sans force ni unité"),
    {
        Role.REGISTRY: within("file__school", programme="file__programme"),
        Role.STUDIES_DIRECTOR: within("file__school", programme="file__programme"),
    },
)
