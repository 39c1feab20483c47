"""What the crosswalk says where people think, and the version that each decision points to."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reseda.competencies.models import CrosswalkVersion, Item, Mapping, Review
from reseda.recognition import actions, queries
from reseda.recognition.models import Decision, Evidence, RecognitionFile
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import Reserve, World, consulted, page

pytestmark = pytest.mark.django_db
WHY = "Le groupe est conduit, non choisi."
SUPPLEMENT = "à faire valoir dans le supplément au diplôme"


@pytest.fixture
def known(world: World) -> Reserve:
    return make.crosswalk(world)


def told(world: World, known: Reserve) -> RecognitionFile:
    """A file whose evidence names command (convergent) and cohesion (complementary)."""
    spot = make.period(world.student, world)
    make.evidence(world, spot, abilities=known.abilities[:2])
    return make.to_judge(world, spot)


def decided(world: World, file: RecognitionFile, **changes: object) -> Decision:
    return actions.decide(file, verdict=make.verdict(world, **changes), by=world.jury_member)


# --- The version behind a decision


def test_a_decision_points_to_the_crosswalk_published_towards_its_framework(
    world: World, known: Reserve
) -> None:
    decision = make.decided(world)
    assert decision.crosswalk_version == known.crosswalk
    retire(known.crosswalk)
    decision.refresh_from_db()
    assert decision.crosswalk_version == known.crosswalk
    later = make.decided(world, make.period(world.student, world, ago=40))
    assert later.crosswalk_version is None


def retire(version: CrosswalkVersion) -> None:
    version.status, version.retired_at = "retired", make.timezone.now()
    version.save()


def test_a_decision_without_a_published_crosswalk_points_to_none(world: World) -> None:
    assert make.decided(world).crosswalk_version is None
    make.crosswalk(world, is_published=False)
    again = make.decided(world, make.period(world.student, world, ago=40))
    assert again.crosswalk_version is None


def test_a_crosswalk_towards_another_version_of_the_framework_is_not_used(
    world: World, known: Reserve
) -> None:
    later = world.version.framework.versions.create(number=2)
    assert queries.crosswalk_in_force(world.version) == known.crosswalk
    assert queries.crosswalk_in_force(later) is None
    assert queries.correspondence(later).bonds == ()


def test_the_database_keeps_the_crosswalk_of_a_decision(world: World, known: Reserve) -> None:
    decision = make.decided(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(crosswalk_version=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Mapping.objects.filter(version=known.crosswalk).update(rationale="Autre")


def test_the_database_refuses_a_decision_on_a_crosswalk_still_under_review(world: World) -> None:
    known = make.crosswalk(world, is_published=False)
    held = make.decided(world)
    row = {
        field.attname: getattr(held, field.attname)
        for field in Decision._meta.concrete_fields
        if field.name not in {"id", "file", "crosswalk_version"}
    }
    other = make.to_judge(world, make.period(world.student, world, ago=40))
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.create(**row, file=other, crosswalk_version=known.crosswalk)
    Decision.objects.create(**row, file=other, crosswalk_version=None)


# --- What it says


def test_a_correspondence_reads_what_people_decided_and_nothing_else(
    world: World, known: Reserve
) -> None:
    command, cohesion, rigour = known.abilities
    team, decision = world.competencies
    found = queries.correspondence(world.version)
    assert [(one.ability, str(one.share)) for one in found.converging(team)] == [
        (command, "la moitié environ")
    ]
    assert [(one.competency, str(one.share)) for one in found.of(command)] == [
        (decision, "la totalité"),
        (team, "la moitié environ"),
    ]
    assert found.of(rigour) == ()
    named = {each.identifier for each in known.abilities}
    assert found.to_supplement(named) == (cohesion,)
    assert found.to_supplement({command.identifier}) == ()


def test_what_covers_a_part_of_a_competency_is_not_said_to_cover_it(world: World) -> None:
    known = make.crosswalk(world, is_published=False)
    team = world.competencies[0]
    learning = Item.objects.get(version=world.version, code="C1N1A")
    for ability in (known.abilities[2], known.abilities[0]):
        Mapping.objects.create(
            version=known.crosswalk,
            origin=ability,
            destination=learning,
            state="agreed",
            relation="total",
            changed_at=make.timezone.now(),
        )
    known.crosswalk.status, known.crosswalk.published_at = "published", make.timezone.now()
    known.crosswalk.save()
    whole, part = queries.correspondence(world.version).converging(team)
    assert (whole.ability, whole.coverage, whole.part) == (known.abilities[0], 50, None)
    assert (part.ability, part.competency, part.part) == (known.abilities[2], team, learning)
    assert str(part.share) == "une partie\u00a0: «\u00a0Apprentissage 1.1\u00a0»"


def test_what_those_who_agreed_wrote_is_told_without_their_names(world: World) -> None:
    known = make.crosswalk(world, is_published=False)
    pair = Mapping.objects.get(version=known.crosswalk, relation="partial")
    Mapping.objects.filter(pk=pair.pk).update(rationale="")
    for who, reason in ((world.assessor, "Vu sur le terrain."), (world.jury_member, "")):
        Review.objects.create(
            mapping=pair,
            author=who,
            relation="partial",
            coverage=50,
            first_relation="partial",
            rationale=reason,
            given_at=make.timezone.now(),
        )
    known.crosswalk.status, known.crosswalk.published_at = "published", make.timezone.now()
    known.crosswalk.save()
    [bond] = queries.correspondence(world.version).converging(world.competencies[0])
    assert bond.rationale == "Vu sur le terrain."


def test_competencies_are_told_block_after_block(world: World) -> None:
    framework = world.version.framework
    version = framework.versions.create(number=2)
    for rank in (1, 2):
        block = make.item(version, None, "block", f"B{rank}", f"Bloc {rank}", rank)
        for place in (1, 2):
            code = f"C{rank}{place}"
            make.item(version, block, "competency", code, f"Compétence {code}", place)
    assert [each.item.code for each in queries.expected(version)] == ["C11", "C12", "C21", "C22"]


def test_what_a_decision_recognises_is_told_block_after_block(world: World) -> None:
    framework = world.version.framework
    version = framework.versions.create(number=2)
    found = []
    for rank in (1, 2):
        block = make.item(version, None, "block", f"B{rank}", f"Bloc {rank}", rank)
        for place in (1, 2):
            code = f"C{rank}{place}"
            item = make.item(version, block, "competency", code, f"Compétence {code}", place)
            found.append((item, make.item(version, item, "level", f"{code}N", "Palier", 1)))
    decision = make.decided(world)
    decision.levels.all().delete()
    for item, level in reversed(found):
        decision.levels.create(item=item, level=level)
    [loaded] = queries.with_levels(Decision.objects.filter(pk=decision.pk))
    assert list(queries.decision_levels(loaded)) == found


# --- The student names abilities


def test_a_student_names_abilities_and_ticks_what_they_choose(
    world: World, known: Reserve, sign_in
) -> None:
    client = sign_in(world.student)
    spot = make.period(world.student, world)
    shown = client.get(page("add_evidence")).content.decode()
    command = known.abilities[0]
    for words in ("Ce que la réserve développe", "Commandement", "la totalité", "v2, publiée le"):
        assert words in shown
    assert f'name="abilities" id="ability-{command.pk}"' in shown
    sent = {
        "period": spot.pk,
        "title": "Relais",
        "situation": "S",
        "action": "A",
        "learning": "L",
        "is_discreet": "on",
        "abilities": [str(command.pk)],
    }
    refused = client.post(page("add_evidence"), sent)
    assert refused.status_code == 422  # naming an ability ticks no competency by itself
    assert not Evidence.objects.exists()
    sent["items"] = [str(world.competencies[1].pk)]
    assert client.post(page("add_evidence"), sent).status_code == 302
    evidence = Evidence.objects.get()
    assert queries.named(evidence) == (command,)
    assert [link.item for link in evidence.links.all()] == [world.competencies[1]]
    again = client.get(page("edit_evidence", evidence.pk)).content.decode()
    assert f'id="ability-{command.pk}" value="{command.pk}" checked' in again
    sent["abilities"] = []
    assert client.post(page("edit_evidence", evidence.pk), sent).status_code == 302
    assert queries.named(Evidence.objects.get()) == ()


def test_an_ability_of_nowhere_is_refused(world: World, known: Reserve) -> None:
    _version, [stray] = make.reserve(make.world().school, "Ailleurs")
    spot = make.period(world.student, world)
    for item in (stray, world.competencies[0]):
        words = make.told(world.competencies[0], abilities=[item])
        with pytest.raises(ValidationError) as error:
            actions.add(spot, told=words, by=world.student)
        assert error.value.error_list[0].code == "not_an_ability"
    assert not Evidence.objects.exists()


def test_without_a_crosswalk_abilities_are_named_and_nothing_is_proposed(
    world: World, sign_in
) -> None:
    client = sign_in(world.student)
    make.period(world.student, world)
    assert "Ce que la réserve développe" not in client.get(page("add_evidence")).content.decode()
    make.reserve(world.school, "Commandement")
    shown = client.get(page("add_evidence")).content.decode()
    assert "Commandement" in shown
    for words in ("converge", "Table de correspondance", "table de correspondance"):
        assert words not in shown


# --- Assessors, jury, minutes, paper


def test_the_assessor_sees_what_converges_and_why(world: World, known: Reserve, sign_in) -> None:
    file = told(world, known)
    shown = consulted(sign_in(world.assessor), "assess", file)
    for words in (WHY, "Commandement", "la moitié environ", "nommée dans les preuves", SUPPLEMENT):
        assert words in shown
    assert "Rigueur" not in shown


def test_the_jury_sees_it_and_its_decision_names_the_version(
    world: World, known: Reserve, sign_in
) -> None:
    file = told(world, known)
    client = sign_in(world.jury_member)
    for words in (WHY, "v2, publiée le", SUPPLEMENT, "Cohésion"):
        assert words in consulted(client, "judge", file)
    decision = decided(world, file)
    minutes = client.get(page("read_minutes", file.session_id)).content.decode()
    assert "De la réserve à l’école, v2, publiée le" in minutes
    retire(known.crosswalk)
    shown = consulted(client, "judge", file)
    assert WHY in shown  # what was decided with is read still
    own = sign_in(world.student).get(page("read_file", file.pk)).content.decode()
    for words in ("De la réserve à l’école, v2", SUPPLEMENT, "Cohésion"):
        assert words in own
    assert [item.label for item in queries.papers.to_supplement(decision)] == ["Cohésion"]


def test_a_refusal_proposes_nothing_for_the_supplement(
    world: World, known: Reserve, sign_in
) -> None:
    file = told(world, known)
    decision = decided(world, file, outcome="refused")
    assert queries.papers.to_supplement(decision) == ()
    assert SUPPLEMENT not in sign_in(world.student).get(page("read_file", file.pk)).content.decode()


def test_the_paper_of_a_decision_names_its_crosswalk_and_leads_to_it(
    world: World, known: Reserve, sign_in
) -> None:
    decision = decided(world, told(world, known))
    response = sign_in(world.student).get(page("download_decision", decision.file_id))
    assert response.content.startswith(b"%PDF")
    address = reverse("competencies:show_crosswalk", args=[known.crosswalk.pk])
    assert f"{settings.PUBLIC_URL}{address}".encode() in response.content


def test_the_regulation_names_the_crosswalk_in_force(world: World, known: Reserve, sign_in) -> None:
    path = page("read_regulation", world.regulation.pk)
    client = sign_in(world.studies_director)
    assert "De la réserve à l’école, v2" in client.get(path).content.decode()
    retire(known.crosswalk)
    assert "De la réserve" not in client.get(path).content.decode()


def test_without_a_crosswalk_every_page_says_what_it_said(world: World, sign_in) -> None:
    file = make.to_judge(world)
    pages = [consulted(sign_in(world.assessor), "assess", file)]
    pages.append(consulted(sign_in(world.jury_member), "judge", file))
    decision = decided(world, file)
    pages.append(sign_in(world.student).get(page("read_file", file.pk)).content.decode())
    pages.append(sign_in(world.jury_member).get(page("read_minutes", file.session_id)))
    pages[-1] = pages[-1].content.decode()
    for shown in pages:
        for words in ("Table de correspondance", "y converge", SUPPLEMENT):
            assert words not in shown
    paper = sign_in(world.student).get(page("download_decision", decision.file_id))
    assert paper.content.startswith(b"%PDF")


# --- Discretion and cost


@pytest.mark.parametrize(
    "role", ["teacher", "referent", "staff", "human_resources", "registry", "studies_director"]
)
def test_who_may_not_open_a_file_learns_nothing_of_the_abilities_it_names(
    world: World, known: Reserve, sign_in, role: str
) -> None:
    file = decided(world, told(world, known)).file
    client = sign_in(world.people[role])
    for name in ("read_file", "assess_file", "judge_file"):
        assert client.get(page(name, file.pk)).status_code == 404
    evidence = Evidence.objects.get()
    assert client.get(page("edit_evidence", evidence.pk)).status_code == 404


def test_a_stranger_learns_nothing_of_the_correspondence(
    world: World, known: Reserve, sign_in
) -> None:
    file = decided(world, told(world, known)).file
    stranger = make.world()
    for who in stranger.people.values():
        client = sign_in(who)
        for name in ("read_file", "assess_file", "judge_file", "download_decision"):
            assert client.get(page(name, file.pk)).status_code == 404
    make.period(stranger.student, stranger)
    shown = sign_in(stranger.student).get(page("add_evidence")).content.decode()
    assert "Commandement" not in shown


@pytest.mark.parametrize("role", ["assessor", "jury_member"])
def test_a_file_costs_the_same_whatever_the_crosswalk_holds(
    world: World, sign_in, role: str
) -> None:
    known = make.crosswalk(world)
    file = told(world, known)
    client, name = sign_in(world.people[role]), "assess" if role == "assessor" else "judge"
    consulted(client, name, file)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(page(f"{name}_file", file.pk)).status_code == 200
        return len(seen)

    one = cost()
    second = make.period(world.student, world, ago=40)
    make.evidence(world, second, abilities=known.abilities)
    file.activities.create(period=second)
    file.evidence_rows.create(evidence=second.evidence.get())
    assert cost() == one
