"""`reseda competencies suggest`: files in, the contract's JSON out, one line when input is bad."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from reseda.competencies.management import statements

SOURCES = [
    "Installer une antenne radio",
    "Rédiger le compte rendu de la patrouille",
    "Conduire de nuit en convoi",
]
TARGETS = ["Rédaction de comptes rendus", "Installation de réseaux", "Conception mécanique"]
CORPUS = ["Conduire un véhicule lourd", "Installer un réseau radio", "Rédiger un rapport écrit"]
TABLE = (
    "Code;Code parent;Nature;Libellé français\n"
    "C1;;compétence;Communiquer\n"
    "K1;C1;composante essentielle;En rédigeant un compte rendu\n"
    "N1;C1;niveau;Novice\n"
    "A1;N1;apprentissage critique;Installer une antenne\n"
    "R1;C1;ressource;Grammaire\n"
    "C2;;compétence;Concevoir une pièce mécanique\n"
)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    monkeypatch.chdir(tmp_path)
    lines(tmp_path / "source.txt", SOURCES)
    lines(tmp_path / "target.txt", TARGETS)
    lines(tmp_path / "corpus.txt", CORPUS)
    return tmp_path


def lines(path: Path, texts: list[str], end: str = "\n") -> Path:
    path.write_bytes(end.join([*texts, ""]).encode())
    return path


def run(capsys: pytest.CaptureFixture[str], **given: object) -> Any:
    told = {"source": "source.txt", "target": "target.txt", **given}
    options = [f"--{name}={value}" for name, value in told.items()]
    call_command("competencies_suggest", "--json", *options)
    return json.loads(capsys.readouterr().out)["suggestions"]


def best(found: Any, source: str) -> Any:
    return next(row for row in found if row["source"] == source and row["rank"] == 1)


def refusal(capsys: pytest.CaptureFixture[str], **given: object) -> str:
    with pytest.raises(SystemExit) as caught:
        run(capsys, **given)
    streams = capsys.readouterr()
    assert caught.value.code == 2
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    return streams.err


def test_the_answer_has_the_keys_of_the_contract_in_the_order_of_the_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = run(capsys, corpus="corpus.txt")
    assert {tuple(row) for row in found} == {("source", "target", "rank", "score", "band")}
    assert [row["source"] for row in found if row["rank"] == 1] == SOURCES
    assert [row["target"] for row in found if row["rank"] == 1][:2] == [TARGETS[1], TARGETS[0]]
    order = [(SOURCES.index(row["source"]), row["rank"]) for row in found]
    assert order == sorted(order)
    assert {row["band"] for row in found} <= {"strong", "possible", "weak"}
    assert all(0 < row["score"] <= 1 for row in found)


def test_without_json_bands_are_words_and_no_figure_is_a_percentage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("competencies_suggest", "--source=source.txt", "--target=corpus.txt")
    shown = capsys.readouterr().out
    assert SOURCES[0] in shown
    assert "1. piste " in shown
    assert "%" not in shown
    assert "score" not in shown


def test_top_bounds_what_each_source_gets(capsys: pytest.CaptureFixture[str]) -> None:
    assert {row["rank"] for row in run(capsys, top=1)} == {1}


def test_marks_line_ends_and_doubles_of_a_file_change_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain = run(capsys)
    body = "\r\n".join(["", *SOURCES, f"  {SOURCES[0]} ", ""])
    Path("source.txt").write_bytes(b"\xef\xbb\xbf" + body.encode())
    assert run(capsys) == plain
    Path("source.txt").write_bytes("\n".join(SOURCES).encode("utf-16"))
    assert run(capsys) == plain


def test_validated_pairs_are_learned_from_headed_marked_or_several_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = run(capsys, corpus="corpus.txt")
    taught = f"Conduire un camion en convoi\t{TARGETS[2]} | {TARGETS[0]}\tnote"
    lines(Path("pairs.tsv"), ["source\ttarget", taught], end="\r\n")
    after = run(capsys, corpus="corpus.txt", learned="pairs.tsv")
    assert best(before, SOURCES[2])["band"] == "weak"
    assert best(after, SOURCES[2])["target"] in {TARGETS[2], TARGETS[0]}
    shares = {row["target"]: row["score"] for row in after if row["source"] == SOURCES[2]}
    assert min(shares[TARGETS[0]], shares[TARGETS[2]]) > shares.get(TARGETS[1], 0)


def test_pairs_of_another_task_teach_nothing_and_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines(Path("pairs.tsv"), ["Bâtir\tUne cible d’ailleurs"])
    call_command(
        "competencies_suggest",
        *("--source=source.txt", "--target=target.txt", "--learned=pairs.tsv", "--json"),
    )
    streams = capsys.readouterr()
    assert "pairs.tsv" in streams.err
    assert json.loads(streams.out)["suggestions"] == run(capsys)


def test_a_framework_is_read_with_what_makes_it_concrete_and_written_by_its_label(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("table.csv").write_text(TABLE, encoding="utf-8")
    found = run(capsys, target="table.csv")
    first = {row["source"]: row["target"] for row in found if row["rank"] == 1}
    assert first[SOURCES[0]] == first[SOURCES[1]] == "Communiquer"
    # A resource says nothing of what is done.
    lines(Path("source.txt"), ["Grammaire"])
    assert run(capsys, target="table.csv") == []
    # A pair names a target by its label.
    lines(Path("pairs.tsv"), ["Grammaire latine\tConcevoir une pièce mécanique"])
    (only,) = run(capsys, target="table.csv", learned="pairs.tsv", top=1)
    assert only["target"] == "Concevoir une pièce mécanique"


def test_a_case_package_gives_its_competencies(capsys: pytest.CaptureFixture[str]) -> None:
    known = {"identifier": "6d7fbc6e-0000-4000-8000-%012d", "uri": "https://e.fr/%d"}
    stamp = {"lastChangeDateTime": "2026-01-01T00:00:00Z"}

    def named(number: int) -> dict[str, str]:
        return {name: value % number for name, value in known.items()} | stamp

    package = {
        "CFDocument": {**named(1), "title": "École", "creator": "École"},
        "CFItems": [
            {**named(2), "fullStatement": TARGETS[0], "CFItemType": "Compétence"},
            {**named(3), "fullStatement": TARGETS[1], "CFItemType": "Compétence"},
        ],
    }
    Path("case.json").write_text(json.dumps(package), encoding="utf-8")
    found = run(capsys, target="case.json")
    assert [best(found, one)["target"] for one in SOURCES[:2]] == [TARGETS[1], TARGETS[0]]


def test_a_corpus_is_files_and_folders(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    texts = folder / "texts" / "deep"
    texts.mkdir(parents=True)
    lines(texts / "b.txt", CORPUS[1:])
    lines(texts / "a.csv", ["code;libellé", f"1;{CORPUS[0]}"])
    whole = run(capsys, corpus="corpus.txt")
    assert run(capsys, corpus="texts") == whole


def test_other_scripts_long_statements_and_both_languages_are_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines(
        Path("source.txt"),
        ["無線機を設置する", "Установить антенну", "Install the radio network", "mot " * 2_500],
    )
    lines(
        Path("target.txt"), ["無線機の設置", "Установка антенны", "Installation de réseaux radio"]
    )
    found = run(capsys, top=1)
    assert [row["target"] for row in found] == [
        "無線機の設置",
        "Установка антенны",
        "Installation de réseaux radio",
    ]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "aucun énoncé"),
        ("blank.txt", b" \n\r\n", "aucun énoncé"),
        ("latin.txt", "Un\nPréparer".encode("latin-1"), "ligne 2"),
        ("nul.txt", b"Un\nD\x00eux", "ligne 2"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "ce n’est pas du texte"),
        ("long.txt", b"Un\n" + b"mot " * 6_000, "ligne 2"),
        ("broken.json", b'{"CFDocument": {', "JSON"),
        ("deep.json", b"[" * 100_000, "JSON"),
        ("other.csv", b"x;y\n1;2\n", "other.csv"),
        ("kind.csv", TABLE.replace(";niveau;", ";licorne;").encode(), "ligne 4"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], name: str, data: bytes, said: str
) -> None:
    Path(name).write_bytes(data)
    for side in ("source", "target"):
        line = refusal(capsys, **{side: name})
        assert line.startswith(name)
        assert said in line


@pytest.mark.parametrize(
    ("option", "data", "said"),
    [
        ("learned", b"a\tb\nsans tabulation\n", "ligne 2"),
        ("learned", b"a\t\n", "ligne 1"),
        ("learned", b"\xff\x00", "ce n’est pas du texte"),
        ("corpus", b"\n", "aucun texte"),
        ("corpus", "é".encode("latin-1"), "ligne 1"),
    ],
)
def test_what_cannot_be_learned_from_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], option: str, data: bytes, said: str
) -> None:
    Path("given").write_bytes(data)
    line = refusal(capsys, **{option: "given"})
    assert line.startswith("given")
    assert said in line


def test_an_absent_file_a_folder_and_a_heavy_file_are_told(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "void").mkdir()
    with (folder / "heavy.txt").open("wb") as file:
        file.truncate(statements.LIMIT + 1)
    for name in ("absent.txt", "void", "heavy.txt"):
        for option in ("source", "target", "learned", "corpus"):
            assert refusal(capsys, **{option: name}).startswith(name)
    assert "--top" in refusal(capsys, top=0)


def test_a_history_that_has_not_begun_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pairs.tsv").write_bytes(b"")
    assert run(capsys, learned="pairs.tsv") == run(capsys)


def test_two_processes_print_the_same_bytes(folder: Path) -> None:
    command = [sys.executable, "-m", "config.cli", "competencies", "suggest", "--json"]
    files = [f"--{name}={folder / f'{name}.txt'}" for name in ("source", "target", "corpus")]
    printed = {
        subprocess.run(  # noqa: S603 - our own command
            [*command, *files],
            env={**os.environ, "PYTHONHASHSEED": seed, "RESEDA_VAR": str(folder / seed)},
            cwd=Path(__file__).parents[3],
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "4321")
    }
    assert len(printed) == 1
    assert json.loads(printed.pop())["suggestions"]
