"""The frameworks written for this product: whole, in two languages, named the same each time."""

import csv
from collections import Counter
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import yaml

from reseda.competencies import queries
from reseda.competencies.actions import exchange, frameworks
from reseda.competencies.actions.about import Notice, write_about
from reseda.competencies.actions.frameworks import EXAMPLES
from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.examples import Example, example
from reseda.competencies.domain.exchange import formats
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.queries import exports
from reseda.journal.actions import SYSTEM
from reseda.schools.models import School

NAMES = ("ecole", "reserve")


def told(name: str) -> dict[str, Any]:
    found = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def csv_file(version: FrameworkVersion) -> bytes:
    head, body = exports.table(version, "fr")
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([head, *body])
    return text.getvalue().encode()


def load(name: str, owner: str = "0300999G/garrigues") -> Example:
    return example(told(name), owner=owner)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_a_sound_tree_that_may_be_published(name: str) -> None:
    lines = load(name).lines
    assert rules.check(lines) == ()
    assert rules.missing(lines, has_levels=name == "ecole") == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_sentence_of_an_example_is_said_once_and_in_two_languages(name: str) -> None:
    lines = load(name).lines
    assert not [line.code for line in lines if not line.statement_en]
    within = Counter((line.parent, line.statement) for line in lines)
    assert max(within.values()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_each_competency_of_an_example_has_enough_indicators_for_good_suggestions(
    name: str,
) -> None:
    lines = load(name).lines
    held = Counter(line.parent for line in lines if line.kind == rules.INDICATOR)
    for line in lines:
        if line.kind == rules.COMPETENCY:
            assert held[line.code] >= rules.ENOUGH_INDICATORS


@pytest.mark.parametrize("name", NAMES)
def test_an_example_loaded_again_by_a_school_keeps_its_identifiers(name: str) -> None:
    first, again, elsewhere = load(name), load(name), load(name, "0290999P/ponant")
    assert first == again
    assert len({line.identifier for line in first.lines}) == len(first.lines)
    own = {line.identifier for line in first.lines} | {link.identifier for link in first.links}
    theirs = {line.identifier for line in elsewhere.lines}
    assert not own & (theirs | {link.identifier for link in elsewhere.links})
    assert first.identifier != elsewhere.identifier


def test_the_two_examples_of_a_school_share_no_identifier() -> None:
    school, reserve = (load(name) for name in NAMES)
    assert not {one.identifier for one in school.lines} & {one.identifier for one in reserve.lines}


def test_each_competency_stands_in_a_block_and_draws_on_teaching_units_with_credits() -> None:
    found = load("ecole")
    kinds = {line.code: line.kind for line in found.lines}
    competencies = [line for line in found.lines if line.kind == rules.COMPETENCY]
    assert {kinds[line.parent] for line in competencies} == {rules.BLOCK}
    units = [line for line in found.lines if line.kind == rules.UNIT]
    assert all(line.credits for line in units)
    assert all(line.credits is None for line in found.lines if line.kind != rules.UNIT)
    assert {kinds[link.origin] for link in found.links} == {rules.UNIT}
    assert {link.destination for link in found.links} == {line.code for line in competencies}
    assert {link.origin for link in found.links} == {line.code for line in units}
    assert {link.kind for link in found.links} == {rules.RELATED}


def test_the_parts_of_a_competency_are_told_in_one_order() -> None:
    for name in NAMES:
        places = Counter((line.parent, line.rank) for line in load(name).lines)
        assert max(places.values()) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "taken",
    [
        exports.case_package,
        lambda version: exports.case_package(version, has_extensions=True),
        exports.moodle_file,
        csv_file,
    ],
    ids=["case", "case-extensions", "moodle", "csv"],
)
def test_an_example_taken_away_and_brought_back_changes_nothing(
    school: School, name: str, taken: Callable[[FrameworkVersion], bytes]
) -> None:
    version = frameworks.load_example(school, name, by=SYSTEM)
    _kind, found = formats.read(taken(version), creator=school.name)
    draft = frameworks.derive(version, by=SYSTEM)
    assert exchange.planned(draft, found).is_nothing
    # Its own school is not written down as the author of what it publishes.
    notice = Notice(creator=school.name, description=queries.known_about(draft).description)
    write_about(draft, notice=notice, by=SYSTEM)
    assert exchange.planned(draft, found).is_nothing
