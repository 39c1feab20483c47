"""The rules of the house, as tests: what a reader may rely on in every room."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent.parent
HOUSE = ROOT / "reseda"
SOURCES = [p for p in HOUSE.rglob("*.py") if not {"tests", "migrations"} & set(p.parts)]
PLACES = [ROOT / "conftest.py", *(ROOT / name for name in ("config", "reseda", "scripts", "tests"))]
WRITTEN = sorted(
    path
    for place in PLACES
    for path in (place.rglob("*.py") if place.is_dir() else [place])
    if "migrations" not in path.parts
)
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
MODELS = [m for m in apps.get_models() if m.__module__.startswith("reseda.")]

# Pages anybody may open, and why.
PUBLIC = {
    "hall:healthz": "probes of the operator",
    "people:answer": "outsiders answer by link",
    "account_inactive": "says that an account is closed",
    "account_login": "signing in",
    "account_logout": "signing out twice is no error",
    "account_reset_password": "a password forgotten",
    "account_reset_password_done": "a password forgotten",
    "account_reset_password_from_key": "a password forgotten",
    "account_reset_password_from_key_done": "a password forgotten",
    "hall:demo_sign_in": "the buttons of the demo, in the demo alone",
    "mail:list_demo_mail": "the messages of the demo, in the demo alone",
    "mfa_authenticate": "the second step of signing in",
    "mfa_login_webauthn": "signing in with a passkey",
    "people:link_sent": "signing in by a link",
    "people:request_link": "signing in by a link",
    "people:resend": "an outsider asks for a new link",
    "people:use_link": "signing in by a link",
    "timetable:agenda": "calendar programs hold a secret address",
    "timetable:unit_agenda": "calendar programs of a unit hold a secret address",
    "ui:set_language": "the language of a public page",
    "ui:set_theme": "the look of a public page",
    "ui:show_accessibility": "the law asks that anybody can read it",
    "ui:show_gallery": "components, to anybody in the demo and members elsewhere",
    "competencies:case_description": "programs read what is published",
    "competencies:case_list_documents": "programs read what is published",
    "competencies:case_show_association": "programs read what is published",
    "competencies:case_show_concept": "programs read what is published",
    "competencies:case_show_document": "programs read what is published",
    "competencies:case_show_grouping": "programs read what is published",
    "competencies:case_show_item": "programs read what is published",
    "competencies:case_show_item_associations": "programs read what is published",
    "competencies:case_show_item_type": "programs read what is published",
    "competencies:case_show_license": "programs read what is published",
    "competencies:case_show_package": "programs read what is published",
    "competencies:case_show_rubric": "programs read what is published",
    "competencies:case_show_subject": "programs read what is published",
    "competencies:case_nothing": "programs are told in JSON that there is nothing",
    "credentials:demo_credentials": "examples to try verifiers on, in the demo alone",
    "credentials:did_document": "verifiers read the keys of a school",
    "credentials:show_credential": "an employer reads what its holder shares",
    "credentials:show_issuer": "anybody checks who a school is",
    "credentials:status_list": "verifiers read what a school revoked",
    "credentials:take_credential": "the file of what its holder shares",
    "credentials:verify": "anybody verifies what they were given",
}


def names_who_acts(node: ast.FunctionDef) -> bool:
    return bool({one.arg for one in node.args.kwonlyargs} & {"by", "link"})


def action_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in SOURCES:
        if path.name == "actions.py" or path.parent.name == "actions":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                if is_public and names_who_acts(node):
                    yield f"{path.relative_to(HOUSE)}:{node.name}", node


ACTIONS = dict(action_functions())


def called(node: ast.FunctionDef) -> set[str]:
    calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
    return {
        f.attr if isinstance(f, ast.Attribute) else f.id
        for f in calls
        if isinstance(f, ast.Attribute | ast.Name)
    }


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_is_atomic(name: str) -> None:
    decorators = [ast.unparse(d) for d in ACTIONS[name].decorator_list]
    assert "transaction.atomic" in decorators


@pytest.mark.parametrize("name", sorted(set(ACTIONS) - {"journal/actions.py:record"}))
def test_an_action_is_journaled_and_names_who_acts(name: str) -> None:
    room, _slash, _path = name.partition("/")
    siblings = {n.rpartition(":")[2] for n in ACTIONS if n.startswith(f"{room}/")}
    siblings -= {name.rpartition(":")[2]}
    assert called(ACTIONS[name]) & ({"record"} | siblings), (
        "no record() and no other action of the room"
    )


def views() -> Iterator[tuple[str, URLPattern]]:
    def walk(
        patterns: list[URLPattern | URLResolver], space: str
    ) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(
                    pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space
                )
            else:
                yield f"{space}{pattern.name}", pattern

    return walk(get_resolver().url_patterns, "")


def test_every_page_is_closed_unless_it_is_in_the_list_of_public_ones() -> None:
    public = {name for name, p in views() if not getattr(p.callback, "login_required", True)}
    assert public == set(PUBLIC)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_keeps_under_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_a_template_has_no_inline_style_nor_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_model_is_in_the_glossary(model: type) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert f"`{model._meta.app_label}.{model.__name__}`" in glossary


def test_every_code_name_of_the_glossary_exists() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\|[^|]*\| `([a-z]+\.[A-Z]\w+)` \|", glossary, flags=re.MULTILINE))
    assert named
    assert named <= {f"{m._meta.app_label}.{m.__name__}" for m in MODELS}


def test_no_file_speaks_of_a_place_outside_the_repository() -> None:
    ignored = {"node_modules", ".venv", "var", ".git"}
    pattern = re.compile("/" + "work/|/" + "tmp/")
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.suffix in {".py", ".md", ".html", ".css", ".js", ".yaml", ".toml", ".mjs"}
        and not ignored & set(path.parts)
        and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
