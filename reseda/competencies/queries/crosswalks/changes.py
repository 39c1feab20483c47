"""What became of a crosswalk from one version to the next."""

from dataclasses import dataclass

from reseda.competencies.domain.judgement import Wording, carry
from reseda.competencies.models import CrosswalkVersion, Item
from reseda.competencies.queries.crosswalks.axes import axis


@dataclass(frozen=True)
class Carryover:
    """What a version took from the one before.

    `kept`, `reworded` and `lost` count pairs that were decided: carried as their wordings are the
    same, to be judged again as one changed, without an item any more. `changed` are items whose
    wording is another now (as it was, as it is), `added` are new, `vanished` are no more.
    """

    before: CrosswalkVersion
    kept: int
    reworded: int
    lost: int
    changed: tuple[tuple[Item, Item], ...]
    added: tuple[Item, ...]
    vanished: tuple[Item, ...]


def previous(version: CrosswalkVersion) -> CrosswalkVersion | None:
    """Return the frozen version before this one (one query)."""
    return (
        CrosswalkVersion.objects.filter(crosswalk=version.crosswalk_id, number__lt=version.number)
        .exclude(status="draft")
        .select_related("crosswalk")
        .order_by("-number")
        .first()
    )


def carryover(version: CrosswalkVersion) -> Carryover | None:
    """Compare a version with the one before; None for a first version (six queries)."""
    before = previous(version)
    if before is None:
        return None
    was = (axis(before, "source"), axis(before, "target"))
    now = (axis(version, "source"), axis(version, "target"))
    old = {str(item.identifier): item for side in was for item in side}
    new = {str(item.identifier): item for side in now for item in side}
    keys = {item.pk: str(item.identifier) for side in was for item in side}
    pairs = before.mappings.values_list("origin_id", "destination_id")
    found = carry(
        (_worded(was[0]), _worded(was[1])),
        (_worded(now[0]), _worded(now[1])),
        [(keys[origin], keys[end]) for origin, end in pairs],
    )
    return Carryover(
        before,
        len(found.pairs),
        len(found.reworded),
        len(found.lost),
        tuple((old[key], new[key]) for key in found.changed),
        tuple(new[key] for key in found.added),
        tuple(old[key] for key in found.vanished),
    )


def _worded(items: list[Item]) -> list[Wording]:
    return [Wording(str(item.identifier), item.statement, item.statement_en) for item in items]
