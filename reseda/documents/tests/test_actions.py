"""A file is kept sealed under a mute name, and is gone once erased."""

import os

import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction

from reseda.documents import actions, queries
from reseda.documents.models import StoredFile
from reseda.documents.tests.factories import PDF, a_person, a_school
from reseda.journal import queries as journal
from reseda.people.models import Unreadable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }


@pytest.fixture
def school():
    return a_school()


@pytest.fixture
def owner(school):
    return a_person("student", school)


def kept(owner, school, **changes):
    details = {"name": "convocation du 3e.pdf", "content_type": "application/pdf"} | changes
    return actions.keep(PDF, organisation=school, owner=owner, by=owner, **details)


def test_a_content_comes_back_as_it_was_given(owner, school):
    stored = StoredFile.objects.get(pk=kept(owner, school).pk)
    assert queries.content(stored) == PDF
    assert (stored.name, stored.size) == ("convocation du 3e.pdf", len(PDF))
    assert [entry.verb for entry in journal.history(stored)] == ["documents.keep"]


def test_neither_disk_nor_database_nor_journal_shows_the_content_or_the_name(owner, school):
    stored = kept(owner, school)
    with default_storage.open(stored.place) as file:
        assert b"PDF" not in file.read()
    assert "convocation" not in stored.place
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM documents_storedfile")
        assert "convocation" not in cursor.fetchone()[0]
    assert "convocation" not in str(journal.history(stored).get().facts)


def test_a_plain_file_is_stored_as_it_is(owner, school):
    stored = kept(owner, school, is_sensitive=False)
    with default_storage.open(stored.place) as file:
        assert file.read() == PDF
    assert queries.content(stored) == PDF


def test_a_new_key_opens_what_the_old_one_sealed(owner, school, settings):
    stored = kept(owner, school)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert queries.content(StoredFile.objects.get(pk=stored.pk)) == PDF


def damaged(stored, data):
    default_storage.delete(stored.place)
    if data is not None:
        default_storage.save(stored.place, ContentFile(data))


@pytest.mark.parametrize("data", [None, b"", b"something else"])
@pytest.mark.parametrize("is_sensitive", [True, False])
def test_a_content_lost_or_changed_is_never_given_as_the_real_one(
    owner, school, data, is_sensitive
):
    stored = kept(owner, school, is_sensitive=is_sensitive)
    damaged(stored, data)
    with pytest.raises(Unreadable):
        queries.content(stored)


def test_opening_a_file_of_somebody_else_is_journaled(owner, school):
    stored = kept(owner, school)
    referent = a_person("referent", school)
    assert actions.consult(stored, by=referent) == PDF
    entry = journal.history(stored).first()
    assert (entry.verb, entry.actor) == ("documents.consult", referent.journal_name)


def test_an_erased_file_leaves_nothing_but_two_lines_of_the_journal(
    owner, school, django_capture_on_commit_callbacks
):
    stored = kept(owner, school)
    key = stored.pk
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(stored, by=owner)
        assert default_storage.exists(stored.place)
    assert not default_storage.exists(stored.place)
    assert not StoredFile.objects.filter(pk=key).exists()


def test_an_erasure_that_is_undone_keeps_the_content(
    owner, school, django_capture_on_commit_callbacks
):
    stored = kept(owner, school)

    @transaction.atomic
    def undone():
        actions.erase(stored, by=owner)
        raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        undone()
    assert queries.content(StoredFile.objects.get()) == PDF


def test_a_content_that_an_undone_change_left_is_swept_after_a_day(owner, school, tmp_path):
    @transaction.atomic
    def undone():
        kept(owner, school)
        raise RuntimeError

    stored = kept(owner, school)
    with pytest.raises(RuntimeError):
        undone()
    (orphan,) = queries.orphans()
    call_command("documents_sweep")
    assert default_storage.exists(orphan)
    os.utime(tmp_path / orphan, (0, 0))
    os.utime(tmp_path / stored.place, (0, 0))
    call_command("documents_sweep")
    assert not default_storage.exists(orphan)
    assert queries.content(stored) == PDF
