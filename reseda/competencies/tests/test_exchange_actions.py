"""Files and the database: identifiers, thousands of lines, two confirmations at once, commands."""

import json
import os
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from reseda.competencies import queries
from reseda.competencies.actions import exchange, frameworks
from reseda.competencies.actions.drafts import Unsound
from reseda.competencies.domain.changes import Told
from reseda.competencies.domain.exchange import formats
from reseda.competencies.domain.framework import Line, Link
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.documents import actions as documents
from reseda.documents.models import StoredFile
from reseda.journal.actions import SYSTEM
from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school
from reseda.schools.tests.hands import together

KEYS = [f"00000000-0000-4000-8000-{n:012x}" for n in range(9)]
C1 = Line("C1", "", "competency", "Concevoir", "", 1, KEYS[0], parent_link=KEYS[5])
C2 = Line("C2", "", "competency", "Conduire", "", 2, KEYS[1])
LINK = Link("isRelatedTo", "C1", "C2", identifier=KEYS[6])
TOLD = Told((C1, C2), (LINK,), identifier=KEYS[8])
SHEET = "Code;Code parent;Nature;Libellé français\nC1;;compétence;Concevoir\n"


def made(school: School, title: str, told: Told = TOLD, by: Any = SYSTEM) -> FrameworkVersion:
    return exchange.create_from(school, told, kind="reserve", title=title, by=by)


def test_identifiers_of_a_file_are_kept_where_they_are_free_and_derived_where_they_are_not(
    school: School,
) -> None:
    first, second = made(school, "Un"), made(school, "Deux")
    assert str(first.framework.identifier) == KEYS[8]
    assert {str(item.identifier) for item in first.items.all()} == set(KEYS[:2])
    assert str(first.associations.get().identifier) == KEYS[6]
    assert str(second.framework.identifier) != KEYS[8]
    mine = {str(item.identifier) for item in second.items.all()}
    assert not mine & set(KEYS)
    assert str(second.associations.get().identifier) not in KEYS
    assert str(second.items.get(code="C1").parent_link) not in KEYS
    for version in (first, second):
        assert exchange.planned(version, TOLD).is_nothing
    # A later version of the first is the same framework: it keeps what is its own.
    Item.objects.filter(version=first).update(kind="competency")
    frameworks.publish(first, by=SYSTEM)
    assert exchange.planned(frameworks.derive(first, by=SYSTEM), TOLD).is_nothing


def test_a_framework_is_made_by_its_writers_alone_and_entirely_or_not_at_all(
    school: School, engineer: Person
) -> None:
    student = make_person("zoe@a.fr", Role.STUDENT, school=school)
    before = Entry.objects.count()
    with pytest.raises(PermissionDenied):
        made(school, "Un", by=student)
    with pytest.raises(Unsound):
        made(school, "Un", Told((C1, C1)), by=engineer)
    assert not Framework.objects.exists()
    made(school, "Un", by=engineer)
    with pytest.raises(ValidationError, match="porte déjà ce titre"):
        made(school, "Un", by=engineer)
    with pytest.raises(ValidationError):
        made(school, "", by=engineer)
    assert Framework.objects.count() == 1
    assert Entry.objects.count() == before + 1


def awaiting(school: School, engineer: Person) -> StoredFile:
    return documents.keep(
        b"x",
        name="import-referentiel-1-sheet.csv",
        content_type="text/csv",
        organisation=school,
        owner=engineer,
        by=engineer,
    )


def test_a_file_serves_once(school: School, engineer: Person) -> None:
    stored = awaiting(school, engineer)
    options = {"kind": "reserve", "by": engineer}
    exchange.create_from_file(school, stored, TOLD, title="Un", **options)
    with pytest.raises(ValidationError, match="déjà été importé"):
        exchange.create_from_file(school, stored, TOLD, title="Deux", **options)
    again = awaiting(school, engineer)
    with pytest.raises(ValidationError, match="ce titre"):
        exchange.create_from_file(school, again, TOLD, title="Un", **options)
    assert StoredFile.objects.filter(pk=again.pk).exists()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_confirmations_of_one_file_make_one_framework() -> None:
    school = make_school()
    engineer = make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school)
    stored = awaiting(school, engineer)

    def confirm(number: int) -> str:
        exchange.create_from_file(
            school, stored, TOLD, kind="reserve", title=f"Cadre {number}", by=engineer
        )
        return "made"

    assert sorted(together(confirm, 2)) == ["already_used", "made"]
    assert Framework.objects.count() == 1


