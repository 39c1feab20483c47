"""What the pages of a crosswalk show: lines and columns in order, cells as one viewer may see them.

Of a pair that is judged blindly, somebody who has not given an opinion sees nothing more than if
nobody had: neither the outcome nor that there is one, until the pair has all its opinions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from reseda.competencies.models import CrosswalkVersion, Item, Mapping, Review, Suggestion
from reseda.competencies.queries.crosswalks.cells import Cell, Earlier
from reseda.competencies.queries.crosswalks.cells import cells as known_cells
from reseda.people.policy import Viewer

PATH = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
# How many items under another are read at once; the rest is unfolded.
AT_ONCE = 8
HIDDEN_WHILE = (Mapping.State.PROPOSED,)
MARKS = {"proposed": ("filled", "hollow"), "agreed": ("filled", "filled"), "settled": ("square",)}


@dataclass(frozen=True)
class Entry:
    """An item that is compared, its place from 1, and what it stands under.

    `head` is the nearest the top of what is not compared; `group` is it where it changes.
    """

    item: Item
    index: int
    depth: int
    under: str
    group: str
    head: str


@dataclass(frozen=True)
class Shown:
    """A pair as one viewer sees it.

    `relation` is "" while undecided, "conflict" when opinions differ. `rationale` is that of the
    outcome. `state` is "" where the viewer may not know it. `is_open` when this viewer’s opinion is
    still wanted.
    """

    origin: Item
    destination: Item
    relation: str = ""
    coverage: int | None = None
    is_within: bool = False
    rationale: str = ""
    state: str = ""
    mine: Review | None = None
    opinions: tuple[Review, ...] = ()
    earlier: Earlier | None = None
    rank: int = 0
    mapping: Mapping | None = None
    band: str = ""
    words: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    is_open: bool = False
    is_hidden: bool = False
    matches: bool = False
    url: str = ""

    @property
    def key(self) -> str:
        """How forms and drawings name the pair."""
        return f"{self.origin.pk}-{self.destination.pk}"

    @property
    def my_word(self) -> str:
        """The viewer’s own opinion as the forms send it: « partial-50 »."""
        if self.mine is None:
            return ""
        share = self.mine.coverage
        return f"{self.mine.relation}-{share}" if share else self.mine.relation


@dataclass(frozen=True)
class Face:
    """An item in full: the path to it, and all that is under it with its depth."""

    item: Item
    under: str
    below: tuple[tuple[Item, int], ...]

    @property
    def first(self) -> tuple[tuple[Item, int], ...]:
        """What is read at once."""
        return self.below if len(self.below) <= AT_ONCE + 1 else self.below[:AT_ONCE]

    @property
    def rest(self) -> tuple[tuple[Item, int], ...]:
        """What is unfolded, where there is much."""
        return self.below[len(self.first) :]


@dataclass(frozen=True)
class Eyes:
    """Who looks, and in what quality: reviewers see states, own opinions and suggestions."""

    viewer: Viewer
    is_reviewer: bool


class Axis:
    """The items of one side of a version, in the order of their tree (one query)."""

    def __init__(self, version: CrosswalkVersion, side: str) -> None:
        self.kinds = frozenset(getattr(version, f"{side}_kinds").split(","))
        framework_version = getattr(version, f"{side}_id")
        self.children: dict[int | None, list[Item]] = defaultdict(list)
        self.items: dict[int, Item] = {}
        for item in Item.objects.filter(version=framework_version).order_by("rank", "pk"):
            self.children[item.parent_id].append(item)
            self.items[item.pk] = item
        self.entries = tuple(self._entries())

    def _entries(self) -> Iterator[Entry]:
        index, last = 0, ""
        for item, path in self._walk(None, ()):
            if item.kind not in self.kinds:
                continue
            index += 1
            above = [one for one in path if one.kind in self.kinds]
            under = PATH.join(one.label for one in path)
            head = next((str(one) for one in path if one.kind not in self.kinds), "")
            if head and not above:
                group, last = ("" if head == last else head), head
            else:
                group = ""
            yield Entry(item, index, len(above), under, group, head)

    def _walk(
        self, parent: int | None, path: tuple[Item, ...]
    ) -> Iterator[tuple[Item, tuple[Item, ...]]]:
        for item in self.children[parent]:
            yield item, path
            yield from self._walk(item.pk, (*path, item))

    def of(self, key: int) -> Entry | None:
        """Return the entry of an item, if it is compared."""
        return next((one for one in self.entries if one.item.pk == key), None)

    def face(self, entry: Entry) -> Face:
        """Return an item with all that is under it."""
        return Face(entry.item, entry.under, tuple(self._below(entry.item.pk, 1)))

    def _below(self, parent: int, depth: int) -> Iterator[tuple[Item, int]]:
        for item in self.children[parent]:
            yield item, depth
            yield from self._below(item.pk, depth + 1)


def cells(
    version: CrosswalkVersion,
    eyes: Eyes,
    rows: Sequence[Item],
    columns: Sequence[Item],
) -> dict[tuple[int, int], Shown]:
    """Return every pair of these items as the viewer sees it (at most eight queries)."""
    known = known_cells(eyes.viewer, version, rows, columns)
    return {
        (origin.pk, destination.pk): shown(
            version, eyes, Shown(origin, destination), known.get((origin.pk, destination.pk))
        )
        for origin in rows
        for destination in columns
    }


def shown(version: CrosswalkVersion, eyes: Eyes, blank: Shown, cell: Cell | None) -> Shown:
    """Return a pair as the viewer may see it; `blank` has its two ends."""
    is_open = version.is_draft and eyes.is_reviewer
    if cell is None:
        return replace(blank, is_open=is_open)
    if not eyes.is_reviewer:
        return _outcome(blank, cell)
    if cell.is_hidden and cell.state == Mapping.State.PROPOSED:
        return _hinted(replace(blank, is_open=True, is_hidden=True), cell.suggestion)
    steps: tuple[str, ...] = MARKS.get(cell.state, ())
    if version.reviewers == 1 and cell.state == Mapping.State.AGREED:
        steps = ("filled",)
    told = replace(
        _outcome(blank, cell),
        state=cell.state,
        mine=cell.mine,
        opinions=tuple(sorted(_given(cell), key=lambda one: one.given_at)),
        mapping=cell.mapping,
        steps=steps,
        is_open=is_open and cell.is_left,
        is_hidden=cell.is_hidden,
        earlier=cell.earlier,
    )
    return _hinted(told, cell.suggestion)


def _given(cell: Cell) -> Iterator[Review]:
    if cell.mine is not None:
        yield cell.mine
    yield from cell.others


def _outcome(blank: Shown, cell: Cell) -> Shown:
    is_split = cell.state == Mapping.State.CONFLICT
    return replace(
        blank,
        relation="conflict" if is_split else cell.relation,
        coverage=cell.coverage,
        is_within=cell.is_within,
        rationale=cell.mapping.rationale if cell.mapping else "",
    )


def _hinted(cell: Shown, hint: Suggestion | None) -> Shown:
    if hint is None:
        return cell
    return replace(cell, band=hint.band, words=tuple(hint.words), rank=hint.rank)


# --- What narrows the matrix


def known_to(version: CrosswalkVersion, eyes: Eyes) -> Q:
    """Select the mappings whose outcome a viewer may know."""
    if not (version.is_draft and version.is_blind and version.reviewers > 1):
        return Q()
    mine = Q(reviews__author=eyes.viewer.person.pk)
    return ~Q(state__in=HIDDEN_WHILE) | mine


def matching(
    version: CrosswalkVersion, eyes: Eyes, state: str, relation: str
) -> set[tuple[int, int]]:
    """Return the pairs in a state, or held for a relation, as far as the viewer may know."""
    rows = version.mappings.filter(known_to(version, eyes))
    if state:
        rows = rows.filter(state=state)
    if relation:
        rows = rows.filter(relation=relation)
    return set(rows.values_list("origin_id", "destination_id"))


def looked_at(version: CrosswalkVersion, eyes: Eyes, *, by_me: bool) -> set[tuple[int, int]]:
    """Return the pairs that are no more to examine: judged by the viewer, or by anybody known."""
    rows = version.mappings.filter(known_to(version, eyes))
    if by_me:
        mine = Q(reviews__author=eyes.viewer.person.pk)
        rows = version.mappings.filter(mine | ~Q(state=Mapping.State.PROPOSED))
    return set(rows.values_list("origin_id", "destination_id"))


def hinted(version: CrosswalkVersion, bands: Collection[str]) -> set[tuple[int, int]]:
    """Return the pairs that are suggested with one of these strengths."""
    return set(
        version.suggestions.filter(band__in=bands).values_list("origin_id", "destination_id")
    )


def suggestion_count(version: CrosswalkVersion) -> list[tuple[str, int]]:
    """Return how many suggestions there are of each strength, the strongest first (one query)."""
    counts = dict(
        version.suggestions.order_by()
        .values_list("band")
        .annotate(n=Count("pk"))
        .values_list("band", "n")
    )
    return [(band, counts[band]) for band in Suggestion.Band.values if band in counts]


# --- Who thinks what


def names(reviews: Iterable[Review], viewer: Viewer, numbered: str, *, may_know: bool) -> list[str]:
    """Name the authors of opinions: `numbered` ("relecteur %(n)d") where a name is not known."""
    order: dict[int, int] = {}
    found = []
    for one in reviews:
        rank = order.setdefault(one.author_id, len(order) + 1)
        is_known = may_know or one.author_id == viewer.person.pk
        found.append(str(one.author) if is_known else numbered % {"n": rank})
    return found
