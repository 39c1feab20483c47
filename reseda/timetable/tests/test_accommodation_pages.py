"""The pages of measures, contract, reviews and reports: what each shows, and to whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reseda.journal.models import Entry
from reseda.service import actions as service
from reseda.timetable.actions import accommodation, feeds, reviews
from reseda.timetable.models import Absence, AccommodationRequest, AccommodationReview, Feed
from reseda.timetable.queries import catch_up, periods
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.conftest import Login


def page(name: str, *args: int) -> str:
    return reverse(f"timetable:{name}", args=args)


def shown(client: Client, path: str) -> str:
    text = client.get(path).content.decode()
    return text.partition("<main")[2].partition("</main>")[0]


def two_groups(world: make.World) -> None:
    """The lab of the student's group in the period, that of another group after; an exam."""
    feed = make.feed(
        world,
        [
            make.lesson("EXAM", make.CTRL, make.at(1, 8)),
            make.lesson("MINE", "M314 TP Mesures RT1 TP1", make.at(2, 13), group="RT1 TP1"),
            make.lesson("OTHER", "M314 TP Mesures RT1 TP2", make.at(9, 13), group="RT1 TP2"),
            make.lesson("THIRD", "M314 TP Mesures RT1 TP3", make.at(10, 13), group="RT1 TP3"),
        ],
    )
    feed.chosen_groups = ["RT1 TP1"]
    feed.save()


@pytest.fixture
def granted(world: make.World) -> AccommodationRequest:
    make.feed(world)
    return make.granted(world)


@pytest.fixture
def over(granted: AccommodationRequest) -> AccommodationRequest:
    """The absence is over and its review due."""
    end = timezone.now() - timedelta(days=2)
    AccommodationRequest.objects.update(starts_at=end - timedelta(days=3), ends_at=end)
    AccommodationReview.objects.update(due_on=timezone.localdate())
    granted.refresh_from_db()
    return granted


# --- Catch-ups, on the page of the conflicts


def fields(world: make.World) -> dict[str, str]:
    """The key of the form of each lesson."""
    met = catch_up.recovered(periods.meeting(world.period))
    return {one.clash.event.uid: one.clash.key for one in met}


def test_the_page_proposes_sessions_with_their_reason_and_checks_the_surest(
    world: make.World, signed_in: Login
) -> None:
    two_groups(world)
    text = shown(signed_in(world.student), page("conflicts", world.period.pk))

    assert "la même séance" in text
    assert "avec RT1 TP2" in text
    assert "demandez une épreuve de remplacement" in text
    assert text.count(" checked") == 2
    assert "tout se rattrape" in text


def test_what_is_chosen_travels_to_the_director_and_is_said_chosen(
    world: make.World, signed_in: Login
) -> None:
    two_groups(world)
    keys = fields(world)
    third = next(
        periods.key_of(one.event)
        for found in catch_up.recovered(periods.meeting(world.period))
        for one in found.recoveries
        if one.event.uid == "THIRD"
    )
    said = {
        "wish": "Rattraper.",
        f"how-{keys['MINE']}": third,
        f"how-{keys['EXAM']}": "other",
        f"text-{keys['EXAM']}": "Un oral au retour",
    }
    signed_in(world.student).post(page("conflicts", world.period.pk), said)
    found = AccommodationRequest.objects.get()

    kept = {one.uid: (one.catch_up_uid, one.catch_up) for one in make.absences(found)}
    assert kept["MINE"][0] == "THIRD"
    assert kept["EXAM"] == ("", "Un oral au retour")
    text = shown(signed_in(world.director), page("request", found.pk))
    assert "choisi dans l’emploi du temps" in text
    assert "Un oral au retour" in text


def test_something_else_must_be_written_and_a_session_gone_is_said(
    world: make.World, signed_in: Login
) -> None:
    two_groups(world)
    keys, client = fields(world), signed_in(world.student)
    path = page("conflicts", world.period.pk)

    empty = client.post(path, {"wish": "x", f"how-{keys['EXAM']}": "other"})
    assert (empty.status_code, "Écrivez ce que vous proposez" in empty.content.decode()) == (
        422,
        True,
    )
    gone = client.post(path, {"wish": "x", f"how-{keys['MINE']}": "0123456789abcdef"})
    assert "n’est plus proposée" in gone.content.decode()
    assert not AccommodationRequest.objects.exists()


def test_travel_time_is_counted_when_asked_and_kept_with_the_request(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world, [make.lesson("EVE", make.TALK, make.at(0, 15))])
    client, path = signed_in(world.student), page("conflicts", world.period.pk)

    assert make.TALK not in shown(client, path).partition('id="touchees"')[2]
    assert make.TALK in shown(client, f"{path}?trajet=120").partition('id="touchees"')[2]
    assert "Aucun conflit" in shown(client, f"{path}?trajet=17")
    client.post(path, {"wish": "Partir plus tôt.", "trajet": "120"})
    found = AccommodationRequest.objects.get()
    assert (found.travel_minutes, found.absences.get().uid) == (120, "EVE")
    assert "Un trajet de 2" in shown(client, page("request", found.pk))


