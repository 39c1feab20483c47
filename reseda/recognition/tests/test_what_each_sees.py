"""What each sees of recognition: nothing without a part in it, else lists, tasks and stages."""

from collections.abc import Callable

import pytest

from reseda.people.models import Person
from reseda.people.policy import Viewer
from reseda.recognition import actions, queries
from reseda.recognition.models import Evidence
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import World, consulted, page
from reseda.ui.queries import thread

pytestmark = pytest.mark.django_db
SECRETS = (make.UNIT, make.PLACE, "armée de Terre", "manœuvre")


# --- Who sees nothing


def test_a_stranger_finds_nothing_anywhere(world: World, sign_in) -> None:
    decision = make.decided(world)
    file, told = decision.file, Evidence.objects.get()
    gets = [
        page("edit_evidence", told.pk),
        page("read_file", file.pk),
        page("edit_file", file.pk),
        page("download_decision", file.pk),
        page("assess_file", file.pk),
        page("judge_file", file.pk),
        page("read_session", decision.session_id),
        page("change_session", decision.session_id),
        page("read_minutes", decision.session_id),
        page("read_regulation", world.regulation.pk),
    ]
    posts = [
        page("delete_evidence", told.pk),
        page("restore_evidence", told.pk),
        page("open_attachment", told.pk),
        page("submit_file", file.pk),
        page("withdraw_file", file.pk),
        page("consult_to_assess", file.pk),
        page("consult_to_judge", file.pk),
        page("ask_complement", file.pk),
        page("jury_complement", file.pk),
        page("plan_file", decision.session_id),
        page("unplan_file", file.pk),
        page("publish_regulation", world.regulation.pk),
    ]
    stranger = make.world()
    for who in stranger.people.values():
        client = sign_in(who)
        assert {client.get(path).status_code for path in gets} == {404}
        assert {client.post(path).status_code for path in posts} == {404}


@pytest.mark.parametrize(
    "role", ["teacher", "referent", "staff", "human_resources", "unit_correspondent"]
)
def test_a_role_without_a_part_in_recognition_sees_nothing_of_it(
    world: World, sign_in, role: str
) -> None:
    file = make.decided(world).file
    client = sign_in(world.people[role])
    names = ("my_evidence", "my_file", "list_assessments", "list_juries", "list_decisions")
    paths = [page(name) for name in names]
    paths += [page(name, file.pk) for name in ("read_file", "assess_file", "judge_file")]
    assert {client.get(path).status_code for path in paths} == {404}


def test_another_student_sees_nothing_of_a_file(world: World, sign_in) -> None:
    file = make.decided(world).file
    client = sign_in(world.other_student)
    for path in (page("read_file", file.pk), page("download_decision", file.pk)):
        assert client.get(path).status_code == 404
    assert file.reference not in client.get(page("my_file")).content.decode()


def test_the_director_puts_a_file_on_an_agenda_without_reading_it(world: World, sign_in) -> None:
    file = make.to_judge(world)
    client = sign_in(world.studies_director)
    assert file.reference in client.get(page("read_session", file.session_id)).content.decode()
    for name in ("assess_file", "judge_file", "read_file"):
        assert client.get(page(name, file.pk)).status_code == 404


def test_no_page_shows_the_force_the_unit_or_the_place(world: World, sign_in) -> None:
    file = make.decided(world).file
    pages = []
    for who, name in ((world.assessor, "assess"), (world.jury_member, "judge")):
        pages.append(consulted(sign_in(who), name, file))
    for who, path in (
        (world.student, page("read_file", file.pk)),
        (world.student, page("my_evidence")),
        (world.jury_member, page("read_minutes", file.session_id)),
        (world.studies_director, page("read_session", file.session_id)),
        (world.registry, page("list_decisions")),
        (world.registry, page("list_decisions") + "?export=csv"),
    ):
        pages.append(sign_in(who).get(path).content.decode())
    for text in pages:
        assert not [secret for secret in SECRETS if secret in text]


