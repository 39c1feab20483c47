"""From one version of a crosswalk to the next: which decisions still speak of the same words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """What a reviewer read of an item; `identifier` follows it from version to version."""

    identifier: str
    statement: str
    statement_en: str = ""


@dataclass(frozen=True)
class Carried:
    """What becomes of items and pairs; items and ends of pairs are told by their identifiers.

    `pairs` keep their decision; `reworded` lost it as the wording of an end changed, and are to be
    reviewed again; `lost` had an end that is no more.
    """

    pairs: tuple[tuple[str, str], ...]
    reworded: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    added: tuple[str, ...]
    vanished: tuple[str, ...]


def carry(
    before: tuple[Sequence[Wording], Sequence[Wording]],
    after: tuple[Sequence[Wording], Sequence[Wording]],
    pairs: Iterable[tuple[str, str]],
) -> Carried:
    """Say what is carried of `pairs`, decided on `before` = (origins, destinations), to `after`.

    A wording is the same when both its languages are, spaces apart.
    """
    sides = [_side(was, now) for was, now in zip(before, after, strict=True)]
    carried: dict[str, list[tuple[str, str]]] = {"same": [], "changed": [], "vanished": []}
    for origin, destination in pairs:
        fates = {sides[0][origin], sides[1][destination]}
        worst = next(fate for fate in ("vanished", "changed", "same") if fate in fates)
        carried[worst].append((origin, destination))
    return Carried(
        tuple(carried["same"]),
        tuple(carried["changed"]),
        tuple(carried["vanished"]),
        _of(sides, "changed"),
        _of(sides, "added"),
        _of(sides, "vanished"),
    )


def _side(was: Sequence[Wording], now: Sequence[Wording]) -> dict[str, str]:
    old = {one.identifier: _read(one) for one in was}
    new = {one.identifier: _read(one) for one in now}
    fates = {key: _fate(words, new.get(key)) for key, words in old.items()}
    return fates | {key: "added" for key in new if key not in old}


def _fate(was: tuple[str, str], now: tuple[str, str] | None) -> str:
    if now is None:
        return "vanished"
    return "same" if was == now else "changed"


def _read(one: Wording) -> tuple[str, str]:
    return " ".join(one.statement.split()), " ".join(one.statement_en.split())


def _of(sides: Sequence[Mapping[str, str]], fate: str) -> tuple[str, ...]:
    return tuple(key for side in sides for key, found in side.items() if found == fate)
