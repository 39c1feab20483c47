"""The typing rules of a school, what they change among the lessons kept, and what none knows.

Whose timetable a title comes from never shows: a lesson that several people have counts once, and a
title is shown only where it bears the code of a teaching unit or is that of several people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Role
from reseda.people.policy import Viewer
from reseda.schools.models import Enrolment, School
from reseda.timetable.domain.school_rules import Facets, SchoolRule, facets_of, kind_of
from reseda.timetable.models import Feed, Kind, Lesson, TypingRule

FIELDS = ("title", "module", "group", "location")
LEAST_PERSONS = 2
MOST_TITLES = 20
REASONS = {
    "too_short": _("Donnez au moins deux lettres ou chiffres à chercher."),
    "too_long": _("Ce texte est trop long pour une règle."),
    "unknown_choice": _("Ce choix n’existe pas."),
}
MANAGERS = (Role.STUDIES_DIRECTOR, Role.REFERENT)


@dataclass(frozen=True)
class Kept:
    """Lessons that read alike: what is read of them, how many there are, of how many people."""

    facets: Facets
    lessons: int
    persons: int

    @property
    def is_showable(self) -> bool:
        """Tell whether the title may be shown: it is the school’s, not one person’s."""
        return bool(self.facets.module) or self.persons >= LEAST_PERSONS


@dataclass(frozen=True)
class Changed:
    """A title whose lessons would change kind, from what to what."""

    title: str
    before: str
    after: str
    lessons: int


@dataclass(frozen=True)
class Effect:
    """What a change of the rules would do: how many lessons, from what to what, which titles.

    `hidden` lessons bear titles that are one person’s alone; `lost_exams` would be exams no longer.
    """

    moves: tuple[tuple[str, str, int], ...]
    titles: tuple[Changed, ...]
    lessons: int
    hidden: int
    lost_exams: int
    more_titles: int


def rows(school: School) -> QuerySet[TypingRule]:
    """Return the rules in use in a school, in the order they are tried."""
    return TypingRule.objects.filter(school=school, removed_at__isnull=True).order_by("rank", "pk")


def school_rule(row: TypingRule) -> SchoolRule:
    """Turn a stored rule into what the engine reads."""
    return SchoolRule(f"school.{row.pk or 'new'}", row.target, row.match, row.pattern, row.kind)


def checked(rule: TypingRule) -> SchoolRule:
    """Return the rule as the engine reads it, or refuse it in plain words, before it is kept."""
    try:
        found = school_rule(rule)
    except ValueError as error:
        raise ValidationError(REASONS[str(error)], code=str(error)) from error
    same = rows(rule.school).filter(target=rule.target, match=rule.match, pattern=rule.pattern)
    if same.exclude(pk=rule.pk).exists():
        raise ValidationError(_("Cette règle existe déjà : modifiez-la plutôt."), code="duplicate")
    return found


def school_rules(school: School) -> tuple[SchoolRule, ...]:
    """Return the rules of a school for the engine (one query)."""
    return tuple(map(school_rule, rows(school)))


def programmes_of(viewer: Viewer, school: School) -> frozenset[int]:
    """Return the programmes to which a viewer’s say on the rules of a school is limited; none for
    the whole school.
    """
    held = [m for m in viewer.mandates if m.role in MANAGERS and m.organisation_id == school.pk]
    scopes = {mandate.scope_id for mandate in held}
    return frozenset() if None in scopes else frozenset(pk for pk in scopes if pk is not None)


def feeds_within(viewer: Viewer, school: School) -> QuerySet[Feed]:
    """Return the timetables in use on which a viewer may try rules: those of the school, or of the
    programmes that their mandates are limited to.
    """
    feeds = Feed.objects.filter(school=school, removed_at__isnull=True)
    programmes = programmes_of(viewer, school)
    if not programmes:
        return feeds
    enrolled = Enrolment.objects.filter(cohort__programme__in=programmes)
    return feeds.filter(person__in=enrolled.values("person"))


def kept(feeds: QuerySet[Feed]) -> tuple[Kept, ...]:
    """Return the lessons of some feeds, those that read alike together (one query)."""
    alike = (
        Lesson.objects.filter(feed__in=feeds.order_by().values("pk"))
        .order_by()
        .values_list(*FIELDS)
        .annotate(Count("uid", distinct=True), Count("feed__person", distinct=True))
    )
    return tuple(Kept(facets_of(*row[:4]), row[4], row[5]) for row in alike)


def effect(
    lessons: Iterable[Kept], before: Sequence[SchoolRule], after: Sequence[SchoolRule]
) -> Effect:
    """Tell what going from some rules to others would change among the lessons."""
    moves: Counter[tuple[str, str]] = Counter()
    titles: Counter[tuple[str, str, str]] = Counter()
    hidden = 0
    for one in lessons:
        old, new = kind_of(one.facets, before).kind, kind_of(one.facets, after).kind
        if old == new:
            continue
        moves[old, new] += one.lessons
        if one.is_showable:
            titles[one.facets.title, old, new] += one.lessons
        else:
            hidden += one.lessons
    shown = sorted(titles.items(), key=lambda item: (-item[1], item[0]))
    return Effect(
        moves=tuple((old, new, n) for (old, new), n in moves.most_common()),
        titles=tuple(Changed(*what, n) for what, n in shown[:MOST_TITLES]),
        lessons=moves.total(),
        hidden=hidden,
        lost_exams=sum(n for (old, _), n in moves.items() if old == Kind.EXAM),
        more_titles=max(0, len(shown) - MOST_TITLES),
    )


def counts(lessons: Iterable[Kept], rules: Sequence[SchoolRule]) -> Counter[str]:
    """Count the lessons that each rule types, by its code."""
    found: Counter[str] = Counter()
    for one in lessons:
        found[kind_of(one.facets, rules).rule] += one.lessons
    return found


def unknown(
    lessons: Iterable[Kept], rules: Sequence[SchoolRule]
) -> tuple[list[tuple[str, int]], int]:
    """Return the titles that no rule knows, the most frequent first, and how many lessons they and
    those that may not be shown make.
    """
    titles: dict[str, int] = defaultdict(int)
    total = 0
    for one in lessons:
        if kind_of(one.facets, rules).kind == Kind.UNKNOWN:
            total += one.lessons
            if one.is_showable and one.facets.title:
                titles[one.facets.title] += one.lessons
    ordered = sorted(titles.items(), key=lambda item: (-item[1], item[0]))
    return ordered[:MOST_TITLES], total