@pytest.mark.parametrize("lessons", [1, 3])
def test_the_page_costs_the_same_however_many_lessons_and_proposals(
    lessons: int,
    world: make.World,
    signed_in: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    events = [
        make.lesson(f"{group}{n}", f"M314 TP {group}", make.at(day, 8 + n), group=group, hours=1)
        for n in range(lessons)
        for group, day in (("RT1 TP1", 2), ("RT1 TP2", 9))
    ]
    feeds.choose_groups(make.feed(world, events), groups=["RT1 TP1"], by=world.student)
    client = signed_in(world.student)

    with django_assert_num_queries(28):
        client.get(page("conflicts", world.period.pk))


# --- Decision


def test_the_director_sets_a_measure_and_a_moment_for_each_lesson(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world)
    found = make.asked(world)
    exam, lab = make.absences(found)
    said = {
        "decision": "granted",
        f"measure-{exam.pk}": "substitute",
        f"at-{exam.pk}": f"{make.at(8, 9):%Y-%m-%dT%H:%M}",
        f"measure-{lab.pk}": "attend",
    }
    client, path = signed_in(world.director), page("request", found.pk)
    refused = client.post(path, said)
    assert (refused.status_code, "reste à suivre" in refused.content.decode()) == (422, True)

    client.post(path, said | {"reason": "Le TP est noté."})
    exam.refresh_from_db()
    lab.refresh_from_db()
    assert (exam.measure, exam.catch_up_at, lab.answer) == ("substitute", make.at(8, 9), "attend")


def test_a_moment_during_the_absence_is_refused_beside_its_field(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world)
    found = make.asked(world)
    exam, _lab = make.absences(found)
    said = {"decision": "granted", f"at-{exam.pk}": f"{make.at(2, 9):%Y-%m-%dT%H:%M}"}
    answer = signed_in(world.director).post(page("request", found.pk), said)

    assert "L’élève est absent à ce moment." in answer.content.decode()


def test_a_lesson_added_since_is_decided_on_the_same_page(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    added = Absence.objects.create(
        request=granted,
        uid="NEW",
        title="M320 Anglais",
        kind="tutorial",
        starts_at=make.at(1, 15),
        ends_at=make.at(1, 17),
    )
    client, path = signed_in(world.director), page("request", granted.pk)
    assert "Répondre pour les séances ajoutées" in shown(client, path)
    client.post(path, {"reason": "", f"measure-{added.pk}": "notes"})

    added.refresh_from_db()
    assert (added.answer, added.measure) == ("excused", "notes")
    assert "Répondre pour les séances ajoutées" not in shown(client, path)


# --- Agreement and contract


def test_the_student_agrees_and_takes_the_contract_the_school_too_which_is_written_down(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    path = page("request", granted.pk)
    assert "J’accepte ces mesures" in shown(signed_in(world.student), path)
    assert "J’accepte ces mesures" not in shown(signed_in(world.director), path)
    signed_in(world.student).post(page("agree", granted.pk))
    granted.refresh_from_db()

    assert granted.contract.sha256 in shown(signed_in(world.student), path)
    for person in (world.student, world.director, world.registry):
        answer = signed_in(person).post(page("contract", granted.pk))
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
        assert "contrat-amenagement" in answer["Content-Disposition"]
    opened = Entry.objects.filter(verb="documents.consult").values_list("actor", flat=True)
    assert set(opened) == {f"person:{one.pk}" for one in (world.director, world.registry)}
    for person in (world.teacher, world.referent, world.stranger):
        assert signed_in(person).post(page("contract", granted.pk)).status_code == 404


def test_a_timetable_that_moved_is_said_and_followed_in_one_press(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    moved = [make.lesson("EXAM", make.CTRL, make.at(1, 10)), *make.year()[1:]]
    feeds.replace(Feed.objects.get(), reading=make.reading(moved), by=world.student)
    client, path = signed_in(world.student), page("request", granted.pk)

    assert "La séance a changé depuis votre demande" in shown(client, path)
    assert "La séance a changé" not in shown(signed_in(world.director), path)
    client = signed_in(world.student)
    assert (
        "suit l’emploi du temps"
        in client.post(page("follow", granted.pk), follow=True).content.decode()
    )
    assert "La séance a changé" not in shown(client, path)


# --- Reviews and reports


def test_a_review_is_held_from_its_page_and_taken_back_from_the_message(
    world: make.World, over: AccommodationRequest, signed_in: Login
) -> None:
    review = over.reviews.get()
    client, path = signed_in(world.director), page("review", review.pk)
    assert client.post(path, {"outcome": "changed"}).status_code == 422
    told = client.post(path, {"outcome": "ended", "note": "Rattrapé."}, follow=True)

    assert f'action="{page("redo_review", review.pk)}"' in told.content.decode()
    client.post(page("redo_review", review.pk))
    review.refresh_from_db()
    assert review.outcome == ""


def test_the_student_reads_the_review_and_writes_a_word(
    world: make.World, over: AccommodationRequest, signed_in: Login
) -> None:
    review = over.reviews.get()
    client, path = signed_in(world.student), page("review", review.pk)
    assert "Faire le bilan" not in shown(client, path)
    client.post(path, {"word": "Il manque un corrigé."})

    assert "Il manque un corrigé." in shown(signed_in(world.director), path)


def test_a_report_opens_by_a_press_that_its_student_sees(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    path = page("report_concern", granted.pk)
    assert "La direction des études, et personne d’autre" in shown(signed_in(world.student), path)
    service.disclose(world.engagement, audiences=["referent"], by=world.student)
    client = signed_in(world.student)
    assert "Votre référent défense, et personne d’autre" in shown(client, path)
    assert client.post(path, {"text": ""}).status_code == 422
    sent = client.post(path, {"text": "Zéro à un TP excusé."})

    client = signed_in(world.referent)
    assert "Zéro à un TP" not in shown(client, sent.url)
    client.post(f"{sent.url}lire/")
    assert "Zéro à un TP" in shown(client, sent.url)
    client.post(sent.url, {"answer": "La note est retirée."})
    assert "La note est retirée." in shown(signed_in(world.student), sent.url)


def test_what_follows_is_a_404_for_everybody_else(
    world: make.World, over: AccommodationRequest, signed_in: Login
) -> None:
    review = over.reviews.get()
    concern = reviews.report(over, text="Zéro.", by=world.student)
    other = make.service.person(world.school, "student", first_name="Autre")
    read = [page("review", review.pk), page("concern", concern.pk)]
    own = [page("agree", over.pk), page("follow", over.pk), page("report_concern", over.pk)]
    pressed = [
        *read,
        *own,
        page("redo_review", review.pk),
        page("open_concern", concern.pk),
        page("withdraw_concern", concern.pk),
        page("contract", over.pk),
    ]
    for person in (world.stranger, other, world.teacher, world.referent):
        client = signed_in(person)
        assert {client.get(path).status_code for path in read} == {404}
        assert {client.post(path).status_code for path in pressed} == {404}
    director = signed_in(world.director)
    assert {director.get(path).status_code for path in read} == {200}
    assert {director.post(path).status_code for path in own} == {404}


def test_the_pages_of_measures_never_say_why_to_the_school(
    world: make.World, over: AccommodationRequest, signed_in: Login
) -> None:
    review = over.reviews.get()
    reviews.say(review, word="Tout va bien.", by=world.student)
    client = signed_in(world.director)
    for path in (page("request", over.pk), page("reviews"), page("review", review.pk)):
        text = shown(client, path)
        assert not [word for word in make.SECRETS if word.lower() in text.lower()], path


# --- Absences


def test_a_teacher_reads_an_absence_and_puts_it_back(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    absence = make.absences(granted)[0]
    client, path = signed_in(world.teacher), page("see_absence", absence.pk)
    told = client.post(path, follow=True).content.decode()
    assert f'action="{path}"' in told
    client.post(path, {"undo": "1"})

    absence.refresh_from_db()
    assert absence.seen_at is None


def test_the_registry_counts_filters_and_exports_under_a_neutral_name(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    client = signed_in(world.registry)
    text = shown(client, page("absences"))
    assert "absences à venir" in text
    unread = client.get(page("absences") + "?lu=non&type=exam").context["listing"]
    assert [one.title for one in unread.rows] == [make.CTRL]
    for kind in ("csv", "xlsx"):
        answer = client.get(page("absences") + f"?export={kind}")
        assert "absences" in answer["Content-Disposition"]
    csv = client.get(page("absences") + "?export=csv").content.decode()
    assert "absence justifiée, engagement reconnu" in csv
    assert not [word for word in make.SECRETS if word.lower() in csv.lower()]


def test_another_teacher_sees_none_of_it(
    world: make.World, granted: AccommodationRequest, signed_in: Login
) -> None:
    other = make.service.person(world.school, "teacher", first_name="Ada")

    assert str(world.student) not in shown(signed_in(other), page("absences"))
    absence = make.absences(granted)[0]
    assert signed_in(other).post(page("see_absence", absence.pk)).status_code == 404


@pytest.mark.parametrize("requests", [1, 3])
def test_the_list_of_reviews_costs_the_same_with_one_and_with_three(
    requests: int,
    world: make.World,
    signed_in: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make.feed(world)
    for weeks in range(requests):
        period = make.spell(world.engagement, weeks=weeks) if weeks else world.period
        found = accommodation.request(period, wish="x", by=world.student)
        make.granted(world, found)
    client = signed_in(world.director)

    with django_assert_num_queries(5):
        client.get(page("reviews"))
