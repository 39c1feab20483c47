"""What a student does with a recognition file: opened, composed, handed in, taken back."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import FrameworkVersion
from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people.models import Organisation, Person
from reseda.people.policy import Viewer
from reseda.recognition import queries
from reseda.recognition.models import (
    Evidence,
    FileActivity,
    FileEvidence,
    Form,
    RecognitionFile,
    SelfPosition,
)
from reseda.recognition.permissions import ASSESS_FILE, CHANGE_FILE, JUDGE_FILE, OPEN_FILE
from reseda.schools.models import School
from reseda.schools.queries import enrolment
from reseda.service.models import Period

OPEN = Verb("recognition.open_file", _("a ouvert un dossier de reconnaissance"))
COMPOSE = Verb("recognition.compose_file", _("a composé un dossier ({activities} activités)"))
SUBMIT = Verb("recognition.submit_file", _("a déposé un dossier de reconnaissance"))
WITHDRAW = Verb("recognition.withdraw_file", _("a retiré un dossier de reconnaissance"))
CONSULT = Verb(queries.CONSULT, _("a consulté un dossier de reconnaissance"))

Status = RecognitionFile.Status
OPEN_ELSEWHERE = ("submitted", "complement", "assessed")


@transaction.atomic
def open_file(school: School, *, by: Person) -> RecognitionFile:
    """Open a file at its student's request, as the law wants (D611-7), or return the draft."""
    viewer = OPEN_FILE.require(by, school)
    # The school's row is the lock under which references are numbered.
    Organisation.objects.select_for_update().get(pk=school.pk)
    draft = RecognitionFile.objects.filter(person=by, school=school, status=Status.DRAFT).first()
    if draft is not None:
        return draft
    enrolled = enrolment(by, viewer.today)
    version = queries.published_version(school)
    if enrolled is None or enrolled.school_id != school.pk:
        raise ValidationError(
            _("Aucune inscription dans cette école n’est connue : adressez-vous à la scolarité."),
            code="not_enrolled",
        )
    if version is None:
        raise ValidationError(
            _("L’école n’a pas encore publié son référentiel de compétences."),
            code="no_framework",
        )
    file = RecognitionFile.objects.create(
        reference=_next_reference(school, viewer.today.year),
        person=by,
        school=school,
        programme=enrolled.cohort.programme,
        framework_version=version,
    )
    record(OPEN, file, by=by, organisation=school.pk, reference=file.reference)
    return file


@transaction.atomic
def compose(
    file: RecognitionFile,
    *,
    periods: Sequence[Period],
    positions: Mapping[int, int],
    wished_form: str,
    by: Person,
) -> RecognitionFile:
    """Choose activities, one's level in each competency (keys of items), and the form wished."""
    CHANGE_FILE.require(by, file)
    held = queries.hold(file, "edit")
    _check_activities(held, periods, by)
    held.framework_version = queries.version_of(file)
    _check_positions(held.framework_version, positions)
    if wished_form and wished_form not in Form.values:
        raise ValidationError(_("Cette forme de validation n’existe pas."), code="form_unknown")
    held.activities.all().delete()
    FileActivity.objects.bulk_create(FileActivity(file=held, period=each) for each in periods)
    held.positions.all().delete()
    SelfPosition.objects.bulk_create(
        SelfPosition(file=held, item_id=item, level_id=level) for item, level in positions.items()
    )
    held.wished_form = wished_form
    held.save(update_fields=["wished_form", "framework_version"])
    record(COMPOSE, held, by=by, organisation=held.school_id, activities=len(periods))
    return held


