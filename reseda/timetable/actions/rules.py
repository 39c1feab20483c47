"""What is done with the typing rules of a school: each change is applied to the lessons at once."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.timetable.domain.school_rules import SchoolRule, facets_of, kind_of
from reseda.timetable.domain.typing_rules import Typed
from reseda.timetable.models import Correction, Lesson, TypingRule
from reseda.timetable.permissions import MANAGE_RULES
from reseda.timetable.queries.rules import FIELDS, checked, rows, school_rules

ADD = Verb("timetable.add_rule", _("a ajouté une règle de typage ({lessons} séances retypées)"))
EDIT = Verb("timetable.edit_rule", _("a modifié une règle de typage ({lessons} séances retypées)"))
MOVE = Verb("timetable.move_rule", _("a déplacé une règle de typage ({lessons} séances retypées)"))
REMOVE = Verb(
    "timetable.remove_rule", _("a retiré une règle de typage ({lessons} séances retypées)")
)
RESTORE = Verb(
    "timetable.restore_rule", _("a rétabli une règle de typage ({lessons} séances retypées)")
)

MOST_RULES = 100
AT_ONCE = 500


@transaction.atomic
def add(
    school: School, *, target: str, match: str, pattern: str, kind: str, by: Person
) -> TypingRule:
    """Add a rule, tried after those that exist; refused when it is already there."""
    MANAGE_RULES.require(by, school)
    before = _held(school)
    if len(before) >= MOST_RULES:
        raise ValidationError(
            _("Une école a au plus %(n)d règles : retirez celles qui ne servent plus."),
            code="too_many",
            params={"n": MOST_RULES},
        )
    last = rows(school).aggregate(Max("rank"))["rank__max"] or 0
    rule = TypingRule(
        school=school, target=target, match=match, pattern=pattern, kind=kind, rank=last + 1
    )
    checked(rule)
    rule.save()
    record(ADD, rule, by=by, organisation=school.pk, lessons=_retype(school, before))
    return rule


@transaction.atomic
def edit(
    rule: TypingRule, *, target: str, match: str, pattern: str, kind: str, by: Person
) -> TypingRule:
    """Change what a rule says; its place stays."""
    MANAGE_RULES.require(by, rule.school)
    before = _held(rule.school)
    held = TypingRule.objects.select_for_update().get(pk=rule.pk)
    held.target, held.match, held.pattern, held.kind = target, match, pattern, kind
    checked(held)
    held.save(update_fields=["target", "match", "pattern", "kind"])
    record(EDIT, held, by=by, organisation=held.school_id, lessons=_retype(held.school, before))
    return held


@transaction.atomic
def move(rule: TypingRule, *, is_up: bool, by: Person) -> TypingRule:
    """Have a rule tried before the one above it, or after the one below."""
    MANAGE_RULES.require(by, rule.school)
    before = _held(rule.school)
    ordered = list(rows(rule.school).select_for_update())
    place = next((n for n, one in enumerate(ordered) if one.pk == rule.pk), None)
    if place is None:
        raise ValidationError(_("Cette règle n’est plus utilisée."), code="removed")
    other = max(0, place - 1) if is_up else min(len(ordered) - 1, place + 1)
    ordered.insert(other, ordered.pop(place))
    for rank, one in enumerate(ordered, 1):
        one.rank = rank
    TypingRule.objects.bulk_update(ordered, ["rank"])
    record(MOVE, rule, by=by, organisation=rule.school_id, lessons=_retype(rule.school, before))
    return ordered[other]


@transaction.atomic
def remove(rule: TypingRule, *, by: Person) -> TypingRule:
    """Stop using a rule; it can be restored."""
    MANAGE_RULES.require(by, rule.school)
    before = _held(rule.school)
    held = TypingRule.objects.select_for_update().get(pk=rule.pk)
    held.removed_at = timezone.now()
    held.save(update_fields=["removed_at"])
    record(REMOVE, held, by=by, organisation=held.school_id, lessons=_retype(held.school, before))
    return held


@transaction.atomic
def restore(rule: TypingRule, *, by: Person) -> TypingRule:
    """Use again, at its place, a rule that was removed."""
    MANAGE_RULES.require(by, rule.school)
    before = _held(rule.school)
    held = TypingRule.objects.select_for_update().get(pk=rule.pk)
    checked(held)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    record(RESTORE, held, by=by, organisation=held.school_id, lessons=_retype(held.school, before))
    return held


def _held(school: School) -> tuple[SchoolRule, ...]:
    """Lock the school, so that two changes of its rules follow each other; return its rules."""
    School.objects.select_for_update().get(pk=school.pk)
    return school_rules(school)


def _retype(school: School, before: Sequence[SchoolRule]) -> int:
    """Type again the lessons that the rules now say otherwise, and return how many.

    Those that their person corrected are left alone. Titles are compared first, each once: only
    the lessons that bear one that changes are loaded.
    """
    after = school_rules(school)
    lessons = Lesson.objects.filter(feed__school=school).order_by()
    changed: dict[tuple[str, ...], Typed] = {}
    for row in lessons.values_list(*FIELDS).distinct():
        typed = kind_of(facets_of(*row), after)
        if typed != kind_of(facets_of(*row), before):
            changed[row] = typed
    corrected = Correction.objects.filter(feed=OuterRef("feed"), uid=OuterRef("uid"))
    by_kind: dict[Typed, list[int]] = defaultdict(list)
    titles = sorted({row[0] for row in changed})
    for first in range(0, len(titles), AT_ONCE):
        touched = lessons.filter(~Exists(corrected), title__in=titles[first : first + AT_ONCE])
        for pk, *row in touched.values_list("pk", *FIELDS):
            if tuple(row) in changed:
                by_kind[changed[tuple(row)]].append(pk)
    for typed, pks in by_kind.items():
        for first in range(0, len(pks), AT_ONCE):
            Lesson.objects.filter(pk__in=pks[first : first + AT_ONCE]).update(
                kind=typed.kind, is_sure=typed.is_sure, rule=typed.rule
            )
    return sum(map(len, by_kind.values()))
