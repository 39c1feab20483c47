"""Suggestions of a crosswalk: asked for, computed apart, stored whole, kept from strangers."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from reseda.competencies import tasks
from reseda.competencies.actions import corpora, reviews, suggestions
from reseda.competencies.domain.crosswalk import Model
from reseda.competencies.models import CrosswalkVersion, Suggestion
from reseda.competencies.queries import suggestions as queries
from reseda.competencies.tests.crosswalks import World
from reseda.journal.actions import SYSTEM
from reseda.journal.models import Entry
from reseda.people.models import Role
from reseda.schools.tests.factories import make_person, make_school

States = CrosswalkVersion.Suggesting
TEXTS = ["Conduire un véhicule lourd", "Rédiger un compte rendu", "Encadrer une équipe"]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR, settings.CORPUS_DIR = tmp_path / "var", ""
    return tmp_path


def waiting() -> list[int]:
    """The versions that a worker is to compute, task by task."""
    path = tasks.compute.module_path
    found = DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY)
    return [one.args_kwargs["args"][0] for one in found]


def fresh(made: World) -> CrosswalkVersion:
    return CrosswalkVersion.objects.get(pk=made.version.pk)


def test_a_draft_that_is_opened_is_given_to_the_worker(made: World) -> None:
    assert fresh(made).suggesting == States.QUEUED
    assert waiting() == [made.version.pk]


def test_the_worker_stores_what_resembles_with_its_reasons(made: World) -> None:
    assert tasks.compute.call(made.version.pk) == States.DONE

    found = Suggestion.objects.filter(version=made.version, origin=made.origins[0])
    assert [one.rank for one in found] == [1, 2]
    assert {one.destination for one in found} == set(made.destinations)
    assert all(one.band in {"strong", "possible", "weak"} and one.scorers for one in found)
    # Both texts hold their indicator.
    assert "Indice" in found[0].words
    held = fresh(made)
    assert (held.learned_pairs, held.learned_texts) == (0, 10)
    assert held.suggested_at is not None
    entry = Entry.objects.get(verb="competencies.store_suggestions")
    assert entry.facts["count"] == Suggestion.objects.count() == 6


def test_asking_again_computes_anew_from_what_was_decided_since(made: World) -> None:
    tasks.compute.call(made.version.pk)
    before = set(Suggestion.objects.values_list("pk", flat=True))
    for person in (made.engineer, made.juror):
        reviews.give(made.version, [made.pair(0, 1)], relation="total", by=person)

    held = suggestions.ask(made.version, by=made.assessor)
    assert held.suggesting == States.QUEUED
    # What was suggested before is there until the rest is.
    assert set(Suggestion.objects.values_list("pk", flat=True)) == before
    assert tasks.compute.call(made.version.pk) == States.DONE
    assert fresh(made).learned_pairs == 1
    first = Suggestion.objects.get(version=made.version, origin=made.origins[0], rank=1)
    assert first.destination == made.destinations[1]
    assert "precedents" in first.scorers


def test_asking_twice_gives_the_worker_one_task(made: World) -> None:
    suggestions.ask(made.version, by=made.engineer)
    suggestions.ask(made.version, by=made.assessor)
    assert waiting() == [made.version.pk]


def test_a_stranger_and_a_student_ask_for_nothing(made: World) -> None:
    elsewhere = make_school("ecole-b")
    for person in (
        make_person("inge@b.fr", Role.COMPETENCY_ENGINEER, school=elsewhere),
        make_person("eleve@a.fr", Role.STUDENT, school=made.school),
    ):
        with pytest.raises(PermissionDenied):
            suggestions.ask(made.version, by=person)


def test_a_published_version_keeps_its_suggestions_for_good(made: World) -> None:
    tasks.compute.call(made.version.pk)
    before = list(Suggestion.objects.values())
    suggestions.ask(made.version, by=SYSTEM)
    publish(made)

    with pytest.raises(ValidationError) as caught:
        suggestions.ask(made.version, by=made.engineer)
    assert caught.value.code == "frozen"
    assert tasks.compute.call(made.version.pk) == ""
    assert list(Suggestion.objects.values()) == before


def test_what_is_computed_while_a_version_is_published_is_dropped(made: World) -> None:
    given = queries.given(made.version)
    publish(made)
    assert suggestions.store(made.version, (), given=given).suggesting == States.QUEUED
    assert not Suggestion.objects.exists()


def publish(made: World) -> None:
    CrosswalkVersion.objects.filter(pk=made.version.pk).update(
        status="published", published_at=timezone.now()
    )


def test_a_computation_that_breaks_is_a_state_with_a_sentence(
    made: World, settings: Any, folder: Path
) -> None:
    settings.VAR_DIR = None
    with pytest.raises(TypeError):
        tasks.compute.call(made.version.pk)
    held = fresh(made)
    assert held.suggesting == States.FAILED
    assert "relancez-le" in queries.said(held)

    settings.VAR_DIR = folder / "var"
    suggestions.ask(held, by=made.engineer)
    assert tasks.compute.call(made.version.pk) == States.DONE
    assert "10 textes et 0 couples" in queries.said(fresh(made))


def test_a_lost_task_is_asked_again_and_a_live_one_is_not(made: World) -> None:
    assert tasks.watch_suggestions.call() == 0
    DBTaskResult.objects.all().delete()
    assert tasks.watch_suggestions.call() == 1
    assert waiting() == [made.version.pk]

    # A worker that died in the middle.
    long_ago = timezone.now() - 2 * tasks.PATIENCE
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=long_ago)
    assert tasks.watch_suggestions.call() == 1


def test_a_draft_never_asked_for_is_asked_by_the_clock(made: World) -> None:
    DBTaskResult.objects.all().delete()
    CrosswalkVersion.objects.update(suggesting=States.NONE)
    assert tasks.watch_suggestions.call() == 1
    assert waiting() == [made.version.pk]
    assert tasks.watch_suggestions.call() == 0


def test_a_version_deleted_meanwhile_is_no_matter(made: World) -> None:
    pk = made.version.pk
    made.version.delete()
    assert tasks.compute.call(pk) == ""


def test_a_text_is_a_label_and_what_makes_it_concrete(made: World) -> None:
    given = queries.given(made.version)
    assert given.source[0] == "Savoir-faire 1 ; Indice de savoir-faire 1"
    assert given.source_keys == tuple(one.pk for one in made.origins)


def test_the_corpus_is_what_was_published_and_the_texts_of_the_folder(
    made: World, settings: Any, folder: Path
) -> None:
    words = folder / "textes" / "école"
    words.mkdir(parents=True)
    (words / "a.txt").write_text("Piloter un drone\n\nPiloter un drone\r\n", encoding="utf-8")
    (words / "b.csv").write_text("code;libellé\n1;Tenir un poste radio\n", encoding="utf-8")
    (words / "c.txt").write_bytes(b"\x00\x01\x02")
    (words / ".d.txt").write_text("Caché", encoding="utf-8")
    settings.CORPUS_DIR = str(folder / "textes")

    found = queries.corpus()
    assert {"Piloter un drone", "Tenir un poste radio", "Attendu 1"} <= set(found)
    assert len(found) == 12
    assert found == sorted(found)


# --- The model on the disk


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "var" / corpora.FOLDER).iterdir())


def same(one: Model, other: Model) -> bool:
    left, right = one.arrays(), other.arrays()
    return all((left[name] == right[name]).all() for name in left)


def test_a_corpus_is_read_once_whatever_the_order_of_its_texts(folder: Path) -> None:
    first = corpora.model_of(TEXTS)
    files = kept(folder)
    assert [file.suffix for file in files] == [".npz"]
    assert same(corpora.model_of([*TEXTS[::-1], TEXTS[0], " "]), first)
    assert kept(folder) == files
    corpora.model_of(TEXTS[:2])
    assert len(kept(folder)) == 2


def test_no_text_leaves_no_file(folder: Path) -> None:
    assert len(corpora.model_of(["", " "])) == 0
    assert not (folder / "var").exists()


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_damaged_model_is_made_again(folder: Path, damage: bytes | None) -> None:
    first = corpora.model_of(TEXTS)
    (file,) = kept(folder)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert same(corpora.model_of(TEXTS), first)
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_only_costs_time(folder: Path) -> None:
    (folder / "var").write_text("a file stands here")
    assert same(corpora.model_of(TEXTS), Model.fit(TEXTS))


def test_the_models_that_served_longest_ago_are_forgotten(folder: Path) -> None:
    for number in range(corpora.KEPT + 3):
        corpora.model_of([f"Texte {number}"])
    assert len(kept(folder)) == corpora.KEPT


def test_several_writers_at_once_leave_one_whole_model(folder: Path) -> None:
    found: list[Model] = []
    threads = [
        threading.Thread(target=lambda: found.append(corpora.model_of(TEXTS))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(same(one, found[0]) for one in found)
    assert [file.suffix for file in kept(folder)] == [".npz"]
    assert same(corpora.model_of(TEXTS), found[0])
