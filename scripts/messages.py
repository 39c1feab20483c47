"""Catalogues of translations, without a system gettext: `update`, `compile`, `check`.

French is the source language; each room holds its English catalogue in
`reseda/<room>/locale/en/LC_MESSAGES/django.po`. Names of rooms after the verb restrict it to them.

Two catalogues are compiled from it: the English one, and a French one that holds the plurals alone.
Without it Django would say « 0 jours »: it counts in the English way where it knows no rule, and in
French zero is singular.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import django
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
# What the arguments of each function are, in their order.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "_": ("one",),
    "gettext": ("one",),
    "gettext_lazy": ("one",),
    "gettext_noop": ("one",),
    "ngettext": ("one", "many"),
    "ngettext_lazy": ("one", "many"),
    "pgettext": ("context", "one"),
    "pgettext_lazy": ("context", "one"),
    "npgettext": ("context", "one", "many"),
    "npgettext_lazy": ("context", "one", "many"),
}
# `templatize` leaves calls of these among letters that stand for the rest of the page.
CALL = re.compile(
    r"""(?<!\S)(?:_|n?p?gettext)\("""
    r"""(?:u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*'|,|\s|count)+\)"""
)
# A `%` in a constant of a tag is doubled by Django when it is read, and stays so on the page.
PERCENT_IN_CONSTANT = re.compile(r"""_\((?:"[^"\n]*%[^"\n]*"|'[^'\n]*%[^'\n]*')\)""")
PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[a-z]|%[.\d]*[sd]|%%|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
FRENCH_PUNCTUATION = re.compile(r"[\s\u00a0\u202f][:;?!](?!\w)|[«»]")

type_of_text = tuple[str, ...]


class Message(NamedTuple):
    """What a page says: alone, or as two forms where something is counted."""

    one: str
    many: str = ""
    context: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The singular, and the plural where there is one."""
        return (self.one, self.many) if self.many else (self.one,)


def rooms() -> list[Path]:
    """Return the folders of the rooms."""
    return sorted(path.parent for path in (ROOT / "reseda").glob("*/apps.py"))


def in_python(source: str) -> Iterator[Message]:
    """Yield the messages of a Python source; those of variables are marked where they are written.

    Both branches of `_("…" if … else "…")` are messages.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            roles = FUNCTIONS.get(getattr(node.func, "id", getattr(node.func, "attr", "")), ())
            for texts in _alternatives(node.args[: len(roles)]):
                if roles and len(texts) == len(roles) and all(texts):
                    yield Message(**dict(zip(roles, texts, strict=True)))


def _alternatives(arguments: list[ast.expr]) -> Iterator[list[str]]:
    first = arguments[0] if arguments else None
    if isinstance(first, ast.IfExp):
        yield from _alternatives([first.body, *arguments[1:]])
        yield from _alternatives([first.orelse, *arguments[1:]])
    else:
        yield [
            one.value
            for one in arguments
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]


def in_template(source: str) -> Iterator[Message]:
    """Yield the messages of a template."""
    for call in CALL.findall(templatize(source)):
        yield from in_python(call)


def sources(room: Path) -> Iterator[tuple[str, Iterable[Message]]]:
    """Yield, with its name, what each file of a room says."""
    for path in sorted(room.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(room).parts):
            yield path.name, in_python(path.read_text(encoding="utf-8"))
    if room.name == "ui":
        settings = ROOT / "config" / "settings_base.py"
        yield settings.name, in_python(settings.read_text(encoding="utf-8"))
    for path in templates(room):
        yield path.name, in_template(path.read_text(encoding="utf-8"))


def templates(room: Path) -> list[Path]:
    """Return the templates of a room."""
    return sorted([*room.rglob("templates/**/*.html"), *room.rglob("templates/**/*.txt")])


def said(room: Path) -> set[Message]:
    """Return the messages of a room."""
    return {message for _name, found in sources(room) for message in found}


def empty_catalogue(language: str) -> Catalog:
    """Return a catalogue with its header and nothing else."""
    return Catalog(locale=language, project="Réséda", charset="utf-8", fuzzy=False)


def catalogue_path(room: Path, language: str = "en") -> Path:
    """Return where a room's catalogue lives."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def read(room: Path) -> Catalog:
    """Return the English catalogue of a room, empty when it has none yet."""
    path = catalogue_path(room)
    if not path.exists():
        return empty_catalogue("en")
    with path.open("rb") as file:
        return pofile.read_po(file, locale="en")


def held(catalogue: Catalog) -> dict[Message, tuple[str, ...]]:
    """Return what a catalogue holds: each message with its translation, empty forms included."""
    found: dict[Message, tuple[str, ...]] = {}
    for entry in catalogue:
        if entry.id:
            forms = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
            text = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            found[Message(*forms, context=entry.context or "")] = tuple(one or "" for one in text)
    return found


def updated(messages: set[Message], known: dict[Message, tuple[str, ...]]) -> Catalog:
    """Return the catalogue of these messages, with the translations known so far.

    A counted message and a plain one of the same singular share one entry, the counted one, as
    gettext looks for both there.
    """
    catalogue = empty_catalogue("en")
    for message in sorted(messages, key=lambda one: (one.one, one.many)):
        text = known.get(message, ())
        catalogue.add(
            message.forms if message.many else message.one,
            text if message.many else "".join(text),
            context=message.context or None,
        )
    return catalogue


def update(chosen: Iterable[Path]) -> int:
    """Bring catalogues up to date: new messages empty, vanished ones removed."""
    for room in chosen:
        messages = said(room)
        if messages:
            catalogue = updated(messages, held(read(room)))
            catalogue.revision_date = catalogue.creation_date
            path = catalogue_path(room)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                pofile.write_po(file, catalogue, width=100, sort_output=True)
    return 0


def french_plurals(english: Catalog) -> Catalog:
    """Return the counted messages as themselves, under the plural rule of French."""
    french = empty_catalogue("fr")
    for message in held(english):
        if message.many:
            french.add(message.forms, message.forms, context=message.context or None)
    return french


def compile_all(chosen: Iterable[Path]) -> int:
    """Compile every catalogue that changed since it was last compiled."""
    for room in chosen:
        source = catalogue_path(room)
        if source.exists():
            english = read(room)
            _write(english, catalogue_path(room, "en").with_suffix(".mo"), source)
            _write(french_plurals(english), catalogue_path(room, "fr").with_suffix(".mo"), source)
    return 0
