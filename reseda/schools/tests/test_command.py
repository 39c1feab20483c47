"""`reseda schools import`: the same import, from the console."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from reseda.people.models import Person
from reseda.schools.tests.factories import make_programme, make_school, make_year

pytestmark = pytest.mark.django_db

HEAD = "E-mail;Nom;Prénom;Numéro étudiant;Formation;Promotion\n"
ZOE = "zoe@a.fr;Lefèvre;Zoé;1001;INFO;ING1\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    school = make_school()
    make_programme(school)
    make_year(school)
    path = tmp_path / "liste.csv"
    path.write_text(HEAD + ZOE, encoding="cp1252")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    call_command("schools_import", *arguments, "--school", "ecole-a")
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_dry_run_tells_what_a_real_one_then_does(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(capsys, str(file), "--dry-run")
    assert (told["created"], told["is_written"]) == (1, False)
    assert not Person.objects.exists()
    assert run(capsys, str(file))["is_written"] is True
    assert run(capsys, str(file))["unchanged"] == 1


def test_refused_lines_end_with_one_and_name_their_place(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HEAD + ZOE.replace("zoe@a.fr", "zoe"), encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        run(capsys, str(file))
    assert caught.value.code == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["line"], fault["column"], fault["value"]) == (2, "E-mail", "zoe")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a;b\n"])
def test_an_unusable_file_ends_with_two_and_one_line_that_names_it(
    file: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file.write_bytes(content)
    with pytest.raises(SystemExit) as caught:
        run(capsys, str(file))
    assert caught.value.code == 2
    error = capsys.readouterr().err.strip()
    assert "liste.csv" in error
    assert "\n" not in error


def test_an_unknown_school_ends_with_two(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command("schools_import", str(file), "--school", "nulle-part")
    assert caught.value.code == 2
    assert "nulle-part" in capsys.readouterr().err