# --- Lists at one and three, todo, thread


def three(world: World, build: Callable[..., object]) -> Callable[[int], None]:
    def grow(count: int) -> None:
        for ago in range(20, 20 + 7 * count, 7):
            build(world, make.period(make.student(world), world, ago=ago))

    return grow


LISTS = [
    ("list_assessments", "assessor", make.submitted, 5),
    ("list_juries", "jury_member", make.to_judge, 5),
    ("list_decisions", "registry", make.decided, 6),
    ("list_decisions", "studies_director", make.decided, 6),
]


@pytest.mark.parametrize(("name", "role", "build", "expected"), LISTS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_at_one_and_at_three(
    world: World, sign_in, django_assert_num_queries, name, role, build, expected, count
) -> None:
    three(world, build)(count)
    client = sign_in(world.people[role])
    with django_assert_num_queries(expected):
        assert client.get(page(name)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_my_evidence_costs_the_same_at_one_and_at_three(
    world: World, sign_in, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        make.evidence(world, make.period(world.student, world, ago=20 + 7 * number))
    client = sign_in(world.student)
    with django_assert_num_queries(11):
        assert client.get(page("my_evidence")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_session_and_its_minutes_cost_the_same_at_one_and_at_three(
    world: World, sign_in, django_assert_num_queries, count: int
) -> None:
    three(world, make.decided)(count)
    session = world.school.jury_sessions.get()
    client = sign_in(world.jury_member)
    with django_assert_num_queries(9):
        assert client.get(page("read_session", session.pk)).status_code == 200
    with django_assert_num_queries(10):
        assert client.get(page("read_minutes", session.pk)).status_code == 200


def test_each_knows_what_awaits_them(world: World) -> None:
    def titles(who: Person) -> list[str]:
        return [str(each.title) for each in queries.todo(Viewer.of(who))]

    spot = make.period(world.student, world)
    assert titles(world.student) == ["Décrire ce que vous avez appris"]
    file = make.draft(world, spot)
    assert titles(world.student) == ["Terminer et déposer votre dossier de reconnaissance"]
    actions.submit(file, by=world.student)
    assert titles(world.student) == []
    assert titles(world.assessor) == [f"Évaluer le dossier {file.reference}"]
    competency = world.competencies[0]
    given = actions.Given(competency.pk, None, "Rien de précis.")
    actions.rate(file, given=[given], by=world.assessor)
    actions.conclude(file, by=world.assessor)
    assert titles(world.assessor) == []
    assert titles(world.studies_director) == ["1 dossier évalué attend un jury"]
    actions.plan(make.session(world), file=file, by=world.studies_director)
    assert titles(world.jury_member) == [f"Décider du dossier {file.reference}"]
    actions.decide(file, verdict=make.verdict(world), by=world.jury_member)
    assert titles(world.jury_member) == titles(world.studies_director) == []


def test_the_director_is_told_to_publish_the_regulation_in_time() -> None:
    world = make.world(is_published=False)
    [todo] = queries.todo(Viewer.of(world.studies_director))
    assert todo.due_on == queries.deadline(world.year, make.today()).on


def test_the_thread_tells_its_stages_to_those_concerned_alone(world: World) -> None:
    spot = make.period(world.student, world)

    def told(who: Person) -> dict[str, str]:
        labels = {"Preuves", "Évaluation", "Jury"}
        steps = thread(Viewer.of(who), spot.pk)
        return {str(step.label): step.state for step in steps if str(step.label) in labels}

    assert told(world.student) == {"Preuves": "now", "Évaluation": "next", "Jury": "next"}
    make.decided(world, spot)
    assert told(world.student) == {"Preuves": "done", "Évaluation": "done", "Jury": "done"}
    assert told(world.assessor) == {"Évaluation": "done", "Jury": "done"}
    assert told(world.teacher) == told(world.other_student) == {}
