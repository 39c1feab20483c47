"""The journal: a chain that shows any rewriting, a table that refuses it."""

import importlib
import io
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from reseda.journal import queries
from reseda.journal.actions import SYSTEM, Verb, record
from reseda.journal.domain import chain
from reseda.journal.models import Entry, Head

ACT = Verb("journal.test_act", "a essayé")


def written(contents: list[str]) -> list[chain.Link]:
    links: list[chain.Link] = []
    previous = chain.GENESIS
    for number, text in enumerate(contents, start=1):
        content: dict[str, object] = {"text": text}
        digest = chain.digest(previous, content)
        links.append(chain.Link(number, content, previous, digest))
        previous = digest
    return links


@given(st.lists(st.text(), max_size=6))
def test_a_chain_as_written_has_no_fault(contents: list[str]) -> None:
    assert list(chain.faults(written(contents))) == []


@given(st.lists(st.text(), min_size=1, max_size=6), st.data())
def test_a_rewritten_content_is_found_where_it_stands(
    contents: list[str], data: st.DataObject
) -> None:
    links = written(contents)
    place = data.draw(st.integers(0, len(links) - 1))
    link = links[place]
    links[place] = chain.Link(
        link.number, {"text": str(link.content["text"]) + "!"}, link.previous, link.digest
    )
    assert chain.Fault(place + 1, "digest") in list(chain.faults(links))


def test_a_removed_entry_leaves_a_gap() -> None:
    links = written(["a", "b", "c"])
    assert [fault.code for fault in chain.faults([links[0], links[2]])] == ["gap"]


@pytest.mark.django_db
def test_an_act_is_added_to_the_end_of_the_chain() -> None:
    head = Head.objects.get()
    first = record(ACT, head, by=SYSTEM, organisation=None, count=1)
    second = record(ACT, head, by=SYSTEM, organisation=None, count=2)
    assert second.previous == first.digest
    assert list(chain.faults(queries.links())) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_entry"]
)
def test_the_database_refuses_to_change_or_delete_an_entry(sql: str) -> None:
    record(ACT, Head.objects.get(), by=SYSTEM)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Entry.objects.get().verb == ACT.code


append_only = importlib.import_module("reseda.journal.migrations.0002_append_only")


def verdict() -> tuple[dict[str, object], int]:
    out = io.StringIO()
    try:
        call_command("journal_verify", stdout=out)
    except SystemExit as end:
        return json.loads(out.getvalue()), int(str(end.code))
    return json.loads(out.getvalue()), 0


@pytest.mark.django_db
def test_the_command_finds_nothing_in_a_journal_as_written() -> None:
    record(ACT, Head.objects.get(), by=SYSTEM)
    found, code = verdict()
    assert (found["entries"], found["faults"], code) == (1, [], 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE journal_entry SET actor = 'person:9' WHERE number = 2", "digest"),
        ("DELETE FROM journal_entry WHERE number = 2", "gap"),
        ("DELETE FROM journal_entry WHERE number = 3", "head"),
    ],
)
def test_the_command_finds_what_somebody_did_behind_the_triggers(sql: str, code: str) -> None:
    for _act in range(3):
        record(ACT, Head.objects.get(), by=SYSTEM)
    append_only.run(append_only.REMOVE, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    append_only.run(append_only.INSTALL, connection)
    found, exit_code = verdict()
    assert code in {fault["code"] for fault in found["faults"]}  # type: ignore[union-attr]
    assert exit_code == 1
