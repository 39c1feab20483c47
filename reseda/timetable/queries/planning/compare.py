"""Two plans side by side: what changes for each person."""

from collections import defaultdict
from dataclasses import dataclass

from reseda.people.policy import Viewer
from reseda.service.models import Engagement
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.queries.planning.year import lines_of


@dataclass(frozen=True)
class Change:
    """What two plans grant to one person: lost (in the first alone), gained, kept."""

    engagement: Engagement
    lost: tuple[PlanLine, ...]
    gained: tuple[PlanLine, ...]
    kept: tuple[PlanLine, ...]

    @property
    def days_before(self) -> float:
        """Days granted by the first plan."""
        return float(sum(line.days for line in (*self.lost, *self.kept)))

    @property
    def days_after(self) -> float:
        """Days granted by the second plan."""
        return float(sum(line.days for line in (*self.gained, *self.kept)))


def changes(before: Plan, after: Plan, viewer: Viewer) -> list[Change]:
    """Return what changes from one plan to another for each person, by name; two queries."""
    first, second = _granted(before, viewer), _granted(after, viewer)
    people = {
        line.engagement_id: line.engagement
        for lines in (first, second)
        for own in lines.values()
        for line in own.values()
    }
    found = []
    for key, engagement in people.items():
        then, now = first.get(key, {}), second.get(key, {})
        change = Change(
            engagement,
            tuple(line for offer, line in then.items() if offer not in now),
            tuple(line for offer, line in now.items() if offer not in then),
            tuple(line for offer, line in now.items() if offer in then),
        )
        if change.lost or change.gained:
            found.append(change)
    return sorted(found, key=lambda one: (one.engagement.person.last_name, one.engagement.pk))


def _granted(plan: Plan, viewer: Viewer) -> dict[int, dict[int, PlanLine]]:
    found: dict[int, dict[int, PlanLine]] = defaultdict(dict)
    for line in lines_of(plan, viewer).filter(is_granted=True):
        if line.answer != PlanLine.Answer.DECLINED:
            found[line.engagement_id][line.offer_id] = line
    return found
