"""What the database itself refuses about frameworks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.schools.models import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> FrameworkVersion:
    school = School.objects.create(
        kind="school", name="École A", slug="ecole-a", uai="0300001A", short_name="A"
    )
    framework = Framework.objects.create(school=school, kind="school", title="Ingénieur")
    return FrameworkVersion.objects.create(framework=framework, number=1)


@pytest.fixture
def competency(version: FrameworkVersion) -> Item:
    return Item.objects.create(version=version, kind="competency", code="C1", statement="Concevoir")


def publish(version: FrameworkVersion) -> None:
    version.status = "published"
    version.published_at = timezone.now()
    version.save()


def test_a_draft_changes_freely(version: FrameworkVersion, competency: Item) -> None:
    competency.statement = "Concevoir un système"
    competency.save()
    Item.objects.create(
        version=version, kind="level", parent=competency, code="C1-N1", statement="Débutant"
    )
    competency.delete()
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE competencies_item SET statement = 'autre'",
        "DELETE FROM competencies_item",
        "UPDATE competencies_frameworkversion SET number = 9",
        "DELETE FROM competencies_frameworkversion",
    ],
)
def test_the_database_refuses_to_change_a_published_version(
    version: FrameworkVersion, competency: Item, sql: str
) -> None:
    publish(version)
    with (
        pytest.raises(DatabaseError, match="frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Item.objects.get().statement == "Concevoir"


def test_the_database_refuses_to_add_to_a_published_version(
    version: FrameworkVersion, competency: Item
) -> None:
    publish(version)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Item.objects.create(version=version, kind="competency", code="C2", statement="Conduire")


def test_a_published_version_may_be_retired_but_never_revived(version: FrameworkVersion) -> None:
    publish(version)
    version.status, version.retired_at = "retired", timezone.now() + timedelta(seconds=1)
    version.save()
    version.status, version.retired_at = "published", None
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        version.save()


def test_an_item_cannot_hang_from_another_version(
    version: FrameworkVersion, competency: Item
) -> None:
    publish(version)
    draft = FrameworkVersion.objects.create(framework=version.framework, number=2)
    with pytest.raises(DatabaseError, match="belongs to its version"), transaction.atomic():
        Item.objects.create(
            version=draft, kind="level", parent=competency, code="C1-N1", statement="Débutant"
        )


def test_a_framework_has_one_draft_and_one_published_version_at_most(
    version: FrameworkVersion,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FrameworkVersion.objects.create(framework=version.framework, number=2)
    publish(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        FrameworkVersion.objects.create(
            framework=version.framework, number=2, status="published", published_at=timezone.now()
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "level", "code": "N1", "statement": "Sans compétence"},
        {"kind": "competency", "code": "", "statement": "Sans code"},
        {"kind": "competency", "code": "C2", "statement": ""},
        {"kind": "competency", "code": "C1", "statement": "Code pris"},
    ],
)
def test_an_item_that_cannot_stand_is_refused(
    version: FrameworkVersion, competency: Item, wrong: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.create(version=version, **wrong)
