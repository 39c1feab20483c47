"""The pages an employer reads, the files they lead to, and what a school publishes."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from reseda.credentials import actions, queries
from reseda.credentials.domain import baking, proofs
from reseda.credentials.domain.keys import to_multikey
from reseda.credentials.domain.verification import verify
from reseda.credentials.models import Credential, Issuer
from reseda.credentials.queries.published import ed25519_of, p256_of
from reseda.credentials.tests import factories as make
from reseda.credentials.tests import samples
from reseda.recognition.tests import factories as recognition

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
