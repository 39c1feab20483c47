"""A window on the matrix of a crosswalk: some rows, the columns, and what is known between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reseda.competencies.models import CrosswalkVersion, Item, Suggestion
from reseda.competencies.queries.crosswalks.axes import Side, axis, branch
from reseda.competencies.queries.crosswalks.cells import Cell, Pair, cells
from reseda.competencies.queries.crosswalks.progress import RowProgress, rows_progress
from reseda.people.policy import Viewer
from reseda.schools.domain.sheets import plain

FIRST_ROWS = slice(0, 25)
ALL = slice(None)


@dataclass(frozen=True)
class Filters:
    """Which rows and columns are wanted.

    `text` and `column_text` are looked for in codes and statements, whatever accents and case;
    `under` and `column_under` are keys of items of the trees. `show` keeps the rows where some pair
    is "left" (awaits the viewer), "conflict", "proposed", "undecided", "suggested" and left, or
    which are wholly "decided"; "" keeps all.
    """

    text: str = ""
    column_text: str = ""
    under: int | None = None
    column_under: int | None = None
    show: str = ""


@dataclass(frozen=True)
class Grid:
    """Rows and columns of a window, and the pairs that have something to say.

    `found` rows answer the filters, of `total`; likewise for columns. `progress` is by row of the
    window, over all columns of the crosswalk.
    """

    version: CrosswalkVersion
    rows: tuple[Item, ...]
    columns: tuple[Item, ...]
    cells: Mapping[Pair, Cell]
    progress: Mapping[int, RowProgress]
    found: int
    total: int
    found_columns: int
    total_columns: int

    def cell(self, origin: int, destination: int) -> Cell:
        """Return a pair, undecided if nothing is known of it."""
        return self.cells.get((origin, destination)) or Cell(origin, destination)

    @property
    def lines(self) -> list[tuple[Item, RowProgress, list[Cell]]]:
        """The rows with their progress and their cells, in the order of the columns."""
        return [
            (row, self.progress[row.pk], [self.cell(row.pk, column.pk) for column in self.columns])
            for row in self.rows
        ]


def matrix(
    viewer: Viewer,
    version: CrosswalkVersion,
    *,
    rows: slice = FIRST_ROWS,
    columns: slice = ALL,
    filters: Filters = Filters(),
) -> Grid:
    """Return a window on a crosswalk: slices are taken in what the filters keep.

    The number of queries does not depend on the size of the window or of the frameworks.
    """
    sources, targets = axis(version, "source"), axis(version, "target")
    kept = _kept(version, sources, filters.text, ("source", filters.under))
    across = _kept(version, targets, filters.column_text, ("target", filters.column_under))
    if filters.show:
        kept = _showing(viewer, version, kept, filters.show, len(targets))
    shown, ends = kept[rows], across[columns]
    return Grid(
        version,
        tuple(shown),
        tuple(ends),
        cells(viewer, version, shown, ends),
        rows_progress(viewer, version, [row.pk for row in shown], len(targets)),
        len(kept),
        len(sources),
        len(across),
        len(targets),
    )


def _kept(
    version: CrosswalkVersion, items: list[Item], text: str, part: tuple[Side, int | None]
) -> list[Item]:
    side, top = part
    if top is not None:
        below = branch(version, side, top)
        items = [item for item in items if item.pk in below]
    asked = plain(text)
    if not asked:
        return items
    return [
        item
        for item in items
        if asked in plain(f"{item.code} {item.statement}") or asked in plain(item.statement_en)
    ]


def _showing(
    viewer: Viewer, version: CrosswalkVersion, items: Sequence[Item], show: str, columns: int
) -> list[Item]:
    counts = rows_progress(viewer, version, [item.pk for item in items], columns)
    suggested: set[int] = set()
    if show == "suggested":
        suggested = set(
            Suggestion.objects.filter(version=version).order_by().values_list("origin", flat=True)
        )
    tests = {
        "left": lambda item: counts[item.pk].left > 0,
        "conflict": lambda item: counts[item.pk].conflict > 0,
        "proposed": lambda item: counts[item.pk].proposed > 0,
        "undecided": lambda item: counts[item.pk].undecided > 0,
        "suggested": lambda item: item.pk in suggested and counts[item.pk].left > 0,
        "decided": lambda item: counts[item.pk].is_done,
    }
    keeps = tests.get(show)
    return [item for item in items if keeps is None or keeps(item)]