def thousands(size: int) -> Told:
    groups = [Line(f"G{n}", "", "group", f"Groupe {n}", rank=n + 1) for n in range(10)]
    return Told(
        (
            *groups,
            *(
                Line(f"{n}", f"G{n % 10}", "competency", f"Énoncé {n}", rank=n // 10 + 1)
                for n in range(size)
            ),
        )
    )


@pytest.mark.django_db
def test_thousands_of_items_take_few_statements(
    school: School, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """Rows go by batches: seventy at a time on SQLite, five hundred on PostgreSQL."""
    told = thousands(3_000)
    with django_assert_max_num_queries(60):
        version = made(school, "Grand", told)
    assert version.items.count() == 3_010
    with django_assert_max_num_queries(4):
        assert exchange.planned(version, told).is_nothing
    keyed = {line.code: line.identifier for line in queries.lines(version)}
    other = Told(
        tuple(
            Line(
                line.code + "b",
                line.parent and line.parent + "b",
                line.kind,
                line.statement + " !",
                rank=line.rank,
                identifier=keyed[line.code],
            )
            for line in told.lines
        )
    )
    with django_assert_max_num_queries(75):
        changes = exchange.import_items(version, told=other, by=SYSTEM)
    assert len(changes.updated) == 3_010
    assert exchange.planned(version, other).is_nothing


# --- Commands


def run(*words: str) -> tuple[int, dict[str, Any], str]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as error:
        code = int(str(error.code))
    return code, json.loads(out.getvalue() or "{}"), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cadre.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_the_console_imports_a_new_framework_then_into_it(school: School, file: Path) -> None:
    words = ("competencies_import", str(file), "--school", school.slug)
    code, told, _ = run(*words, "--title", "Console", "--dry-run")
    assert (code, told["is_written"], told["created"]) == (0, False, 1)
    assert not Framework.objects.exists()
    code, told, _ = run(*words, "--title", "Console", "--kind", "reserve")
    assert (code, told["is_written"], told["format"], told["version"]) == (0, True, "sheet", 1)
    named = Framework.objects.get(title="Console")
    assert told["framework"] == str(named.identifier)
    code, told, _ = run(*words, "--framework", "Console")
    assert (code, told["is_written"], told["unchanged"]) == (0, False, 1)
    # Published, it is left alone as long as nothing changes; then a draft is opened.
    frameworks.publish(named.versions.get(), by=SYSTEM)
    assert run(*words, "--framework", str(named.identifier))[1]["version"] == 1
    file.write_text(SHEET + "C2;;compétence;Conduire\n", encoding="utf-8")
    told = run(*words, "--framework", "Console", "--dry-run")[1]
    assert (told["created"], named.versions.count()) == (1, 1)
    told = run(*words, "--framework", "Console")[1]
    assert (told["is_written"], told["version"], told["created"]) == (True, 2, 1)


@pytest.mark.parametrize(
    ("text", "more", "code", "words"),
    [
        ("rien", ["--title", "x"], 2, "aucune des formes"),
        (SHEET, [], 2, "--title"),
        (SHEET, ["--school", "inconnue", "--title", "x"], 2, "--school : inconnue"),
        (SHEET, ["--framework", "Inconnu"], 2, "Inconnu"),
        (SHEET, ["--framework", KEYS[0]], 2, KEYS[0]),
        (SHEET, ["--title", "x" * 200], 2, "160"),
        (SHEET + "C1;;compétence;Deux\n", ["--title", "x"], 1, ""),
    ],
)
def test_the_console_tells_what_is_wrong_and_writes_nothing(
    school: School, file: Path, text: str, more: list[str], code: int, words: str
) -> None:
    file.write_text(text, encoding="utf-8")
    before = Entry.objects.count()
    found, told, said = run("competencies_import", str(file), *more)
    assert found == code
    assert words in said
    assert "Traceback" not in said
    if code == 1:
        assert told["faults"][0]["place"] == "ligne 3"
        assert told["faults"][0]["code"] == "repeated_code"
    assert not Framework.objects.exists()
    assert Entry.objects.count() == before


def test_the_console_asks_which_school_where_there_are_several(school: School, file: Path) -> None:
    other = make_school("ecole-b")
    assert run("competencies_import", str(file), "--title", "x")[0] == 2
    words = ("competencies_import", str(file), "--title", "x", "--school", str(other.pk))
    assert run(*words)[0] == 0
    assert Framework.objects.get().school == other


@pytest.mark.parametrize("name", ["case", "csv", "xlsx", "moodle"])
def test_what_the_console_exports_comes_back_unchanged(
    school: School, tmp_path: Path, name: str
) -> None:
    version = made(school, "Un")
    path = tmp_path / "export"
    words = ("competencies_export", "Un", "--format", name)
    code, told, _ = run(*words, "--output", str(path))
    assert (code, told["version"], told["status"]) == (0, 1, "draft")
    assert told["size"] == path.stat().st_size
    kind, read = formats.read(path.read_bytes(), creator=school.name)
    assert kind == {"csv": "sheet", "xlsx": "sheet"}.get(name, name)
    assert exchange.planned(version, read).is_nothing
    raw = BytesIO()
    printed = TextIOWrapper(raw)
    call_command(*words, stdout=printed)
    assert formats.read(raw.getvalue(), creator=school.name)[1] == read
    printed.close()


def test_the_console_exports_the_version_that_is_asked(school: School) -> None:
    version = made(school, "Un")
    frameworks.publish(version, by=SYSTEM)
    draft = frameworks.derive(version, by=SYSTEM)
    Item.objects.filter(version=draft, code="C1").update(statement="Autrement")

    def text(*more: str) -> str:
        out = StringIO()
        call_command("competencies_export", "Un", "--format", "csv", *more, stdout=out)
        return out.getvalue()

    assert "Autrement" not in text()
    assert "Autrement" in text("--version", "2")
    assert "French wording" in text("--language", "en")
    for wrong in (["Un", "--version", "9"], ["Deux"], [KEYS[7]]):
        code, _told, said = run("competencies_export", *wrong, "--format", "csv")
        assert (code, "Traceback" in said) == (2, False)
    assert run("competencies_export", "Un", "--format", "xlsx")[0] == 2
    nowhere = ("competencies_export", "Un", "--format", "csv", "--output", "/nulle/part")
    assert run(*nowhere)[0] == 2


@pytest.mark.django_db
def test_the_console_imports_a_real_package() -> None:
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip("RESEDA_TEST_DATA is not set: no real package is imported")
    make_school()
    path = Path(folder) / "case" / "cfpackage_opensalt_sample_v1p0.json"
    code, told, _ = run("competencies_import", str(path))
    assert (code, told["created"], told["format"]) == (0, 16, "case")
    assert Framework.objects.get().title == told["title"]
