"""The test room, strict for everybody: no network, no GET that writes, a journal that stays
append-only.
"""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from scripts import messages

append_only = importlib.import_module("reseda.journal.migrations.0002_append_only")
frozen = importlib.import_module("reseda.competencies.migrations.0002_frozen_versions")
guards = importlib.import_module("reseda.competencies.migrations.0005_crosswalk_guards")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "ALTER", "CREATE", "DROP")


def pytest_configure() -> None:
    """Pages are tested in the languages as they are written now."""
    messages.compile_all(messages.rooms())


class GetWrote(AssertionError):
    """A page changed the database while it was only being read."""


class StrictClient(Client):
    """A test client whose GET and HEAD requests may not write."""

    def _read_only(self, method: str, *args: Any, **kwargs: Any) -> Any:
        def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.lstrip().upper().startswith(WRITES):
                raise GetWrote(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse):
            return getattr(super(), method)(*args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._read_only("get", *args, **kwargs)

    def head(self, *args: Any, **kwargs: Any) -> Any:
        return self._read_only("head", *args, **kwargs)


@pytest.fixture
def client() -> Client:
    """The strict client takes the place of Django's in every test."""
    return StrictClient()


@pytest.fixture(autouse=True)
def _french_first() -> None:
    """A page read in English leaves its language to the thread: each test starts in French."""
    translation.activate("fr")


@pytest.fixture(autouse=True)
def _journal_can_be_emptied_between_real_transactions(
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """Tests on real transactions empty every table when they end: the triggers step aside for that
    moment only.
    """
    if not _is_transactional(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    _arm()
    yield
    append_only.run(append_only.REMOVE, connection)
    frozen.run(frozen.REMOVE, connection)
    if _is_guarded():
        guards.remove(None, Editor)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Put the triggers back once the tables are empty, which comes after every fixture’s end.

    After the last test the database itself is gone.
    """
    outcome = yield
    if nextitem is not None and _is_transactional(item):
        with item.config.stash[blocking_manager_key].unblock():
            _arm()
    return outcome


def _arm() -> None:
    from reseda.journal.models import Head

    Head.objects.get_or_create(pk=1, defaults={"number": 0, "digest": "0" * 64})
    append_only.run(append_only.INSTALL, connection)
    frozen.run(frozen.INSTALL, connection)
    if not _is_guarded():
        guards.install(None, Editor)


class Editor:
    """What a migration is given, besides the state of the models."""

    connection = connection


def _is_guarded() -> bool:
    """Whether the guards of crosswalks stand: all or none of them do."""
    catalogues = {"sqlite": "name FROM sqlite_master", "postgresql": "tgname FROM pg_trigger"}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {catalogues[connection.vendor]}")
        names = {name for (name,) in cursor.fetchall()}
    return f"competencies_{guards.GUARDS[0][0]}" in names


def _is_transactional(item: pytest.Item) -> bool:
    if "transactional_db" in getattr(item, "fixturenames", ()):
        return True
    marker = item.get_closest_marker("django_db")
    return bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: contents that hold a moment differ from process to process."""
    return argname if isinstance(val, bytes) else None
