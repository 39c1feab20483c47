"""Versions presented, compared, deleted, drawn into other frameworks; the list of frameworks."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from reseda.competencies import queries
from reseda.competencies.actions import about, frameworks, items
from reseda.competencies.actions.about import Notice
from reseda.competencies.models import Definition, Framework, FrameworkVersion
from reseda.competencies.queries import case
from reseda.journal.actions import SYSTEM
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person

pytestmark = pytest.mark.django_db

NOTICE = Notice("École", "Éditions", "Dit ce que…", licence="LO 2.0", subjects=("Risques", "Droit"))


@pytest.fixture
def published(school: School) -> FrameworkVersion:
    return frameworks.load_example(school, "reserve", by=SYSTEM)


@pytest.fixture
def draft(published: FrameworkVersion) -> FrameworkVersion:
    return frameworks.derive(published, by=SYSTEM)


def test_a_draft_says_who_made_it_and_an_import_keeps_what_a_form_cannot_say(
    draft: FrameworkVersion, engineer: Person
) -> None:
    draft.about = {**draft.about, "framework_type": "Autre", "extra": {"version": "3"}}
    draft.save()
    about.write_about(draft, notice=NOTICE, by=engineer)
    draft.refresh_from_db()
    told, terms = queries.known_about(draft), queries.terms(draft)
    assert (told.creator, told.framework_type, told.extra) == ("École", "Autre", {"version": "3"})
    assert terms.licence is not None
    assert terms.licence_text == "LO 2.0"
    kept = {one.title: one.identifier for one in terms.subjects}
    fewer = Notice("École", subjects=("Droit", "Santé"))
    about.write_about(draft, notice=fewer, by=engineer)
    terms = queries.terms(draft)
    assert terms.licence is None
    assert [one.title for one in terms.subjects] == ["Droit", "Santé"]
    assert terms.subjects[0].identifier == kept["Droit"]


def test_the_presentation_of_a_published_version_is_frozen_and_shows_its_address(
    client: Client, published: FrameworkVersion, draft: FrameworkVersion, engineer: Person
) -> None:
    with pytest.raises(ValidationError) as caught:
        about.write_about(published, notice=NOTICE, by=engineer)
    assert caught.value.code == "frozen"
    assert not Definition.objects.filter(version=published, kind="license").exists()
    client.force_login(engineer)
    page = client.get(f"/competences/{published.pk}/presentation/").content.decode()
    assert case.address(published.framework) in page
    assert "<textarea" not in page
    url = f"/competences/{draft.pk}/presentation/"
    assert client.post(url, {"language": "fr", "official_source_url": "rien"}).status_code == 422
    client.post(
        url, {"language": "fr", "creator": "Service", "subjects": "Droit\n\nDroit\nRisques"}
    )
    assert queries.known_about(FrameworkVersion.objects.get(pk=draft.pk)).creator == "Service"
    assert [one.title for one in queries.terms(draft).subjects] == ["Droit", "Risques"]
    assert case.address(draft.framework) not in client.get(url).content.decode()


def test_a_difference_shows_the_words_before_and_after(
    client: Client, published: FrameworkVersion, draft: FrameworkVersion, engineer: Person
) -> None:
    item = draft.items.get(code="R1")
    told: Any = {"code": "R1", "statement": f"{item.statement} vraiment", "statement_en": ""}
    items.edit_item(item, by=SYSTEM, **told)
    client.force_login(engineer)
    page = client.get(f"/competences/{draft.pk}/comparer/?depuis={published.pk}").content.decode()
    assert "<ins>vraiment</ins>" in page
    assert f"<del>{item.statement_en}</del>" in page
    for wrong in ("", "?depuis=x", "?depuis=999999"):
        assert client.get(f"/competences/{draft.pk}/comparer/{wrong}").status_code == 404
    student = make_person("zoe@a.fr", Role.STUDENT, school=published.framework.school)
    client.force_login(student)
    path = f"/competences/{published.pk}/comparer/?depuis={draft.pk}"
    assert client.get(path).status_code == 404


def test_a_draft_is_deleted_alone_and_with_its_framework_when_it_has_no_other(
    client: Client, published: FrameworkVersion, draft: FrameworkVersion, engineer: Person
) -> None:
    client.force_login(engineer)
    url = f"/competences/{draft.pk}/supprimer/"
    assert "Les autres versions restent" in client.get(url).content.decode()
    assert FrameworkVersion.objects.filter(pk=draft.pk).exists()
    client.post(url)
    assert list(FrameworkVersion.objects.all()) == [published]
    assert client.post(f"/competences/{published.pk}/supprimer/").status_code == 404
    with pytest.raises(ValidationError):
        frameworks.delete_draft(published, by=engineer)
    alone = frameworks.create_framework(
        published.framework.school, kind="school", title="Seul", by=engineer
    )
    frameworks.delete_draft(alone, by=engineer)
    assert list(Framework.objects.all()) == [published.framework]


def test_a_framework_drawn_from_another_has_its_own_items_that_say_where_they_are_from(
    published: FrameworkVersion, draft: FrameworkVersion, engineer: Person
) -> None:
    opened = frameworks.derive_framework(published, kind="school", title="Voie", by=engineer)
    old, new = queries.known(published), queries.known(opened)
    assert [line.statement for line in new.lines] == [line.statement for line in old.lines]
    assert not {line.identifier for line in new.lines} & {line.identifier for line in old.lines}
    origins = {link.origin: link.outside for link in new.links if link.kind == "exactMatchOf"}
    first = old.lines[0]
    assert origins[first.code]["uri"] == case.item_address(first.identifier)
    assert len(origins) == len(old.lines)
    with pytest.raises(ValidationError):
        frameworks.derive_framework(draft, kind="school", title="Autre", by=engineer)
    student = make_person("zoe@a.fr", Role.STUDENT, school=published.framework.school)
    with pytest.raises(PermissionDenied):
        frameworks.derive_framework(published, kind="school", title="Autre", by=student)
    assert Framework.objects.count() == 2


def test_a_title_changes_and_stays_the_only_one_of_its_school(
    client: Client, published: FrameworkVersion, engineer: Person
) -> None:
    client.force_login(engineer)
    other = frameworks.create_framework(
        published.framework.school, kind="school", title="Pris", by=engineer
    )
    url = f"/competences/{published.pk}/titre/"
    taken = client.post(url, {"title": "Pris", "title_en": ""})
    assert taken.status_code == 422
    assert "porte déjà ce titre" in taken.content.decode()
    assert client.post(url, {"title": "Réserve", "title_en": "Reserve"}).status_code == 302
    published.framework.refresh_from_db()
    assert published.framework.title == "Réserve"
    drawn = client.post(f"/competences/{published.pk}/tirer/", {"kind": "school", "title": "Pris"})
    assert drawn.status_code == 422
    done = client.post(f"/competences/{published.pk}/tirer/", {"kind": "school", "title": "Voie"})
    assert done.status_code == 302
    assert client.get(f"/competences/{other.pk}/tirer/").status_code == 404


def test_the_list_is_searched_filtered_sorted_and_taken_away(
    client: Client, published: FrameworkVersion, draft: FrameworkVersion, engineer: Person
) -> None:
    frameworks.create_framework(
        published.framework.school, kind="school", title="Ingénieur", by=SYSTEM
    )
    client.force_login(engineer)
    for query, count in (
        ("", 2),
        ("?q=ing%C3%A9nieur", 1),
        ("?nature=reserve", 1),
        ("?etat=brouillon", 2),
        ("?etat=publie", 1),
        ("?etat=retire", 0),
        ("?tri=-taille", 2),
    ):
        page = client.get(f"/competences/{query}").content.decode()
        assert page.count('<th scope="row"') == count, query
    taken = client.get("/competences/?export=csv").content.decode()
    assert "Ingénieur" in taken
    student = make_person("zoe@a.fr", Role.STUDENT, school=published.framework.school)
    client.force_login(student)
    page = client.get("/competences/?etat=brouillon").content.decode()
    assert page.count('<th scope="row"') == 0
    assert f"/competences/{draft.pk}/" not in client.get("/competences/").content.decode()
