"""Catalogues of translations, without a system gettext: `update`, `compile`, `check`.

French is the source language; each room holds its English catalogue in
`reseda/<room>/locale/en/LC_MESSAGES/django.po`.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def rooms() -> list[Path]:
    """Return the folders of the rooms."""
    return sorted(path.parent for path in (ROOT / "reseda").glob("*/apps.py"))


def sources(room: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file of a room that may hold words, as Python source."""
    for path in sorted(room.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(room).parts):
            yield str(path.relative_to(ROOT)), path.read_bytes()
    if room.name == "ui":
        yield "config/settings_base.py", (ROOT / "config/settings_base.py").read_bytes()
    for path in sorted([*room.rglob("templates/**/*.html"), *room.rglob("templates/**/*.txt")]):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What is not a message is blanked out by templatize, but keeps its indentation.
        lines = [line.lstrip() for line in text.split("\n")]
        yield str(path.relative_to(ROOT)), "\n".join(lines).encode()


def extracted(room: Path) -> Catalog:
    """Return the messages that a room says."""
    catalog = Catalog(locale="en", project="Réséda", charset="utf-8", fuzzy=False)
    for name, source in sources(room):
        for line, function, message, comments in extract_python(
            io.BytesIO(source), list(KEYWORDS), ["Translators:"], {"encoding": "utf-8"}
        ):
            words = message if isinstance(message, tuple) else (message,)
            if not words[0] or any(word is None for word in words[: 2 if "n" == function[0] else 1]):
                continue
            _add(catalog, function, words, name, line, comments)
    return catalog


def _add(
    catalog: Catalog, function: str, words: tuple[str | None, ...], name: str, line: int, comments: list[str]
) -> None:
    texts = [word for word in words if word]
    context = texts.pop(0) if "pgettext" in function else None
    is_plural = function.startswith(("ngettext", "npgettext"))
    identifier = (texts[0], texts[1]) if is_plural else texts[0]
    catalog.add(identifier, None, [(name, 0 if line else 0)], auto_comments=comments, context=context)


def catalogue_path(room: Path) -> Path:
    """Return where a room's English catalogue lives."""
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def read(room: Path) -> Catalog:
    """Return the English catalogue of a room, empty when it has none yet."""
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale="en", project="Réséda", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return pofile.read_po(file, locale="en")


def update() -> int:
    """Bring every catalogue up to date: new messages empty, vanished ones removed."""
    for room in rooms():
        found, held = extracted(room), read(room)
        if not len(found):
            continue
        for message in found:
            known = held.get(message.id, message.context) if message.id else None
            if known is not None and known.string:
                message.string = known.string
        path = catalogue_path(room)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            pofile.write_po(
                file, found, width=100, sort_output=True, omit_header=False, no_location=True
            )
    return 0


def compile_all() -> int:
    """Compile every catalogue that changed since it was last compiled."""
    for room in rooms():
        source = catalogue_path(room)
        target = source.with_suffix(".mo")
        if source.exists() and (
            not target.exists() or target.stat().st_mtime < source.stat().st_mtime
        ):
            with target.open("wb") as file:
                mofile.write_mo(file, read(room))
    return 0


def problems() -> Iterator[str]:
    """Yield, for each room, messages without English, stale ones, and placeholders that differ."""
    for room in rooms():
        held, found = read(room), extracted(room)
        for message in found:
            if not message.id:
                continue
            known = held.get(message.id, message.context)
            source = message.id if isinstance(message.id, tuple) else (message.id,)
            target = (known.string if isinstance(known.string, tuple) else (known.string,)) if known else ()
            if not target or not all(target):
                yield f"{room.name}: no English for {source[0]!r}"
            elif set(PLACEHOLDER.findall(source[-1])) != set(PLACEHOLDER.findall(target[-1])):
                yield f"{room.name}: placeholders differ in {source[0]!r}"
        for message in held:
            if message.id and found.get(message.id, message.context) is None:
                yield f"{room.name}: nothing says {message.id!r} any more"


def main() -> int:
    """Run the verb given on the command line."""
    django.conf.settings.configure(USE_I18N=True)
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb == "update":
        return update()
    if verb == "compile":
        return compile_all()
    if verb == "check":
        found = list(problems())
        print("\n".join(found))
        return 1 if found else 0
    print("usage: python -m scripts.messages update | compile | check")
    return 2


if __name__ == "__main__":
    sys.exit(main())
