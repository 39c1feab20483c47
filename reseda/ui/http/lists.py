"""Lists one can search, filter, sort, page through and take away, as their address asks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from reseda.ui.domain.parts import Pill, Text
from reseda.ui.http.sheets import sheet

M = TypeVar("M", bound=Model)

PAGE_SIZE = 25
SEARCH_LENGTH = 100
EXPORTS = ("csv", "xlsx")


@dataclass(frozen=True)
class Filter:
    """A question that narrows a list; `choices`: word in the address -> label, condition."""

    name: str
    label: Text
    choices: Mapping[str, tuple[Text, Q]]


@dataclass(frozen=True)
class Sort:
    """One order of a list; a `field` that starts with "-" goes down first."""

    name: str
    label: Text
    field: str


@dataclass(frozen=True)
class Column:
    """One column of the exported file: its heading and the value it takes from a row."""

    label: Text
    value: Callable[[Any], object]


@dataclass(frozen=True)
class Group:
    """The pills of one filter, "all" first, as the toolbar draws them."""

    name: str
    label: Text
    pills: tuple[Pill, ...]
    chosen: str


@dataclass(eq=False)
class Listing(Generic[M]):
    """A list as its address asks for it: search, filters, order, page, export.

    Words of the address that mean nothing here are ignored. A page costs two queries,
    whatever the rows: one for all the counts, one for the rows.
    """

    request: HttpRequest
    queryset: QuerySet[M]
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    sorts: Sequence[Sort] = ()
    columns: Sequence[Column] = ()
    name: str = "liste"

    @cached_property
    def q(self) -> str:
        """The words searched for."""
        return " ".join(self.request.GET.get("q", "").replace("\0", "").split())[:SEARCH_LENGTH]

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The choices in force: name of the filter -> word of the choice."""
        asked = {one.name: self.request.GET.get(one.name, "") for one in self.filters}
        return {one.name: asked[one.name] for one in self.filters if asked[one.name] in one.choices}

    @cached_property
    def sort(self) -> Sort | None:
        """The order in force: the one asked for, or the first."""
        asked = self.request.GET.get("tri", "").removeprefix("-")
        named = {one.name: one for one in self.sorts}
        return named.get(asked) or (self.sorts[0] if self.sorts else None)

    @cached_property
    def is_reversed(self) -> bool:
        """Whether the order in force is read from its end."""
        return self.sort is not None and self.request.GET.get("tri", "") == f"-{self.sort.name}"

    @cached_property
    def counts(self) -> tuple[int, dict[tuple[str, str], int]]:
        """How many rows are kept, and how many each choice would keep (one query)."""
        keys = [(one.name, word) for one in self.filters for word in ("", *one.choices)]
        wanted = {f"c{rank}": {**self.chosen, name: word} for rank, (name, word) in enumerate(keys)}
        wanted["kept"] = self.chosen
        manager = self.queryset.model._default_manager
        found = manager.filter(self._among(self._sought)).aggregate(
            **{key: Count("pk", filter=self._narrowed(choice)) for key, choice in wanted.items()}
        )
        return found["kept"], {key: found[f"c{rank}"] for rank, key in enumerate(keys)}

    @property
    def count(self) -> int:
        """How many rows the search and filters keep."""
        return self.counts[0]

    @cached_property
    def rows(self) -> QuerySet[M]:
        """Every row kept, in order."""
        kept = self.queryset.filter(self._among(self._sought), self._narrowed(self.chosen))
        if self.sort is None:
            return kept if kept.ordered else kept.order_by("pk")
        field = self.sort.field
        if self.is_reversed:
            field = field.removeprefix("-") if field.startswith("-") else f"-{field}"
        return kept.order_by(field, "pk")

    @cached_property
    def page(self) -> Page[M]:
        """The rows of the page asked for, or of the nearest that exists (one query)."""
        paginator = Paginator(self.rows, PAGE_SIZE)
        paginator.count = self.count
        page = paginator.get_page(self.request.GET.get("page"))
        page.object_list = list(page.object_list)
        return page

    @cached_property
    def export(self) -> HttpResponse | None:
        """The file of every row kept, when the address asks `export=csv` or `xlsx`."""
        asked = self.request.GET.get("export", "")
        if asked not in EXPORTS or not self.columns:
            return None
        head = [str(column.label) for column in self.columns]
        body = [[column.value(row) for column in self.columns] for row in self.rows]
        return sheet(self.name, asked, head, body)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.q or self.chosen)

    @property
    def groups(self) -> list[Group]:
        """The filters as pills with counts, "all" first."""
        return [self._group(one) for one in self.filters]

    @property
    def order(self) -> str:
        """The word of the order in force, as the address says it."""
        if self.sort is None:
            return ""
        return f"-{self.sort.name}" if self.is_reversed else self.sort.name

    @property
    def reset_url(self) -> str:
        """The list without search nor filter, in the same order."""
        return self._url({"tri": self.request.GET.get("tri", "")})

    @property
    def reverse_url(self) -> str:
        """The same list read from its end."""
        name = self.sort.name if self.sort else ""
        return self._url({**self._words, "tri": name if self.is_reversed else f"-{name}"})

    @property
    def exports(self) -> list[tuple[str, str]]:
        """The files one can take: name of the format, address."""
        if not self.columns:
            return []
        return [(word.upper(), self._url({**self._words, "export": word})) for word in EXPORTS]

    @property
    def pages(self) -> Iterator[tuple[str, str, bool]]:
        """The pages as links: what is written, address ("" for the gap), whether it is this one."""
        numbers = self.page.paginator.get_elided_page_range(
            self.page.number, on_each_side=1, on_ends=1
        )
        for number in numbers:
            is_gap = not isinstance(number, int)
            yield (
                str(number),
                "" if is_gap else self.page_url(int(number)),
                number == self.page.number,
            )

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.page_url(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.page_url(self.page.number + 1) if self.page.has_next() else ""

    def page_url(self, number: int) -> str:
        """Return the address of one page of the same list."""
        return self._url({**self._words, "page": str(number)})

    @property
    def _words(self) -> dict[str, str]:
        return {"q": self.q, **self.chosen, "tri": self.request.GET.get("tri", "") and self.order}

    def _url(self, words: Mapping[str, str]) -> str:
        return "?" + urlencode({name: word for name, word in words.items() if word})

    def _group(self, one: Filter) -> Group:
        counts = self.counts[1]
        on = self.chosen.get(one.name, "")
        labels: dict[str, Text] = {
            "": _("Tous"),
            **{word: label for word, (label, _q) in one.choices.items()},
        }
        pills = tuple(
            Pill(
                label,
                self._url({**self._words, one.name: word}),
                counts[one.name, word],
                word == on,
            )
            for word, label in labels.items()
        )
        return Group(one.name, one.label, pills, on)

    @cached_property
    def _sought(self) -> Q:
        words = [reduce(or_, self._spelled(word)) for word in self.q.split()] if self.search else []
        return reduce(and_, words, Q())

    def _spelled(self, word: str) -> list[Q]:
        # SQLite ignores case for ASCII letters alone: accented words are also tried in both cases.
        spellings = {word} if word.isascii() else {word, word.lower(), word.upper()}
        return [
            Q(**{f"{path}__icontains": spelling}) for path in self.search for spelling in spellings
        ]

    def _among(self, condition: Q) -> Q:
        # By key, so that a condition over several related rows neither repeats nor miscounts a row.
        return Q(pk__in=self.queryset.order_by().filter(condition).values("pk"))

    def _narrowed(self, choice: Mapping[str, str]) -> Q:
        conditions = (
            self._among(one.choices[choice[one.name]][1])
            for one in self.filters
            if choice.get(one.name)
        )
        return reduce(and_, conditions, Q())
