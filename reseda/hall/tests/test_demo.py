"""The demo: complete, believable, the same at each start, and refused nowhere by the product."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db.models import Count
from django.utils import timezone

from reseda.competencies.models import CrosswalkVersion, Framework, Relation
from reseda.competencies.queries import crosswalks
from reseda.credentials.models import Credential
from reseda.hall.management.demo import building, cast
from reseda.hall.queries import figures
from reseda.journal.domain import chain
from reseda.journal.queries import links
from reseda.people.models import Mandate, Person, Role
from reseda.people.policy import Viewer
from reseda.recognition import queries as recognition
from reseda.recognition.models import Decision, RecognitionFile
from reseda.schools.models import Cohort, Enrolment, School
from reseda.service.models import Engagement, Leave
from reseda.timetable.models import (
    Absence,
    AccommodationRequest,
    AccommodationReview,
    Feed,
    Lesson,
    Plan,
    PlanLine,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    building.build(lambda _line: None)
    return School.objects.get(slug=cast.SCHOOL)


def test_the_demo_is_a_whole_school(school: School) -> None:
    assert School.objects.count() == 2
    assert Cohort.objects.filter(programme__school=school).count() == 3
    assert Enrolment.objects.filter(school=school).count() == 240
    students = Engagement.objects.filter(school=school, person__mandates__role=Role.STUDENT)
    staff = Engagement.objects.filter(school=school, person__mandates__role=Role.STAFF)
    assert (students.count(), staff.count()) == (24, 2)
    forces = set(students.values_list("force", flat=True))
    assert {"terre", "marine", "air_espace", "gendarmerie", "police"} <= forces
    stages = Counter(RecognitionFile.objects.values_list("status", flat=True))
    assert set(stages) == {"submitted", "assessed", "decided"}
    requests = Counter(AccommodationRequest.objects.values_list("status", flat=True))
    assert set(requests) == {"requested", "granted", "refused"}
    assert Credential.objects.filter(revoked_at__isnull=True).count() == 2
    assert Credential.objects.filter(revoked_at__isnull=False).count() == 1
    assert list(chain.faults(links())) == []
    present = Mandate.objects.filter(organisation=school.pk).values_list("role", flat=True)
    assert set(Role.values) - {Role.UNIT_CORRESPONDENT} <= set(present)
    own = figures(Viewer.of(Person.objects.get(email=cast.STUDENT.email)))
    assert re.fullmatch(r"\d+(,5)?", str(own[0].value))
    counts = Feed.objects.annotate(n=Count("lessons")).values_list("n", flat=True)
    assert min(counts) > 500
    assert not Lesson.objects.filter(title__icontains="Belkacem").exists()
    see_the_year_planned_published_and_answered(school)
    see_a_crosswalk_that_juries_rely_on_and_the_next_under_review(school)


def see_a_crosswalk_that_juries_rely_on_and_the_next_under_review(school: School) -> None:
    draft, published = CrosswalkVersion.objects.filter(crosswalk__school=school)
    assert (published.number, published.status) == (1, "published")
    states = Counter(published.mappings.values_list("state", flat=True))
    assert states == {"agreed": 63, "settled": 9}
    said = {Relation.PARTIAL, Relation.COMPLEMENTARY, Relation.NONE}
    assert set(published.mappings.values_list("relation", flat=True)) == said
    found = crosswalks.agreement_of(published)
    assert found.kappa is not None
    assert 0.6 < found.kappa < 0.85
    assert set(Decision.objects.values_list("crosswalk_version", flat=True)) == {published.pk}
    assert (draft.number, draft.status, draft.suggesting) == (2, "draft", "done")
    states = Counter(draft.mappings.values_list("state", flat=True))
    assert states == {"agreed": 63 + 68, "settled": 9, "conflict": 4, "proposed": 36}
    assert draft.suggestions.exists()
    second = Viewer.of(Person.objects.get(email=cast.REFERENT.email))
    left = crosswalks.progress(draft, second)
    assert (left.conflict, left.left - left.undecided) == (4, 36)
    file = RecognitionFile.objects.filter(decision__outcome="validated").first()
    assert file is not None
    shown = recognition.dossier(file, timezone.localdate())
    assert [item.label for item in shown.to_supplement] == ["Cohésion"]
    assert all(line.converging for line in shown.lines)
    partner = Framework.objects.get(school=school, title__contains="sécurité civile")
    assert partner.versions.get().status == "draft"
    assert partner.versions.get().items.count() == 20


def see_the_year_planned_published_and_answered(school: School) -> None:
    published, draft = Plan.objects.filter(school=school).order_by("pk")
    assert (published.status, draft.status) == ("published", "ready")
    assert published.is_proven
    assert draft.based_on == published
    lines = PlanLine.objects.filter(plan=published)
    answers = Counter(lines.filter(is_granted=True).values_list("answer", flat=True))
    assert set(answers) == {"", "accepted", "declined"}
    assert len(set(lines.exclude(reason="").values_list("reason", flat=True))) >= 4
    assert Leave.objects.filter(school=school).exists()
    assert AccommodationReview.objects.filter(held_at__isnull=False).exists()
    assert Absence.objects.exclude(catch_up_uid="").exists()


def test_the_demo_can_be_built_in_summer_when_no_exam_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summer = datetime(2027, 7, 20, 10, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: summer)
    building.build(lambda _line: None)
    assert Engagement.objects.count() == 26
