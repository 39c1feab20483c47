"""What is read of the law."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from reseda.law.domain import document, notices, values
from reseda.law.domain.notices import Notice
from reseda.law.domain.values import Book, Parameter, Theme, Unit, Value

UNITS: dict[Unit, Any] = {
    "hour": ngettext_lazy("%(n)d heure", "%(n)d heures", "n"),
    "half_day": ngettext_lazy("%(n)d demi-journée", "%(n)d demi-journées", "n"),
    "day": ngettext_lazy("%(n)d jour", "%(n)d jours", "n"),
    "business_day": ngettext_lazy("%(n)d jour ouvré", "%(n)d jours ouvrés", "n"),
    "working_day": ngettext_lazy("%(n)d jour ouvrable", "%(n)d jours ouvrables", "n"),
    "month": ngettext_lazy("%(n)d mois", "%(n)d mois", "n"),
    "year": ngettext_lazy("%(n)d an", "%(n)d ans", "n"),
    "call": ngettext_lazy("%(n)d convocation", "%(n)d convocations", "n"),
    "person": ngettext_lazy("%(n)d salarié", "%(n)d salariés", "n"),
    "validation": ngettext_lazy("%(n)d validation", "%(n)d validations", "n"),
    "semester": ngettext_lazy("%(n)d semestre", "%(n)d semestres", "n"),
    "time": ngettext_lazy("%(n)d fois", "%(n)d fois", "n"),
    "euro": ngettext_lazy("%(n)d euro", "%(n)d euros", "n"),
}


@dataclass(frozen=True)
class Line:
    """A parameter as a page shows it on a day: its value then, and the older ones."""

    parameter: Parameter
    description: str
    note: str
    current: Value | None
    older: tuple[Value, ...]


@cache
def book() -> Book:
    """Return every legal value, read once from the files of this room."""
    folder = files("reseda.law").joinpath("values")
    texts = {
        file.name.removesuffix(".yaml"): file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    }
    return MappingProxyType(values.read(texts))


def value(code: str, on: date) -> Value:
    """Return a legal value on a day; raise `values.UnknownCode` or `values.NotInForce`."""
    return values.value(book(), code, on)


def history(code: str) -> tuple[Value, ...]:
    """Return every known value of a code, newest first."""
    return values.history(book(), code)


def in_force(on: date) -> list[Value]:
    """Return the legal values that apply on a day, sorted by code."""
    return values.in_force(book(), on)


def last_checked_on() -> date:
    """Return the last day on which the values in force were read: nothing later is known."""
    current = [parameter.values[0] for parameter in book().values()]
    return max(found.checked_on for found in current if found.until_on is None)


def lines(on: date, language: str, search: str = "") -> dict[Theme, list[Line]]:
    """Return what matches a search (words or a code, accents ignored), by theme, empty ones out."""
    words = _plain(search).split()
    found: dict[Theme, list[Line]] = {theme: [] for theme in values.THEMES}
    for parameter in values.by_rule(book()):
        current = parameter.on(on)
        told = " ".join(
            (
                parameter.code,
                parameter.rule,
                document.THEMES[parameter.theme],
                *parameter.description.values(),
                *parameter.note.values(),
                *(value.article for value in parameter.values),
            )
        )
        if all(word in _plain(told) for word in words):
            older = tuple(value for value in parameter.values if value != current)
            found[parameter.theme].append(
                Line(
                    parameter,
                    _in(language, parameter.description),
                    _in(language, parameter.note),
                    current,
                    older,
                )
            )
    return {theme: rows for theme, rows in found.items() if rows}


def describe(code: str, language: str) -> str:
    """Return what a code stands for, in French unless the language is English."""
    return _in(language, values.parameter(book(), code).description)


def amount(value: Value) -> str:
    """Say a value in words: « 60 jours », « Oui »."""
    if value.unit == "yes_no":
        return _("Oui") if value.value else _("Non")
    return str(UNITS[value.unit] % {"n": value.value})


def notice(on: date, language: str) -> Notice:
    """Return the notice of rights that a school gives a reservist student on a day."""
    versions = _notices()
    texts = versions[notices.version_on(versions, on)]
    return texts.get(language, texts["fr"])


@cache
def _notices() -> Mapping[str, Mapping[str, Notice]]:
    """Read the notices: `notices/<version>.<language>.txt`."""
    found: dict[str, dict[str, Notice]] = {}
    for file in files("reseda.law").joinpath("notices").iterdir():
        version, _dot, rest = file.name.partition(".")
        language, _dot, ending = rest.partition(".")
        if ending == "txt":
            text = file.read_text(encoding="utf-8")
            found.setdefault(version, {})[language] = notices.read(version, language, text)
    return found


def _in(language: str, texts: Mapping[str, str]) -> str:
    return texts.get(language) or texts["fr"]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
