"""A school's typing rules: who may write them, what they change, what never shows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reseda.journal.models import Entry
from reseda.people.models import Mandate, Person, Role
from reseda.schools.tests.factories import enrol, make_programme, make_year
from reseda.service.tests import factories as service
from reseda.timetable.actions import feeds
from reseda.timetable.actions import rules as actions
from reseda.timetable.models import Correction, Feed, Kind, Lesson, TypingRule
from reseda.timetable.queries import lessons as queries
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.conftest import Login

INDEX = "/emploi-du-temps/regles/"
CODE, OWN = "ZAI710I Optique", "Chorale du mardi"
WRITTEN = {"target": "title", "match": "word", "pattern": "optique", "kind": "exam"}


def page(name: str, *args: int) -> str:
    return reverse(f"timetable:{name}", args=args)


def titled(*titles: str) -> list[str]:
    return [make.lesson(f"U{n}", title, make.at(n % 5, 8)) for n, title in enumerate(titles)]


def rule(world: make.World, **given: str) -> TypingRule:
    return actions.add(world.school, **{**WRITTEN, **given}, by=world.director)


def another(world: make.World, *titles: str) -> Feed:
    """The timetable of a second student of the school."""
    person = service.person(world.school, Role.STUDENT, first_name="Lou")
    return feeds.add(
        person, school=world.school, name="Mien", reading=make.reading(titled(*titles)), by=person
    )


def kinds(feed: Feed) -> dict[str, str]:
    return dict(Lesson.objects.filter(feed=feed).values_list("title", "kind"))


# --- Who may


@pytest.mark.parametrize("who", ["director", "referent"])
def test_the_director_of_studies_and_the_referent_write_rules(
    who: str, world: make.World, signed_in: Login
) -> None:
    client = signed_in(getattr(world, who))

    assert client.get(INDEX).status_code == 200
    assert client.post(INDEX, WRITTEN).status_code == 302
    assert TypingRule.objects.get().school == world.school


@pytest.mark.parametrize("who", ["student", "teacher", "registry"])
def test_nobody_else_finds_the_page_nor_the_action(
    who: str, world: make.World, signed_in: Login
) -> None:
    found = rule(world)
    person = getattr(world, who)
    client = signed_in(person)

    assert client.get(INDEX).status_code == 404
    assert client.post(INDEX, WRITTEN).status_code == 404
    assert client.get(page("rule", found.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.remove(found, by=person)


def test_a_stranger_sees_and_changes_nothing_of_the_rules_of_another_school(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world, titled(CODE))
    found = rule(world)
    client = signed_in(world.stranger)

    assert "optique" not in client.get(INDEX).content.decode().casefold()
    assert client.get(page("rule", found.pk)).status_code == 404
    for name in ("rule", "move_rule", "remove_rule", "take_back_rule"):
        assert client.post(page(name, found.pk), WRITTEN).status_code == 404
    assert TypingRule.objects.get().removed_at is None


# --- What a rule does


def test_a_rule_types_at_once_the_lessons_already_read_and_those_to_come(world: make.World) -> None:
    feed = make.feed(world, titled(CODE, make.LAB))

    rule(world)
    later = another(world, CODE)

    assert kinds(feed) == {CODE: "exam", make.LAB: "practical"}
    assert kinds(later) == {CODE: "exam"}
    assert Lesson.objects.filter(title=CODE).values_list("is_sure", flat=True)[0] is True


def test_the_correction_of_a_person_wins_over_every_rule(world: make.World) -> None:
    feed = make.feed(world, titled(CODE))
    feeds.correct(feed, uid="U0", kind=Kind.OTHER, by=world.student)

    rule(world)

    assert [event.kind for event in queries.events(feed)] == ["other"]
    assert Correction.objects.get().kind == "other"
    assert kinds(feed) == {CODE: "unknown"}


def test_a_rule_of_one_school_changes_nothing_in_another(world: make.World) -> None:
    elsewhere = service.school("École voisine")
    person = service.person(elsewhere, Role.STUDENT)
    theirs = feeds.add(
        person, school=elsewhere, name="Mien", reading=make.reading(titled(CODE)), by=person
    )

    rule(world)

    assert kinds(theirs) == {CODE: "unknown"}


def test_what_a_rule_did_is_undone_when_it_is_removed_and_done_again_when_restored(
    world: make.World,
) -> None:
    feed = make.feed(world, titled(CODE, "Galop TD"))
    found = rule(world, pattern="galop")

    actions.remove(found, by=world.director)
    assert kinds(feed)["Galop TD"] == "tutorial"

    actions.restore(found, by=world.director)
    assert kinds(feed)["Galop TD"] == "exam"


def test_the_first_rule_that_speaks_of_a_lesson_decides(world: make.World) -> None:
    feed = make.feed(world, titled(CODE))
    rule(world, kind="exam")
    second = rule(world, match="contains", kind="project")
    assert kinds(feed) == {CODE: "exam"}

    moved = actions.move(second, is_up=True, by=world.director)

    assert moved.rank == 1
    assert kinds(feed) == {CODE: "project"}
    assert actions.move(second, is_up=True, by=world.director).rank == 1


def test_each_change_is_journaled_with_the_number_of_lessons_and_no_title(
    world: make.World,
) -> None:
    make.feed(world, titled(CODE, CODE))
    found = rule(world)
    actions.edit(found, **{**WRITTEN, "kind": "project"}, by=world.director)
    actions.remove(found, by=world.director)

    entries = Entry.objects.filter(verb__endswith="_rule").order_by("number")
    assert [(one.verb, one.facts["lessons"]) for one in entries] == [
        ("timetable.add_rule", 2),
        ("timetable.edit_rule", 2),
        ("timetable.remove_rule", 2),
    ]
    assert "ptique" not in str([one.facts for one in entries])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "duplicate"),
        ({"pattern": "—"}, "too_short"),
        ({"pattern": "x" * 121}, "too_long"),
        ({"kind": "party"}, "unknown_choice"),
    ],
)
def test_a_rule_that_would_mean_nothing_is_refused_and_nothing_changes(
    given: dict[str, str], code: str, world: make.World
) -> None:
    rule(world)

    with pytest.raises(ValidationError) as caught:
        rule(world, **given)

    assert caught.value.code == code
    assert TypingRule.objects.count() == 1


# --- The page


def test_a_rule_is_tried_before_it_is_kept(world: make.World, signed_in: Login) -> None:
    feed = make.feed(world, titled(CODE, CODE, make.CTRL))
    client = signed_in(world.director)

    answer = client.post(INDEX, {**WRITTEN, "kind": "project", "try": "1"})

    assert answer.context["effect"].moves == (("unknown", "project", 2),)
    assert CODE in answer.content.decode()
    assert not TypingRule.objects.exists()
    assert kinds(feed)[CODE] == "unknown"


def test_a_rule_that_would_take_exams_away_says_so(world: make.World, signed_in: Login) -> None:
    make.feed(world, titled(make.CTRL))
    tried = {**WRITTEN, "pattern": "capteurs", "kind": "lecture", "try": "1"}

    shown = signed_in(world.referent).post(INDEX, tried).content.decode()

    assert "Des examens n’en seraient plus" in shown


def test_a_lesson_that_several_have_counts_once(world: make.World, signed_in: Login) -> None:
    make.feed(world, titled(CODE))
    another(world, CODE, make.LAB)

    answer = signed_in(world.director).post(INDEX, {**WRITTEN, "try": "1"})

    assert answer.context["effect"].lessons == 1


def test_a_title_that_one_person_alone_has_is_counted_and_never_shown(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world, titled(OWN))
    client = signed_in(world.director)
    tried = {**WRITTEN, "pattern": "chorale", "try": "1"}

    answer = client.post(INDEX, tried)
    assert (answer.context["effect"].lessons, answer.context["effect"].hidden) == (1, 1)
    assert OWN not in answer.content.decode()
    assert OWN not in client.get(INDEX).content.decode()

    another(world, OWN, make.LAB)
    assert OWN in client.get(INDEX).content.decode()


def test_no_name_of_a_person_or_of_a_timetable_shows(world: make.World, signed_in: Login) -> None:
    make.feed(world, titled(CODE))

    shown = signed_in(world.director).get(INDEX).content.decode()

    assert CODE in shown
    for words in (world.student.last_name, "Mon année"):
        assert words not in shown


def test_whoever_is_limited_to_a_programme_tries_rules_on_its_students_alone(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world, titled(CODE))
    theirs = another(world, "ZAI999 Optique", make.LAB)
    programme = make_programme(world.school, "OPT")
    cohort = programme.cohorts.create(year=make_year(world.school), name="ING1")
    enrol(theirs.person, cohort, "n-1")
    referent = limited(world, programme)

    answer = signed_in(referent).post(INDEX, {**WRITTEN, "try": "1"})

    assert [one.title for one in answer.context["effect"].titles] == ["ZAI999 Optique"]
    assert CODE not in answer.content.decode()
    assert "Une règle vaut pour toute l’école" in answer.content.decode()


def limited(world: make.World, programme: object) -> Person:
    person = service.person(world.school, Role.REFERENT, first_name="Sasha")
    Mandate.objects.filter(person=person).update(scope=programme)
    return person


def test_what_none_knows_is_listed_most_frequent_first_and_named_in_one_press(
    world: make.World, signed_in: Login
) -> None:
    feed = make.feed(world, titled("ZAI800 Ondes", CODE, CODE, CODE))
    client = signed_in(world.director)
    assert client.get(INDEX).context["unknown"] == [(CODE, 3), ("ZAI800 Ondes", 1)]

    answer = client.post(page("name_lessons"), {"title": CODE, "kind": "tutorial"}, follow=True)

    assert kinds(feed)[CODE] == "tutorial"
    assert answer.context["unknown"] == [("ZAI800 Ondes", 1)]
    (found,) = TypingRule.objects.all()
    assert (found.target, found.match, found.pattern) == ("title", "is", CODE)


def test_a_very_long_title_is_named_by_its_beginning(world: make.World, signed_in: Login) -> None:
    title = "ZAI700 " + " ".join(["ondes"] * 40)
    feed = make.feed(world, titled(title))

    signed_in(world.director).post(page("name_lessons"), {"title": title, "kind": "lecture"})

    assert set(kinds(feed).values()) == {"lecture"}


@pytest.mark.parametrize("given", [{"title": "", "kind": "exam"}, {"title": CODE, "kind": "party"}])
def test_naming_nothing_or_wrongly_says_why(
    given: dict[str, str], world: make.World, signed_in: Login
) -> None:
    answer = signed_in(world.director).post(page("name_lessons"), given, follow=True)

    assert not TypingRule.objects.exists()
    assert len(list(answer.context["messages"])) == 1


def test_adding_and_removing_a_rule_are_undone_in_one_press(
    world: make.World, signed_in: Login
) -> None:
    feed = make.feed(world, titled(CODE))
    client = signed_in(world.director)
    added = client.post(INDEX, WRITTEN, follow=True).content.decode()
    found = TypingRule.objects.get()

    assert page("take_back_rule", found.pk) in added
    client.post(page("take_back_rule", found.pk), {"undo": "1"})
    assert kinds(feed) == {CODE: "unknown"}

    client.post(page("remove_rule", found.pk), {"undo": "1"})
    assert kinds(feed) == {CODE: "exam"}
    removed = client.post(page("remove_rule", found.pk), follow=True).content.decode()
    assert f'action="{page("remove_rule", found.pk)}"' in removed
    assert kinds(feed) == {CODE: "unknown"}


def test_a_rule_is_changed_after_trying_and_moved_by_its_buttons(
    world: make.World, signed_in: Login
) -> None:
    feed = make.feed(world, titled(CODE))
    first, second = rule(world), rule(world, pattern="autre")
    client = signed_in(world.director)
    changed = {**WRITTEN, "kind": "project"}
    assert 'value="optique"' in client.get(page("rule", first.pk)).content.decode()

    tried = client.post(page("rule", first.pk), {**changed, "try": "1"})
    assert tried.context["effect"].moves == (("exam", "project", 1),)
    assert tried.context["effect"].lost_exams == 1
    assert kinds(feed) == {CODE: "exam"}

    client.post(page("rule", first.pk), changed)
    assert kinds(feed) == {CODE: "project"}
    client.post(page("move_rule", second.pk), {"to": "up"})
    assert [row.pk for row, _ in client.get(INDEX).context["rows"]] == [second.pk, first.pk]


def test_bad_words_are_told_beside_the_form(world: make.World, signed_in: Login) -> None:
    answer = signed_in(world.director).post(INDEX, {**WRITTEN, "pattern": "-"})

    assert answer.status_code == 422
    assert "au moins deux lettres" in answer.content.decode()
    assert not TypingRule.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_rules_and_lessons(
    count: int,
    world: make.World,
    signed_in: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make.feed(world, titled(*(f"ZAI{n} Optique" for n in range(count))))
    for number in range(count):
        rule(world, pattern=f"mot{number}")
    client = signed_in(world.director)

    with django_assert_num_queries(6):
        client.get(INDEX)
