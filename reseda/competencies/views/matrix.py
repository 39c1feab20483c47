"""The matrix: all pairs of two frameworks in sight, judged by key, by press or by form."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reseda.competencies.actions import opinions, reviews
from reseda.competencies.forms.crosswalks import JUDGEMENTS, NAMED, WITHDRAW, pairs_of, told_in
from reseda.competencies.models import CrosswalkVersion, Item, Relation
from reseda.competencies.permissions import READ_CROSSWALK, REVIEW_CROSSWALK
from reseda.competencies.queries.crosswalks import overview, screens
from reseda.competencies.templatetags.crosswalks import judgement_words
from reseda.competencies.views.crosswalks import RELATED, context_of
from reseda.people.http import Request

# What one page of the matrix holds, so that it stays light whatever the frameworks.
ROWS, COLUMNS = 25, 12
# How many pairs the undo of a session remembers, all gestures together.
REMEMBERED = 2_000
OPEN, MINE, ANY_HINT = "a-examiner", "a-moi", "toutes"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One line of the matrix as drawn."""

    item: Item
    index: int
    depth: int
    group: str
    cells: tuple[screens.Shown, ...]

    @property
    def rest(self) -> int:
        """How many pairs a phone does not list: undecided, without a lead worth it."""
        return sum(not cell.relation and cell.band in ("", "weak") for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """One page of the matrix, with the way to the others."""

    rows: tuple[Row, ...]
    columns: tuple[screens.Entry, ...]
    row_count: int
    column_count: int
    row_windows: list[tuple[str, str, bool]]
    column_windows: list[tuple[str, str, bool]]

    @property
    def groups(self) -> list[tuple[str, int]]:
        """What columns stand under, side by side, each with how many; nothing where none does."""
        heads = [(head, len(list(same))) for head, same in groupby(self.columns, _head)]
        return heads if any(head for head, _count in heads) else []

    @property
    def head_rows(self) -> int:
        """How many lines the heads of columns take."""
        return 2 if self.groups else 1


def _head(entry: screens.Entry) -> str:
    return entry.head


class Asked:
    """What the address of the matrix asks for; words that mean nothing are left out."""

    NAMES = ("q", "etat", "relation", "piste", "nature")

    def __init__(self, request: Request, *, is_reviewer: bool) -> None:
        given = {name: request.GET.get(name, "").replace("\0", "") for name in self.NAMES}
        self.q = " ".join(given["q"].split())[:100]
        self.state = self._of(given["etat"], states()) if is_reviewer else ""
        self.relation = self._of(given["relation"], Relation.choices)
        self.hint = self._of(given["piste"], hints()) if is_reviewer else ""
        self.kind = self._of(given["nature"], Item.Kind.choices)
        self.row_page = self._number(request.GET.get("page", ""))
        self.column_page = self._number(request.GET.get("colonnes", ""))

    @staticmethod
    def _of(value: str, choices: Sequence[tuple[str, Any]]) -> str:
        return value if value in dict(choices) else ""

    @staticmethod
    def _number(text: str) -> int:
        return int(text) if text.isdecimal() and len(text) < 6 and int(text) else 1  # noqa: PLR2004 (pages)

    @property
    def narrows(self) -> bool:
        """Whether cells are chosen, not only lines."""
        return bool(self.state or self.relation or self.hint)

    def url(self, **pages: int) -> str:
        """Return the address of another window on the same choice."""
        words = {
            "q": self.q,
            "etat": self.state,
            "relation": self.relation,
            "piste": self.hint,
            "nature": self.kind,
            "page": self.row_page,
            "colonnes": self.column_page,
        } | pages
        return "?" + urlencode({name: word for name, word in words.items() if word})


def states() -> list[tuple[str, str]]:
    """The states that the matrix can be narrowed to."""
    return [
        (MINE, _("attend mon avis")),
        (OPEN, _("à examiner")),
        ("proposed", _("second avis attendu")),
        ("agreed", _("d’accord")),
        ("conflict", _("avis opposés")),
        ("settled", _("tranchée")),
    ]


def hints() -> list[tuple[str, str]]:
    """The strengths of suggestion that the matrix can be narrowed to."""
    return [
        (ANY_HINT, _("toutes les pistes")),
        ("strong", _("sérieuses")),
        ("possible", _("possibles")),
    ]


@require_safe
def show_matrix(request: Request, pk: int) -> HttpResponse:
    """Show the lines and columns that the address asks for, with where every pair stands."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    context = context_of(request, version, "matrix")
    asked = Asked(request, is_reviewer=context["is_reviewer"])
    context |= {
        "asked": asked,
        "narrowed": asked.narrows,
        "grid": _grid(version, context["eyes"], asked),
        "selects": _selects(version, asked, is_reviewer=context["is_reviewer"]),
        "judgements": JUDGEMENTS,
    }
    if context["is_reviewer"]:
        context["progress"] = overview.progress_of(version, context["eyes"])
    return render(request, "competencies/crosswalk_matrix.html", context)


def _selects(
    version: CrosswalkVersion, asked: Asked, *, is_reviewer: bool
) -> list[tuple[str, str, list[tuple[str, Any]], str]]:
    found: list[tuple[str, str, list[tuple[str, Any]], str]] = []
    if is_reviewer:
        wanted = states() if version.is_draft else states()[3:]
        found.append(("etat", _("État"), [*wanted], asked.state))
    found.append(("relation", _("Relation"), [*Relation.choices], asked.relation))
    if is_reviewer and version.is_draft:
        found.append(("piste", _("Pistes"), [*hints()], asked.hint))
    kinds = version.source_kinds.split(",")
    if len(kinds) > 1:
        named = [(kind, label) for kind, label in Item.Kind.choices if kind in kinds]
        found.append(("nature", _("Nature"), named, asked.kind))
    return found


def _grid(version: CrosswalkVersion, eyes: screens.Eyes, asked: Asked) -> Grid:
    sides = screens.Axis(version, "source"), screens.Axis(version, "target")
    lines = [one for one in sides[0].entries if _is_sought(one, asked)]
    chosen: set[Pair] | None = None
    if asked.narrows:
        chosen = _chosen(version, eyes, asked, sides)
        kept = {origin for origin, _destination in chosen}
        lines = [one for one in lines if one.item.pk in kept]
    columns = sides[1].entries
    rows_shown, row_windows = _window(lines, ROWS, asked, "page", asked.row_page)
    columns_shown, column_windows = _window(columns, COLUMNS, asked, "colonnes", asked.column_page)
    found = screens.cells(
        version, eyes, [one.item for one in rows_shown], [one.item for one in columns_shown]
    )
    rows = tuple(
        Row(
            line.item,
            line.index,
            line.depth,
            line.group,
            tuple(
                replace(cell, matches=chosen is None or pair in chosen)
                for column in columns_shown
                if (pair := (line.item.pk, column.item.pk)) and (cell := found[pair])
            ),
        )
        for line in rows_shown
    )
    counts = len(lines), len(columns)
    return Grid(rows, tuple(columns_shown), *counts, row_windows, column_windows)


def _is_sought(entry: screens.Entry, asked: Asked) -> bool:
    text = f"{entry.item.code} {entry.item.label} {entry.under}".casefold()
    is_there = all(word in text for word in asked.q.casefold().split())
    return is_there and asked.kind in ("", entry.item.kind)


def _chosen(
    version: CrosswalkVersion,
    eyes: screens.Eyes,
    asked: Asked,
    sides: tuple[screens.Axis, screens.Axis],
) -> set[Pair]:
    """Return the pairs that the filters keep, all together."""
    sets: list[set[Pair]] = []
    if asked.state in (OPEN, MINE):
        every = {
            (line.item.pk, column.item.pk)
            for line in sides[0].entries
            for column in sides[1].entries
        }
        sets.append(every - screens.looked_at(version, eyes, by_me=asked.state == MINE))
    elif asked.state:
        sets.append(screens.matching(version, eyes, asked.state, ""))
    if asked.relation:
        sets.append(screens.matching(version, eyes, "", asked.relation))
    if asked.hint:
        bands = ("strong", "possible", "weak") if asked.hint == ANY_HINT else (asked.hint,)
        known = screens.looked_at(version, eyes, by_me=False)
        sets.append(screens.hinted(version, bands) - known)
    return set.intersection(*sets)


def _window(
    entries: Sequence[screens.Entry], size: int, asked: Asked, name: str, number: int
) -> tuple[list[screens.Entry], list[tuple[str, str, bool]]]:
    """Return one window of lines or columns, and the addresses of all."""
    pages = max(1, -(-len(entries) // size))
    number = min(number, pages)
    windows = []
    for page in range(1, pages + 1):
        first, last = (page - 1) * size + 1, min(page * size, len(entries))
        windows.append((asked.url(**{name: page}), f"{first}–{last}", page == number))
    return list(entries[(number - 1) * size : number * size]), windows


# --- Judged


@require_POST
def give_reviews(request: Request, pk: int) -> HttpResponse:
    """Give one’s opinion on one or many pairs, or take it back; the page or the cells answer."""
    version = REVIEW_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    pairs = pairs_of(request.POST.getlist("couple"))
    word = request.POST.get("jugement", "")
    try:
        if word == WITHDRAW:
            before = reviews.withdraw(version, pairs, by=request.user)
        else:
            before = _given(request, version, pairs)
    except ValidationError as error:
        return _answered(request, version, pairs, " ".join(error.messages), is_wrong=True)
    _remember(request, version, before)
    return _answered(request, version, pairs, _said(version, pairs, word, len(before)))


def _given(request: Request, version: CrosswalkVersion, pairs: list[Pair]) -> list[opinions.Before]:
    told = told_in(request.POST)
    if "rationale" not in request.POST:
        told["rationale"] = _reason(request, version, pairs)
    return reviews.give(version, pairs, by=request.user, **told)


def _reason(request: Request, version: CrosswalkVersion, pairs: list[Pair]) -> str:
    """Keep what one wrote of a pair when a key alone changes one’s opinion of it."""
    return overview.reason_of(version, request.user, pairs[0]) if len(pairs) == 1 else ""


def _said(version: CrosswalkVersion, pairs: list[Pair], word: str, count: int) -> str:
    is_back = word == WITHDRAW
    relation = _("avis retiré") if is_back else judgement_words(*NAMED[word])
    return _("%(what)s : %(relation)s. Annuler : Ctrl+Z") % {
        "what": _named(version, pairs, count),
        "relation": relation,
    }


def _named(version: CrosswalkVersion, pairs: list[Pair], count: int) -> str:
    if len(pairs) != 1:
        return ngettext("%(n)d couple", "%(n)d couples", count) % {"n": count}
    codes = dict(Item.objects.filter(pk__in=pairs[0]).values_list("pk", "code"))
    return " × ".join(codes[key] for key in pairs[0])


@require_POST
def undo_reviews(request: Request, pk: int) -> HttpResponse:
    """Take back one’s last gesture on this version."""
    version = REVIEW_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    kept = request.session.get(_key(version), [])
    if not kept:
        return _answered(request, version, [], _("Il n’y a plus rien à annuler."), is_wrong=True)
    before = [opinions.Before(**told) for told in kept[-1]]
    pairs = [one.pair for one in before]
    request.session[_key(version)] = kept[:-1]
    try:
        reviews.undo(version, before, by=request.user)
    except ValidationError as error:
        return _answered(request, version, pairs, " ".join(error.messages), is_wrong=True)
    said = _("%(what)s : geste annulé.") % {"what": _named(version, pairs, len(pairs))}
    return _answered(request, version, pairs, said, is_undo=True)


def _key(version: CrosswalkVersion) -> str:
    return f"crosswalk-{version.pk}"


def _remember(request: Request, version: CrosswalkVersion, before: list[opinions.Before]) -> None:
    """Keep in the session what undoes the last gestures, the oldest forgotten first."""
    if not before:
        return
    kept = [*request.session.get(_key(version), []), [asdict(one) for one in before]]
    while len(kept) > 1 and sum(len(one) for one in kept) > REMEMBERED:
        kept.pop(0)
    request.session[_key(version)] = kept


def _answered(
    request: Request,
    version: CrosswalkVersion,
    pairs: list[Pair],
    said: str,
    *,
    is_wrong: bool = False,
    is_undo: bool = False,
) -> HttpResponse:
    if request.headers.get("X-Requested-With") != "matrix":
        return _redirected(request, version, said, is_wrong=is_wrong, is_undo=is_undo)
    context = context_of(request, version, "matrix")
    context |= {
        "cells": _fresh(version, context["eyes"], pairs),
        "progress": overview.progress_of(version, context["eyes"]),
        "said": said,
        "is_wrong": is_wrong,
    }
    status = 422 if is_wrong else 200
    return render(request, "competencies/crosswalk_answer.html", context, status=status)


def _fresh(version: CrosswalkVersion, eyes: screens.Eyes, pairs: list[Pair]) -> list[screens.Shown]:
    sides = (
        (version.source_id, {key for key, _end in pairs}),
        (
            version.target_id,
            {key for _end, key in pairs},
        ),
    )
    rows, columns = (list(Item.objects.filter(version=side, pk__in=keys)) for side, keys in sides)
    found = screens.cells(version, eyes, rows, columns) if pairs else {}
    return [replace(found[pair], matches=True) for pair in pairs if pair in found]


def _redirected(
    request: Request, version: CrosswalkVersion, said: str, *, is_wrong: bool, is_undo: bool
) -> HttpResponse:
    if is_wrong:
        messages.error(request, said)
    else:
        # The key does nothing on a page without the matrix: the message has its own button.
        text = said.removesuffix(_(" Annuler : Ctrl+Z"))
        back = reverse("competencies:undo_reviews", args=[version.pk])
        messages.success(request, text, extra_tags="" if is_undo else f"undo:{back}")
    return redirect(back_to(request, version))


def back_to(request: Request, version: CrosswalkVersion) -> str:
    """Return the page one came from, where it is one of this version."""
    here = reverse("competencies:show_crosswalk", args=[version.pk])
    for address in (request.POST.get("suite", ""), request.headers.get("referer", "")):
        is_ours = url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        if is_ours and here in address:
            return address
    return reverse("competencies:show_matrix", args=[version.pk])