@transaction.atomic
def submit(file: RecognitionFile, *, by: Person) -> RecognitionFile:
    """Hand a file in: its evidence no longer changes, and the regulation in force is its own."""
    viewer = CHANGE_FILE.require(by, file)
    held = queries.hold(file, "submit")
    regulation = held.regulation or queries.in_force(held.school_id, viewer.today)
    if regulation is None:
        raise ValidationError(
            _("Le règlement de cette année n’est pas encore publié : le dépôt ouvrira ensuite."),
            code="no_regulation",
        )
    told = Evidence.objects.select_for_update().filter(period__file_activities__file=file)
    list(told.order_by("pk"))  # held until the end: none changes while the file is handed in
    dossier = queries.dossier(RecognitionFile.objects.get(pk=file.pk), viewer.today)
    _check_activities(held, [each.period for each in dossier.activities], by)
    if not dossier.is_ready:
        blocking = [each for each in dossier.gaps if each.is_blocking]
        raise ValidationError([ValidationError(each.text, code=each.code) for each in blocking])
    held.evidence_rows.all().delete()
    FileEvidence.objects.bulk_create(
        FileEvidence(file=held, evidence=told)
        for each in dossier.activities
        for told in each.evidence
    )
    held.framework_version = queries.version_of(file)
    held.regulation, held.submitted_at = regulation, timezone.now()
    held.save(update_fields=["status", "framework_version", "regulation", "submitted_at"])
    held.complements.filter(answered_at__isnull=True).update(answered_at=timezone.now())
    _tell(held, "recognition.submitted")
    record(SUBMIT, held, by=by, organisation=held.school_id, reference=held.reference)
    return held


@transaction.atomic
def withdraw(file: RecognitionFile, *, by: Person) -> RecognitionFile:
    """Take a file back before it is decided; its evidence is free again."""
    CHANGE_FILE.require(by, file)
    held = queries.hold(file, "withdraw")
    held.session = None
    held.save(update_fields=["status", "session"])
    record(WITHDRAW, held, by=by, organisation=held.school_id, reference=held.reference)
    return held


@transaction.atomic
def consult(file: RecognitionFile, *, by: Person) -> RecognitionFile:
    """Write that an assessor or a jury member opens a file; its student can see it."""
    viewer = Viewer.of(by)
    if not ASSESS_FILE.allows(viewer, file):
        JUDGE_FILE.require(by, file)
    record(CONSULT, file, by=by, organisation=file.school_id)
    return file


def _tell(file: RecognitionFile, template: str, **context: str) -> None:
    """Write to the student of a file, without a word of what it holds."""
    page = reverse("recognition:read_file", args=[file.pk])
    send(
        template,
        to=file.person.email,
        organisation=file.school,
        context={"reference": file.reference, "url": f"{settings.PUBLIC_URL}{page}", **context},
        language=file.person.language,
    )


def _next_reference(school: School, year: int) -> str:
    given = RecognitionFile.objects.filter(
        school=school, reference__startswith=f"{year}-"
    ).values_list("reference", flat=True)
    number = 1 + max((int(each.rpartition("-")[2]) for each in given), default=0)
    return f"{year}-{number:03}"


def _check_activities(file: RecognitionFile, periods: Sequence[Period], by: Person) -> None:
    keys = {period.pk for period in periods}
    if set(queries.tellable(by).filter(pk__in=keys).values_list("pk", flat=True)) != keys:
        raise ValidationError(
            _("Une des activités choisies n’est pas une de vos périodes confirmées."),
            code="activity_not_yours",
        )
    taken = FileActivity.objects.filter(period__in=keys, file__status__in=OPEN_ELSEWHERE)
    if taken.exclude(file=file).exists():
        raise ValidationError(
            _("Une des activités choisies est déjà dans un autre dossier déposé."),
            code="activity_in_another_file",
        )


def _check_positions(version: FrameworkVersion, positions: Mapping[int, int]) -> None:
    known = {each.item.pk: each for each in queries.expected(version)}
    for item, level in positions.items():
        if item not in known or not known[item].rank_of(level):
            raise ValidationError(
                _("Un des niveaux choisis n’est pas de cette compétence."),
                code="level_of_another_competency",
            )
