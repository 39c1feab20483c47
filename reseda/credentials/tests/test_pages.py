"""The pages: what the holder, the school and an employer see, what a stranger never does."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reseda.competencies.models import FrameworkVersion
from reseda.credentials import actions, queries
from reseda.credentials.domain import baking, proofs
from reseda.credentials.domain.keys import to_multikey
from reseda.credentials.domain.verification import verify
from reseda.credentials.models import Credential, Issuer
from reseda.credentials.queries.published import ed25519_of, p256_of
from reseda.credentials.tests import factories as make
from reseda.credentials.tests import samples
from reseda.journal.models import Entry
from reseda.recognition.tests import factories as recognition

HOLDER_PAGES = ("/mes-titres/{pk}/", "/mes-titres/{pk}/titre.json", "/mes-titres/{pk}/titre.pdf")
GESTURES = ("partager", "ne-plus-partager", "revoquer")
GENUINE, REVOKED, INVALID = (
    f"Ce titre est {word}</h1>" for word in ("authentique", "révoqué", "invalide")
)


def text(response):
    return response.content.decode()


def judged(data):
    return verify(
        data, resolve=queries.resolve_locally, now=timezone.now(), trusted=queries.trusted()
    )


# --- The page an employer reads


def test_a_shared_credential_is_authentic_for_anybody(client, world):
    held = make.shared(world)
    answer = client.get(f"/titres/{held.pk}/")
    page = text(answer)
    assert GENUINE in page
    for word in (make.TITLE, "Conduire une équipe", "niveau 2 sur 3", "1 ECTS", held.code):
        assert word in page
    assert world.school.name in page
    assert str(world.student) in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"


def test_the_name_is_shown_only_where_the_holder_chose_so(client, world):
    held = make.shared(world, shows_name=False)
    page = text(client.get(f"/titres/{held.pk}/"))
    assert GENUINE in page
    assert world.student.last_name not in page
    assert "n’affiche pas son nom" in page


def test_the_page_tells_nothing_of_the_service(client, world):
    held = make.shared(world)
    page = text(client.get(f"/titres/{held.pk}/"))
    for secret in (recognition.UNIT, recognition.PLACE, "manœuvre", "terre"):
        assert secret not in page


def test_unknown_and_unshared_answer_alike(client, world):
    held = make.credential(world)
    pages = {
        text(client.get(f"/titres/{pk}/")).replace(str(pk), "") for pk in (held.pk, uuid.uuid4())
    }
    codes = [
        client.get(f"/titres/{held.pk}{end}").status_code
        for end in ("/", *(f".{kind}" for kind in queries.KINDS))
    ]
    assert codes == [404] * 6
    # The two pages differ by nothing but what protects their forms.
    assert len({page.partition("<main")[2] for page in pages}) == 1


def test_a_revoked_credential_says_so_and_when_but_not_why(client, world):
    held = make.revoked(world)
    page = text(client.get(f"/titres/{held.pk}/"))
    assert REVOKED in page
    assert GENUINE not in page
    assert f"Révoqué le {timezone.localdate().day}" in page
    assert "Erreur matérielle" not in page


@pytest.mark.parametrize(
    "change",
    [
        make.tampered,
        lambda held: Credential.objects.filter(pk=held.pk).update(document={}),
        lambda held: Credential.objects.filter(pk=held.pk).update(document="rien"),
        lambda held: Credential.objects.filter(pk=held.pk).update(
            status_index=(held.status_index + 1) % 100
        ),
    ],
    ids=["title", "empty", "text", "place"],
)
def test_a_row_changed_in_the_database_is_never_authentic(client, world, change):
    held = make.shared(world)
    change(held)
    page = text(client.get(f"/titres/{held.pk}/"))
    assert INVALID in page
    assert GENUINE not in page
    assert "Diplôme d’ingénieur" not in page
    for kind in ("png", "svg", "pdf"):
        assert client.get(f"/titres/{held.pk}.{kind}").status_code == 409


def test_the_document_of_somebody_else_is_invalid_in_its_place(client, world):
    held, other = make.shared(world), make.shared(world, who=world.other_student)
    Credential.objects.filter(pk=held.pk).update(document=other.document)
    assert INVALID in text(client.get(f"/titres/{held.pk}/"))
    assert GENUINE in text(client.get(f"/titres/{other.pk}/"))


def test_a_document_signed_again_by_somebody_else_is_invalid(client, world):
    held = make.shared(world)
    key = samples.STRANGER_KEY
    multikey = to_multikey(key.public_key())
    forged = {name: part for name, part in held.document.items() if name != "proof"}
    forged["issuer"] = forged["issuer"] | {"id": f"did:key:{multikey}"}
    for document in (forged, {**forged, "credentialStatus": None}):
        held.document = proofs.sign(
            {name: part for name, part in document.items() if part},
            key,
            verification_method=f"did:key:{multikey}#{multikey}",
            created_at=held.issued_at,
        )
        held.save(update_fields=["document"])
        assert INVALID in text(client.get(f"/titres/{held.pk}/"))


def test_the_file_of_a_revoked_credential_says_so_to_any_verifier(client, world):
    held = make.revoked(world)
    assert judged(client.get(f"/titres/{held.pk}.json").content).check("status").code == "revoked"


@pytest.mark.parametrize(("asked", "language"), [("fr", "fr"), ("en-GB,en;q=0.9", "en")])
def test_the_page_speaks_the_language_of_its_reader(client, world, asked, language):
    held = make.shared(world)
    answer = client.get(f"/titres/{held.pk}/", headers={"accept-language": asked})
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}"' in text(answer)
    assert 'lang="fr">' + make.TITLE in text(answer)


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_page_costs_the_same_whatever_was_issued(
    client, world, django_assert_num_queries, count
):
    people = [world.student, world.other_student, recognition.student(world)][:count]
    held = [make.shared(world, who=who) for who in people][-1]
    with django_assert_num_queries(8):
        client.get(f"/titres/{held.pk}/")


# --- Files


@pytest.mark.parametrize("kind", queries.KINDS)
def test_every_file_verifies_and_says_what_it_is(client, world, kind):
    held = make.shared(world)
    answer = client.get(f"/titres/{held.pk}.{kind}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == queries.KINDS[kind].media_type
    found = judged(answer.content)
    assert found.is_valid
    assert found.is_trusted
    assert found.carried.carrier == kind
    is_open = answer.headers.get("Access-Control-Allow-Origin") == "*"
    assert is_open is (kind in {"json", "jwt"})
    assert f"titre-{held.code}.{kind}" in answer["Content-Disposition"]


def test_another_verifier_accepts_what_is_downloaded(client, world):
    independent = pytest.importorskip("tests.independent.test_independent")
    held = make.shared(world)
    token = client.get(f"/titres/{held.pk}.jwt").content.decode()
    keys = {key.algorithm: key for key in world.school.signing_keys.all()}
    signer, compact = keys["ed25519"], keys["p256"]
    accepted = independent.ldp_verifier(ed25519_of(signer)).verify(
        client.get(f"/titres/{held.pk}.json").content.decode()
    )
    assert accepted.id == f"urn:uuid:{held.pk}"
    public = p256_of(compact).public_key().public_bytes(*independent.PEM)
    assert independent.OB3Verifier(public).verify(token).id == f"urn:uuid:{held.pk}"
    png = client.get(f"/titres/{held.pk}.png").content
    assert json.loads(baking.unbake_png(png)) == held.document


def test_an_unknown_kind_of_file_does_not_exist(client, world):
    assert client.get(f"/titres/{make.shared(world).pk}.exe").status_code == 404


def test_a_sign_that_cannot_be_printed_is_told(client, world):
    held = make.shared(world, title="Conduire 🚀 une équipe")
    answer = client.get(f"/titres/{held.pk}.pdf")
    assert answer.status_code == 409
    assert "🚀" in text(answer)
    assert client.get(f"/titres/{held.pk}.json").status_code == 200


# --- What the school publishes


def test_the_school_publishes_its_keys_and_its_list(client, world):
    held = make.revoked(world)
    base = f"/ecoles/{world.school.slug}"
    did = client.get(f"{base}/did.json")
    statuses = client.get(f"{base}/statuts/{held.status_list.number}.json")
    assert did.json()["id"] == Issuer.objects.get().did
    assert statuses.json()["credentialSubject"]["statusPurpose"] == "revocation"
    for answer in (did, statuses):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "max-age=300" in answer["Cache-Control"]
    page = text(client.get(f"{base}/"))
    assert Issuer.objects.get().did in page
    assert "ed25519-1" in page


def test_an_unchanged_list_is_not_sent_again_and_a_revocation_is(client, world, monkeypatch):
    held = make.shared(world)
    moment = timezone.now().replace(minute=0, second=30, microsecond=0) + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    path = f"/ecoles/{world.school.slug}/statuts/{held.status_list.number}.json"
    tag = {"if-none-match": client.get(path)["ETag"]}
    assert client.get(path, headers=tag).status_code == 304
    actions.revoke(held, reason="Erreur.", by=world.studies_director)
    assert client.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/ecoles/absente/",
        "/ecoles/absente/did.json",
        "/ecoles/{slug}/statuts/1.json",
        "/ecoles/{slug}/statuts/99999999999999999999999.json",
        "/ecoles/{slug}/statuts/-1.json",
        "/titres/pas-un-uuid/",
    ],
)
def test_what_is_not_published_does_not_exist(client, world, path):
    make.credential(world)
    assert client.get(path.format(slug=world.school.slug)).status_code == 404


def test_the_demo_lists_its_shared_credentials_and_nothing_else_does(client, world, settings):
    valid, gone = make.shared(world), make.revoked(world, who=world.other_student)
    make.credential(world, who=recognition.student(world))
    assert client.get("/demo/titres.json").json() == {
        "valid": [str(valid.pk)],
        "revoked": [str(gone.pk)],
    }
    settings.IS_DEMO = False
    assert client.get("/demo/titres.json").status_code == 404


# --- The holder


def test_the_holder_shares_and_stops(signed_in, world):
    held = make.credential(world)
    client = signed_in(world.student)
    assert "Personne d’autre que vous" in text(client.get(f"/mes-titres/{held.pk}/"))
    client.post(f"/mes-titres/{held.pk}/partager/", {"shows_name": "non"})
    held.refresh_from_db()
    assert held.shared_at is not None
    assert not held.shows_name
    page = text(client.get(f"/mes-titres/{held.pk}/"))
    assert f"http://testserver/titres/{held.pk}/" in page
    assert held.code in page
    client.post(f"/mes-titres/{held.pk}/ne-plus-partager/")
    assert Client().get(f"/titres/{held.pk}/").status_code == 404


def test_sharing_without_saying_whether_to_show_the_name_is_refused(signed_in, world):
    held = make.credential(world)
    answer = signed_in(world.student).post(f"/mes-titres/{held.pk}/partager/", {})
    held.refresh_from_db()
    assert (answer.status_code, held.shared_at) == (422, None)


@pytest.mark.parametrize("kind", queries.KINDS)
def test_the_holder_takes_every_file_without_sharing(signed_in, world, kind):
    held = make.credential(world)
    answer = signed_in(world.student).get(f"/mes-titres/{held.pk}/titre.{kind}")
    assert judged(answer.content).is_valid


def test_the_code_to_scan_is_for_the_holder(signed_in, world):
    held = make.credential(world)
    answer = signed_in(world.student).get(f"/mes-titres/{held.pk}/code-qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert signed_in(world.registry).get(f"/mes-titres/{held.pk}/code-qr.svg").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_my_credentials_cost_the_same_at_one_and_three(
    signed_in, world, django_assert_num_queries, count
):
    for rank in range(count):
        period = recognition.period(world.student, world, ago=20 + 10 * rank)
        decision = recognition.decided(world, period)
        words = {"title": f"Titre {rank}", "description": "Décider."}
        actions.issue(decision, **words, by=world.studies_director)
    client = signed_in(world.student)
    with django_assert_num_queries(4):
        page = text(client.get("/mes-titres/"))
    assert page.count('class="badge"') == count


# --- The school


def issue_words(**changes):
    return {"title": make.TITLE, "description": make.DESCRIPTION, **changes}


def test_the_direction_issues_from_the_decision(signed_in, world):
    decision = recognition.decided(world)
    client = signed_in(world.studies_director)
    path = f"/titres-delivres/{decision.pk}/delivrer/"
    proposed = text(client.get(path)).partition('name="title"')[2].partition("</textarea>")[0]
    assert "Conduire une équipe" in proposed
    answer = client.post(path, issue_words())
    held = Credential.objects.get()
    assert answer["Location"] == f"/mes-titres/{held.pk}/"
    assert client.get(path)["Location"] == f"/mes-titres/{held.pk}/"
    assert Entry.objects.filter(verb="credentials.issue").count() == 1


def test_a_title_proposed_stays_short_whatever_was_recognised(world):
    decision = recognition.decided(world)
    draft = FrameworkVersion.objects.create(framework=world.version.framework, number=2)
    for rank in range(3):
        item = recognition.item(draft, None, "competency", f"L{rank}", "x" * 60, 9)
        level = recognition.item(draft, item, "level", f"L{rank}N1", "Débutant", 1)
        decision.levels.create(item=item, level=level)
    title, description = queries.proposal(decision)
    assert title == "Conduire une équipe, et 3 autres compétences"
    assert description.count("x" * 60) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "Chef de groupe au 14e régiment"},
        {"description": "Acquis comme réserviste."},
        {"title": "Conduire 🚀"},
        {"title": "x" * 201},
    ],
)
def test_words_that_cannot_be_issued_are_refused_and_kept(signed_in, world, wrong):
    decision = recognition.decided(world)
    client = signed_in(world.studies_director)
    answer = client.post(f"/titres-delivres/{decision.pk}/delivrer/", issue_words(**wrong))
    assert answer.status_code == 422
    assert not Credential.objects.exists()
    assert next(iter(wrong.values())) in text(answer)


def test_the_name_of_the_holder_is_not_to_be_signed(signed_in, world):
    decision = recognition.decided(world)
    answer = signed_in(world.studies_director).post(
        f"/titres-delivres/{decision.pk}/delivrer/",
        issue_words(description=f"Le mérite de {world.student.last_name}."),
    )
    assert answer.status_code == 422


def test_the_direction_revokes_with_a_reason(signed_in, world):
    held = make.shared(world)
    client = signed_in(world.studies_director)
    path = f"/mes-titres/{held.pk}/revoquer/"
    assert client.post(path, {"reason": " "}).status_code == 422
    client.post(path, {"reason": "Erreur matérielle."})
    held.refresh_from_db()
    assert held.revoked_at is not None
    assert "Erreur matérielle." in text(client.get(f"/mes-titres/{held.pk}/"))
    assert "déjà révoqué" in text(client.post(path, {"reason": "Encore."}, follow=True))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_one_and_three(
    signed_in, world, django_assert_num_queries, count
):
    people = [world.student, world.other_student, recognition.student(world)][:count]
    for who in people:
        make.credential(world, who=who)
    client = signed_in(world.studies_director)
    with django_assert_num_queries(6):
        page = text(client.get("/titres-delivres/"))
    assert page.count(make.TITLE) == count


def test_the_list_is_searched_filtered_and_taken_away(signed_in, world):
    make.credential(world)
    make.revoked(world, who=world.other_student)
    waiting = recognition.decided(world, recognition.period(recognition.student(world), world))
    client = signed_in(world.studies_director)
    page = text(client.get("/titres-delivres/?etat=a-delivrer"))
    assert waiting.file.reference in page
    assert world.student.last_name not in page
    assert world.other_student.last_name in text(client.get("/titres-delivres/?etat=revoques"))
    assert world.student.last_name in text(
        client.get(f"/titres-delivres/?q={world.student.last_name}")
    )
    rows = text(client.get("/titres-delivres/?export=csv")).strip().splitlines()
    assert len(rows) == 4
    assert recognition.UNIT not in "".join(rows)


def test_the_registry_follows_without_issuing(signed_in, world):
    decision = recognition.decided(world)
    client = signed_in(world.registry)
    page = text(client.get("/titres-delivres/"))
    assert decision.file.reference in page
    assert "/delivrer/" not in page
    assert client.get(f"/titres-delivres/{decision.pk}/delivrer/").status_code == 404
    assert (
        client.post(f"/titres-delivres/{decision.pk}/delivrer/", issue_words()).status_code == 404
    )


# --- Those who must see nothing


def test_a_stranger_finds_nothing(signed_in, world, stranger):
    held = make.credential(world)
    decision = recognition.decided(world, recognition.period(world.other_student, world))
    client = signed_in(stranger)
    codes = [client.get(path.format(pk=held.pk)).status_code for path in HOLDER_PAGES]
    codes += [client.post(f"/mes-titres/{held.pk}/{one}/").status_code for one in GESTURES]
    codes += [client.get(f"/titres-delivres/{decision.pk}/delivrer/").status_code]
    assert set(codes) == {404}
    for path in ("/titres-delivres/", "/mes-titres/"):
        page = text(client.get(path))
        assert decision.file.reference not in page
        assert make.TITLE not in page


@pytest.mark.parametrize("role", ["referent", "teacher", "jury_member", "assessor"])
def test_other_roles_of_the_school_find_nothing(signed_in, world, role):
    held = make.credential(world)
    client = signed_in(world.people[role])
    assert client.get("/titres-delivres/").status_code == 404
    assert {client.get(path.format(pk=held.pk)).status_code for path in HOLDER_PAGES} == {404}


def test_who_is_not_signed_in_is_asked_to(client, world):
    held = make.shared(world)
    for path in (*HOLDER_PAGES, "/mes-titres/", "/titres-delivres/"):
        assert client.get(path.format(pk=held.pk))["Location"].startswith("/connexion/")
