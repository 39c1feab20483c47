"""The crosswalk of the demo: a first version that juries rely on, a second one under review.

Two people judged every pair, one by one; where they differed the director of studies settled it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from reseda.competencies import tasks
from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.actions.exchange import create_from
from reseda.competencies.domain.exchange import case
from reseda.competencies.domain.judgement import Opinion
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion, Mapping
from reseda.hall.management.demo import labels, partner
from reseda.hall.management.demo.frame import Cast
from reseda.hall.management.demo.labels import Label
from reseda.people.models import Person

Keys = dict[str, int]
# The pairs of one opinion, which is given on all of them at once.
Group = tuple[Opinion, str]


def first(people: Cast, source: FrameworkVersion, target: FrameworkVersion) -> CrosswalkVersion:
    """Publish the crosswalk between what the reserve develops and what the school expects."""
    version = crosswalks.create(
        people.school,
        source=source,
        target=target,
        title="De la réserve au diplôme",
        title_en="From the reserve to the degree",
        note=labels.NOTE,
        by=people.assessor,
    )
    # A demo built again keeps the addresses at which its pairs are served.
    crosswalk = version.crosswalk
    crosswalk.identifier = uuid5(NAMESPACE_URL, f"urn:reseda:demo:{people.school.slug}:crosswalk")
    crosswalk.save(update_fields=["identifier"])
    for is_first, person in ((True, people.assessor), (False, people.referent)):
        said = labels.labels(labels.PAIRS, labels.COLUMNS, is_first=is_first)
        _give(version, said, labels.REASONS if is_first else {}, person)
    _settle(version, people.director)
    return crosswalks.publish(version, by=people.director)


def second(people: Cast, published: CrosswalkVersion) -> CrosswalkVersion:
    """Open the next version, which also looks at the essential components of competencies."""
    version = crosswalks.derive(published, by=people.assessor)
    crosswalks.edit(version, target_kinds=("competency", "component"), by=people.assessor)
    for is_first, person in ((True, people.assessor), (False, people.referent)):
        said = labels.labels(labels.FINER_PAIRS, labels.FINER, is_first=is_first)
        _give(version, said, labels.FINER_REASONS if is_first else {}, person)
    tasks.compute.call(version.pk)
    return version


def imported(people: Cast) -> FrameworkVersion:
    """Receive the framework of a partner, as a package of CASE, to be read before it is used."""
    told = case.read(json.dumps(partner.package()).encode())
    return create_from(people.school, told, kind="reserve", title=partner.TITLE, by=people.assessor)


def _give(
    version: CrosswalkVersion,
    said: Iterable[Label],
    reasons: labels.Reasons,
    person: Person,
) -> None:
    origins: Keys = dict(version.source.items.values_list("statement", "pk"))
    destinations: Keys = dict(version.target.items.values_list("code", "pk"))
    groups: dict[Group, list[tuple[int, int]]] = defaultdict(list)
    for one in said:
        reason = reasons.get((one.ability, one.code), "")
        groups[one.opinion, reason].append((origins[one.ability], destinations[one.code]))
    for (opinion, reason), pairs in groups.items():
        reviews.give(
            version,
            pairs,
            relation=opinion.relation,
            coverage=opinion.coverage,
            is_within=opinion.is_within,
            rationale=reason,
            by=person,
        )


def _settle(version: CrosswalkVersion, director: Person) -> None:
    conflicts = Mapping.objects.filter(version=version, state=Mapping.State.CONFLICT)
    for pair in conflicts.select_related("version", "origin", "destination"):
        sign, reason = labels.SETTLED[pair.origin.statement, pair.destination.code]
        held = labels.opinion(sign)
        reviews.settle(
            pair,
            relation=held.relation,
            coverage=held.coverage,
            is_within=held.is_within,
            rationale=reason,
            by=director,
        )
