"""A school, two frozen frameworks and a draft crosswalk between them, as tests need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.models import (
    CrosswalkVersion,
    Framework,
    FrameworkVersion,
    Item,
    Suggestion,
)
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school


@dataclass
class World:
    """One school, its reviewers, and a draft crosswalk of its two frameworks."""

    school: School
    engineer: Person
    assessor: Person
    juror: Person
    version: CrosswalkVersion
    origins: list[Item]
    destinations: list[Item]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return [(one.pk, other.pk) for one in self.origins for other in self.destinations]

    def pair(self, origin: int = 0, destination: int = 0) -> tuple[int, int]:
        return self.origins[origin].pk, self.destinations[destination].pk


def frozen(school: School, kind: str, statements: Sequence[str]) -> FrameworkVersion:
    """Publish a framework of competencies, one per statement, each with an indicator."""
    titles = {"reserve": "Ce que la réserve développe", "school": "Référentiel d’ingénieur"}
    made = Framework.objects.create(school=school, kind=kind, title=titles[kind])
    return next_version(made, statements)


def next_version(framework: Framework, statements: Sequence[str]) -> FrameworkVersion:
    """Publish a version of a framework; a statement keeps the identifier of its place."""
    last = framework.versions.order_by("-number").first()
    known = {item.code: item.identifier for item in last.items.all()} if last else {}
    version = FrameworkVersion.objects.create(
        framework=framework, number=last.number + 1 if last else 1
    )
    for rank, statement in enumerate(statements, start=1):
        code = f"{framework.kind[0].upper()}{rank}"
        top = item(version, code, statement, rank, known)
        item(version, f"{code}-I1", f"Indice de {statement.lower()}", 1, known, top)
    freeze(version)
    return version


def item(
    version: FrameworkVersion,
    code: str,
    statement: str,
    rank: int,
    known: dict[str, object],
    parent: Item | None = None,
) -> Item:
    """Write a competency, or an indicator under it."""
    named = {"identifier": known[code]} if code in known else {}
    return Item.objects.create(
        version=version,
        parent=parent,
        kind="indicator" if parent else "competency",
        code=code,
        statement=statement,
        statement_en=f"{statement} (en)",
        rank=rank,
        **named,
    )


def freeze(version: FrameworkVersion) -> None:
    """Publish a version, the one in force being retired."""
    now = timezone.now()
    FrameworkVersion.objects.filter(framework=version.framework, status="published").update(
        status="retired", retired_at=now
    )
    version.status, version.published_at = "published", now
    version.save()


def world(origins: int = 3, destinations: int = 2, **told: object) -> World:
    """Make a school with a draft crosswalk of so many rows and columns."""
    school = make_school()
    engineer = make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school)
    source = frozen(school, "reserve", [f"Savoir-faire {n}" for n in range(1, origins + 1)])
    target = frozen(school, "school", [f"Attendu {n}" for n in range(1, destinations + 1)])
    version = crosswalks.create(
        school,
        source=source,
        target=target,
        by=engineer,
        **{"title": "Réserve et formation", **told},
    )
    return World(
        school,
        engineer,
        make_person("evaluateur@a.fr", Role.ASSESSOR, school=school),
        make_person("jury@a.fr", Role.JURY_MEMBER, school=school),
        version,
        list(source.items.filter(kind="competency").order_by("rank")),
        list(target.items.filter(kind="competency").order_by("rank")),
    )


def agree(made: World, pairs: list[tuple[int, int]], relation: str = "total", **told: Any) -> None:
    """Have pairs judged the same by two people."""
    for person in (made.assessor, made.juror):
        reviews.give(made.version, pairs, relation=relation, **told, by=person)


def suggest(made: World, row: int = 0, column: int = 0, **told: Any) -> None:
    """Have a pair suggested, first of its row unless told otherwise."""
    Suggestion.objects.create(
        version=made.version,
        origin=made.origins[row],
        destination=made.destinations[column],
        **{"rank": 1, "score": 0.5, "band": "possible", **told},
    )


def codes(act: Any, *given: Any, **told: Any) -> list[str]:
    """The codes of what an act is refused for."""
    with pytest.raises(ValidationError) as caught:
        act(*given, **told)
    error = caught.value
    if hasattr(error, "error_dict"):
        return [one.code for found in error.error_dict.values() for one in found]
    return [one.code for one in error.error_list]
