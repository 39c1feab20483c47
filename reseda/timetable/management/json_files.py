"""JSON files of the planner: strict reading with the place of each mistake, printing row by row."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext as _

from reseda.ui.management.engine import BadInput, read_bytes

T = TypeVar("T")

LIMIT = 2 * 1024**3
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ROWS_AT_ONCE = 5_000
_AT = re.compile(r" - at `(key` in `)?(?P<path>[^`]*)`$")
_BYTE = re.compile(r"\(byte (\d+)\)")
_EXPECTED = re.compile(r"^Expected `(?P<wanted>[^`]*)`, got `(?P<given>[^`]*)`")
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]*)`")


def content(path: str) -> bytes:
    """Read a file of UTF-8 JSON, without its byte-order mark; raise `BadInput`."""
    data = read_bytes(path, limit=LIMIT).removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        raise BadInput(path, "", _("le fichier est vide : écrivez-y un objet JSON"))
    return data


def decode(path: str, data: bytes | msgspec.Raw, kind: type[T], root: str = "") -> T:
    """Read JSON as `kind`; `root` is the place of this piece in its file. Raise `BadInput`."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        place, message = mistake(str(error), root)
        raise BadInput(path, place, message) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        place = root or _line(bytes(data), error)
        raise BadInput(path, place, _unreadable(error)) from error


def mistake(error: str, root: str) -> tuple[str, str]:
    """Turn a message of the reader into a place of the file and what to do there."""
    at = _AT.search(error)
    place = (root + (at["path"].removeprefix("$") if at else "")).removeprefix(".")
    if found := _MISSING.match(error):
        return place, _("il manque « %(name)s » : ajoutez-le") % {"name": found["name"]}
    if found := _EXPECTED.match(error):
        facts = {"wanted": _kind(found["wanted"]), "given": _kind(found["given"])}
        return place, _("il faut %(wanted)s, et non %(given)s") % facts
    return place, _("valeur impossible : écrivez-la comme le format le demande")


def unknown_keys(data: bytes | msgspec.Raw, known: tuple[str, ...]) -> list[str]:
    """The keys of an object that the format does not have."""
    given = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    return [key for key in given if key not in known]


def pieces(found: Mapping[str, Any]) -> Iterator[str]:
    """Print an object whose lists of rows are too long to be held twice: a row on each line."""
    opening = "{\n"
    for name, value in found.items():
        yield f"{opening}  {_encode(name)}: "
        yield from _rows(value) if isinstance(value, tuple) else (_encode(value),)
        opening = ",\n"
    yield "\n}\n"


def _rows(rows: tuple[Any, ...]) -> Iterator[str]:
    if not rows:
        yield "[]"
        return
    opening, remaining = "[\n    ", iter(rows)
    while chunk := [_encode(row) for row in islice(remaining, ROWS_AT_ONCE)]:
        yield opening + ",\n    ".join(chunk)
        opening = ",\n    "
    yield "\n  ]"


def _encode(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: object) -> object:
    """What the encoder does not know: frozen mappings, numbers of numpy."""
    if isinstance(value, Mapping):
        return dict(value)
    if callable(item := getattr(value, "item", None)):
        return item()
    raise NotImplementedError(type(value))


def _kind(names: str) -> str:
    """Say what a JSON value is, in plain words."""
    kinds = {
        "str": _("un texte"),
        "int": _("un nombre entier"),
        "float": _("un nombre"),
        "bool": _("vrai ou faux"),
        "array": _("une liste"),
        "object": _("un objet"),
        "null": _("rien"),
    }
    return " / ".join(kinds.get(name, name) for name in names.split(" | "))


def _line(data: bytes, error: Exception) -> str:
    """The line of a file at which it stops being readable."""
    position = len(data)
    if isinstance(error, UnicodeDecodeError):
        try:
            data.decode()
        except UnicodeDecodeError as exact:
            position = exact.start
    elif found := _BYTE.search(str(error)):
        position = int(found[1])
    elif isinstance(error, RecursionError):
        return ""
    return _("ligne %(n)d") % {"n": data.count(b"\n", 0, position) + 1}


def _unreadable(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return _("ce n’est pas de l’UTF-8 : enregistrez le fichier dans ce codage")
    if isinstance(error, RecursionError):
        return _("trop d’objets les uns dans les autres : suivez le format demandé")
    if "truncated" in str(error):
        return _("le fichier s’arrête avant la fin : exportez-le de nouveau")
    return _("ce n’est pas du JSON : vérifiez virgules, guillemets et nombres")
