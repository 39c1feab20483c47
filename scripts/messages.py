"""Catalogues of translations, without a system gettext: `update`, `compile`, `check`.

French is the source language; each room holds its English catalogue in
`reseda/<room>/locale/en/LC_MESSAGES/django.po`. Names of rooms after the verb restrict it to them.

Two catalogues are compiled from it: the English one, and a French one that holds the plurals alone.
Without it Django would say « 0 jours »: it counts in the English way where it knows no rule, and in
French zero is singular.
"""

import ast
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from django.conf import settings
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

HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

Key = tuple[str, str]
Translations = dict[Key, tuple["Message", tuple[str, ...]]]


class Message(NamedTuple):
    """What a page says: alone, or as two forms where something is counted."""

    one: str
    many: str = ""
    context: str = ""

    @property
    def key(self) -> Key:
        """What gettext looks for: a counted message and a plain one may share it."""
        return self.context, self.one

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


def templates(room: Path) -> list[Path]:
    """Return the templates of a room."""
    return sorted([*room.rglob("templates/**/*.html"), *room.rglob("templates/**/*.txt")])


def said(room: Path) -> set[Message]:
    """Return every message of a room; those of the settings belong to `ui`."""
    modules = [
        path
        for path in room.rglob("*.py")
        if not {"tests", "migrations"} & set(path.relative_to(room).parts)
    ]
    if room.name == "ui":
        modules.append(ROOT / "config" / "settings_base.py")
    found = {one for path in modules for one in in_python(path.read_text(encoding="utf-8"))}
    return found.union(*(in_template(p.read_text(encoding="utf-8")) for p in templates(room)))


def catalogue_path(room: Path, language: str = "en") -> Path:
    """Return where a room's catalogue lives."""
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def read(room: Path) -> Catalog:
    """Return the English catalogue of a room, empty when it has none yet."""
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return pofile.read_po(file, locale="en")


def held(catalogue: Catalog) -> Translations:
    """Return what a catalogue holds: each message with its translation, empty where it has none."""
    found: Translations = {}
    for entry in catalogue:
        if entry.id:
            forms = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
            texts = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            message = Message(forms[0], "".join(forms[1:]), entry.context or "")
            found[message.key] = message, tuple(text or "" for text in texts)
    return found


def catalogue(messages: Iterable[Message], known: Translations, language: str = "en") -> Catalog:
    """Return the catalogue of these messages, with the translations known for their same forms."""
    result = Catalog(locale=language)
    # The counted message comes last and takes the place of a plain one of the same key.
    for message in sorted(messages):
        same, texts = known.get(message.key, (None, ()))
        if same is None or same.forms[: len(message.forms)] != message.forms:
            texts = ()
        result.add(
            message.forms if message.many else message.one,
            (texts or ("", "")) if message.many else "".join(texts[:1]),
            context=message.context or None,
        )
    return result


def update(chosen: Iterable[Path]) -> int:
    """Bring catalogues up to date: new messages empty, vanished ones removed."""
    for room in chosen:
        messages = said(room)
        if messages:
            buffer = io.BytesIO()
            found = catalogue(messages, held(read(room)))
            pofile.write_po(buffer, found, width=100, sort_output=True, omit_header=True)
            path = catalogue_path(room)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HEADER + buffer.getvalue().decode(), encoding="utf-8")
    return 0


def french_plurals(english: Catalog) -> Catalog:
    """Return the counted messages as themselves, under the plural rule of French."""
    counted = {
        key: (message, message.forms) for key, (message, _) in held(english).items() if message.many
    }
    return catalogue((message for message, _ in counted.values()), counted, "fr")


def compile_all(chosen: Iterable[Path]) -> int:
    """Compile every catalogue that changed since it was last compiled."""
    for room in chosen:
        source = catalogue_path(room)
        target = catalogue_path(room, "fr").with_suffix(".mo")
        if source.exists() and not _is_newer(target, source):
            english = read(room)
            _write(english, source.with_suffix(".mo"))
            _write(french_plurals(english), target)
    return 0


def _is_newer(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime


def _write(compiled: Catalog, target: Path) -> None:
    # Whole or not at all: tests run in several processes may compile at the same moment.
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        mofile.write_mo(file, compiled)
    draft.replace(target)


def problems(messages: set[Message], known: Translations) -> Iterator[str]:
    """Yield what is wrong between what a room says and its English: missing, stale, ill-formed."""
    yield from missing(messages, known)
    for key in sorted(known.keys() - {one.key for one in messages}):
        yield f"nothing says {key[1]!r} any more"
    for message, texts in known.values():
        for source, text in zip(message.forms, texts, strict=False):
            yield from (f"{fault} in the English of {source!r}" for fault in faults(source, text))


def missing(messages: set[Message], known: Translations) -> Iterator[str]:
    """Yield the messages that have no English, or only that of another plural."""
    counted: dict[Key, Message] = {}
    for message in sorted(messages):
        entry, texts = known.get(message.key, (message, ()))
        if len(texts) < len(message.forms) or not all(texts):
            yield f"no English for {message.one!r}"
        elif message.many and entry.many != message.many:
            yield f"the plural of {message.one!r} has changed"
        if message.many and counted.setdefault(message.key, message) != message:
            yield f"{message.one!r} has two plurals: give one of them a context"


def faults(source: str, text: str) -> Iterator[str]:
    """Yield what a translation may not change of its source, nor bring over from French."""
    if not text:
        return
    if Counter(PLACEHOLDER.findall(source)) != Counter(PLACEHOLDER.findall(text)):
        yield "other placeholders"
    if Counter(TAG.findall(source)) != Counter(TAG.findall(text)):
        yield "other tags"
    if (source[:1] == "\n", source[-1:] == "\n") != (text[:1] == "\n", text[-1:] == "\n"):
        yield "other ends of line"
    if FRENCH_PUNCTUATION.search(text):
        yield "French punctuation"


def clashes(english: dict[str, Translations]) -> Iterator[str]:
    """Yield what two rooms translate differently: the house has one dictionary, and keeps one."""
    first: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for room, known in english.items():
        for key, (message, texts) in known.items():
            if all(texts):
                other, theirs = first.setdefault(key, (room, texts))
                if any(mine != one for mine, one in zip(texts, theirs, strict=False)):
                    yield f"{message.one!r}: {theirs[0]!r} in {other}, {texts[0]!r} in {room}"


def check(chosen: Iterable[Path]) -> int:
    """Print every problem; the answer is 1 when there is one."""
    found = [
        *(f"{r.name}: {fault}" for r in chosen for fault in problems(said(r), held(read(r)))),
        *(
            f"{path.relative_to(ROOT)}: say {constant} with translate … as …, for its percent sign"
            for room in chosen
            for path in templates(room)
            for constant in PERCENT_IN_CONSTANT.findall(path.read_text(encoding="utf-8"))
        ),
        *clashes({room.name: held(read(room)) for room in rooms()}),
    ]
    print("\n".join(found))
    return 1 if found else 0


def main() -> int:
    """Run the verb given on the command line."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    verbs = {"update": update, "compile": compile_all, "check": check}
    verb, *names = sys.argv[1:] or [""]
    chosen = [room for room in rooms() if not names or room.name in names]
    if verb in verbs and len(chosen) >= len(names):
        return verbs[verb](chosen)
    print("usage: python -m scripts.messages update | compile | check [room …]")
    return 2


if __name__ == "__main__":
    sys.exit(main())
