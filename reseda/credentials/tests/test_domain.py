"""Documents, their structure, status lists, DIDs, strict JSON and JWTs."""

import base64
import hmac
import json
import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft201909Validator

from reseda.credentials.domain import dids, documents, jwt, reading, status, structure, terms
from reseda.credentials.domain.keys import from_jwk
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.tests import samples


def refused(call, *arguments, **options):
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)
    return caught.value.code


# Documents


def test_the_written_credential_has_the_structure_of_the_standard():
    document = samples.unsigned()
    assert structure.problems(document) == []
    terms.check(document)
    assert document["issuer"]["id"] == "did:web:localhost%3A8123:ecoles:demo"
    assert document["credentialSubject"]["achievement"]["inLanguage"] == "fr"
    assert document["credentialStatus"]["statusPurpose"] == "revocation"


def test_the_hashed_identity_does_not_show_the_address():
    subject = samples.unsigned()["credentialSubject"]
    assert "camille" not in json.dumps(subject).lower()
    again = documents.hashed_identity(" camille.oeuvrard@ECOLE.example", salt="sel-de-mer")
    assert subject["identifier"][0]["identityHash"] == again.digest


def test_the_levels_reached_point_to_the_scale_they_belong_to():
    subject = samples.unsigned()["credentialSubject"]
    described = {item["id"]: item for item in subject["achievement"]["resultDescription"]}
    assert [result["value"] for result in subject["result"]] == ["Maîtrise", "Application"]
    for result in subject["result"]:
        assert result["value"] in described[result["resultDescription"]]["allowedValue"]


def test_a_level_outside_its_scale_is_refused():
    competency = replace(samples.RECOGNITION.achievement.competencies[0], level="Excellence")
    achievement = replace(samples.RECOGNITION.achievement, competencies=(competency,))
    assert refused(samples.unsigned, achievement=achievement) == "level_not_on_scale"


def test_texts_are_written_in_normal_form_c():
    achievement = replace(samples.RECOGNITION.achievement, name="E\u0301quipe")
    assert samples.unsigned(achievement=achievement)["name"] == "\u00c9quipe"


@pytest.mark.parametrize(
    "character", ["\x00", "\x08", "\x0b", "\x1f", "\x7f", "\ufdd0", "\U0001ffff"]
)
def test_control_characters_are_refused_with_their_place(character):
    evidence = (documents.Evidence(f"avant{character}après"),)
    with pytest.raises(Refusal) as caught:
        samples.unsigned(evidence=evidence)
    assert caught.value.code == "control_character"
    assert caught.value.facts["place"] == "evidence[0].narrative"
    assert caught.value.facts["position"] == 5


def test_line_breaks_tabs_accents_and_signs_are_accepted():
    kept = "é œ ’ ® « oui »\tun\r\ndeux"
    assert (
        samples.unsigned(evidence=(documents.Evidence(kept),))["evidence"][0]["narrative"] == kept
    )


def test_a_credential_cannot_end_before_it_starts():
    assert refused(samples.unsigned, valid_until=samples.AT) == "ends_before_start"
    end = samples.AT + timedelta(days=1)
    assert samples.unsigned(valid_until=end)["validUntil"] == "2026-09-02T08:00:00Z"


def test_a_moment_without_a_zone_is_refused():
    assert refused(samples.unsigned, valid_from=datetime(2026, 9, 1)) == "moment_without_zone"  # noqa: DTZ001


# Structure


def broken(path, value):
    document = samples.unsigned()
    node = document
    for name in path[:-1]:
        node = node[name]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return document


ACHIEVEMENT = ("credentialSubject", "achievement")
BROKEN = [
    (("@context",), None, "bad_context"),
    (("@context",), ["https://www.w3.org/2018/credentials/v1"], "bad_context"),
    (("id",), None, "missing_member"),
    (("type",), ["VerifiableCredential"], "bad_type"),
    (("issuer",), None, "missing_member"),
    (("issuer",), {"type": ["Profile"]}, "missing_member"),
    (("validFrom",), None, "missing_member"),
    (("validFrom",), "hier", "bad_moment"),
    (("credentialSubject",), None, "missing_member"),
    (("credentialSubject",), "urn:uuid:1", "bad_value"),
    ((*ACHIEVEMENT,), None, "missing_member"),
    ((*ACHIEVEMENT, "id"), None, "missing_member"),
    ((*ACHIEVEMENT, "name"), None, "missing_member"),
    ((*ACHIEVEMENT, "name"), 3, "bad_value"),
    ((*ACHIEVEMENT, "description"), None, "missing_member"),
    ((*ACHIEVEMENT, "criteria"), None, "missing_member"),
    ((*ACHIEVEMENT, "type"), ["Badge"], "bad_type"),
    ((*ACHIEVEMENT, "creditsAvailable"), "trois", "bad_value"),
    ((*ACHIEVEMENT, "alignment", 0, "targetUrl"), None, "missing_member"),
    ((*ACHIEVEMENT, "resultDescription", 0, "resultType"), None, "missing_member"),
    (("credentialSubject", "identifier", 0, "identityHash"), None, "missing_member"),
    (("credentialSubject", "identifier", 0, "hashed"), "oui", "bad_value"),
    (("credentialSchema", 0, "type"), None, "missing_member"),
    (("evidence", 0, "type"), ["Preuve"], "bad_type"),
]


@pytest.mark.parametrize(("path", "value", "code"), BROKEN)
def test_a_broken_member_is_named_with_its_place(path, value, code):
    found = structure.problems(broken(path, value))
    assert code in {problem.code for problem in found}
    assert all(problem.place for problem in found)


def test_our_structural_check_agrees_with_the_official_schema():
    place = os.environ.get("RESEDA_OPEN_BADGES_SCHEMA")
    if not place:
        pytest.skip(
            "RESEDA_OPEN_BADGES_SCHEMA is not set: give it the path of"
            " ob_v3p0_achievementcredential_schema.json (source distribution of openbadgeslib)"
        )
    official = Draft201909Validator(json.loads(Path(place).read_text("utf-8")))
    assert list(official.iter_errors(samples.sign(samples.unsigned()))) == []
    for path, value, code in BROKEN:
        # JSON Schema only notes the format of a moment; we check it.
        assert official.is_valid(broken(path, value)) == (code == "bad_moment"), path


# Status lists


def test_a_list_that_is_nearly_empty_weighs_next_to_nothing():
    assert len(status.encode({4242})) < 200
    assert len(status.decode(status.encode(()))) * 8 == 131_072


@given(st.sets(st.integers(0, status.SIZE - 1), max_size=20))
def test_exactly_the_bits_that_were_set_are_read_back(indexes):
    bits = status.decode(status.encode(indexes))
    assert all(status.is_set(bits, index) for index in indexes)
    assert sum(byte.bit_count() for byte in bits) == len(indexes)


def test_bit_zero_is_the_leftmost_of_the_first_byte():
    assert status.decode(status.encode({0}))[0] == 0x80
    assert status.decode(status.encode({7}))[0] == 0x01


def test_the_same_list_is_always_the_same_text():
    assert status.encode({3, 1}) == status.encode([1, 3])


@pytest.mark.parametrize("index", [-1, status.SIZE])
def test_an_index_outside_the_list_is_refused(index):
    assert refused(status.encode, {index}) == "index_outside_list"
    assert refused(status.is_set, status.decode(status.encode(())), index) == "index_outside_list"


def test_a_list_that_is_too_short_broken_or_a_bomb_is_refused():
    assert refused(status.decode, status.encode((), size=8192)) == "bad_status_list"
    assert refused(status.decode, status.encode((), size=2**26)) == "bad_status_list"
    for broken_text in ("", "u", "zAAAA", "uAAAA", "u====", status.encode(())[:-6], 3, None):
        assert refused(status.decode, broken_text) == "bad_status_list"


def test_the_signed_list_has_the_structure_of_the_standard():
    assert structure.status_list_problems(samples.published_list({1})) == []
    assert structure.status_list_problems(samples.unsigned()) != []


# DIDs


@pytest.mark.parametrize(
    ("address", "did", "url"),
    [
        (
            "https://ecole.example",
            "did:web:ecole.example",
            "https://ecole.example/.well-known/did.json",
        ),
        (
            "http://localhost:8123/ecoles/x/",
            "did:web:localhost%3A8123:ecoles:x",
            "https://localhost:8123/ecoles/x/did.json",
        ),
    ],
)
def test_an_address_becomes_a_did_and_the_did_an_address(address, did, url):
    assert dids.did_web(address) == did
    assert dids.did_web_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:key:z6Mk",
        "did:web:",
        "did:web:host/path",
        "did:web:user@host",
        "did:web:host:..:secret",
        "did:web:host:%2e%2e:secret",
        "did:web:host:a%2Fb",
        "did:web:host::x",
        "did:web:host#key",
        "did:web:host%3A99999999",
    ],
)
def test_a_did_that_could_lead_elsewhere_is_refused(did):
    assert refused(dids.did_web_url, did) == "bad_did"


def test_the_schools_document_keeps_its_retired_keys_and_never_a_private_one():
    document = dids.did_document(samples.DID, samples.SCHOOL_KEYS)
    assert document["assertionMethod"] == [
        samples.METHOD,
        samples.RETIRED_METHOD,
        samples.JWT_METHOD,
    ]
    for method in document["verificationMethod"]:
        found = dids.assertion_method(document, method["id"])
        assert found.controller == samples.DID
        assert "d" not in method.get("publicKeyJwk", {})


def test_methods_written_relative_to_the_document_are_found():
    document = dids.did_document(samples.DID, samples.SCHOOL_KEYS)
    document["verificationMethod"][0]["id"] = "#cle-2026"
    document["assertionMethod"] = ["#cle-2026"]
    assert dids.assertion_method(document, samples.METHOD).key == samples.KEY.public_key()


# Strict JSON


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a": 1, "a": 2}', "duplicate_member"),
        (b'{"a": NaN}', "bad_json"),
        (b'{"a": 1', "bad_json"),
        (b"\xff\xfe", "bad_json"),
        (b"[]", "not_an_object"),
        (b"[" * 100_000, "too_deep"),
        (b" " * (reading.MAX_JSON_BYTES + 1), "too_large"),
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused(content, code):
    assert refused(reading.json_object, content) == code


# JWT


def forged(header, claims, signature=b"x"):
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_the_second_serialisation_gives_back_the_same_credential():
    token = samples.signed_jwt()
    assert jwt.verify_jwt(token, samples.JWT_KEY.public_key()) == samples.unsigned()
    assert jwt.read_header(token) == {"alg": "ES256", "kid": samples.JWT_METHOD, "typ": "JWT"}
    claims = pyjwt.decode(token, options={"verify_signature": False})
    assert claims["iss"] == samples.DID
    assert claims["jti"] == samples.RECOGNITION.id
    assert claims["sub"] == samples.RECOGNITION.subject.id
    assert claims["nbf"] == int(samples.AT.timestamp())


def test_a_jwt_by_another_key_is_refused():
    token = samples.signed_jwt()
    assert refused(jwt.verify_jwt, token, samples.STRANGER_JWT_KEY.public_key()) == "bad_signature"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA", "ES384", "PS256"])
def test_any_other_algorithm_is_refused_before_any_key_is_looked_at(algorithm):
    token = forged({"alg": algorithm, "typ": "JWT"}, samples.unsigned())
    assert refused(jwt.read_header, token) == "algorithm_refused"


def test_the_public_key_cannot_be_used_as_a_shared_secret():
    # The classic confusion: HMAC keyed with the public key that everybody can read.
    public = samples.JWT_KEY.public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed_part = forged({"alg": "HS256", "typ": "JWT"}, samples.unsigned()).rpartition(".")[0]
    signature = hmac.digest(secret, signed_part.encode(), "sha256")
    token = f"{signed_part}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert refused(jwt.verify_jwt, token, public) == "algorithm_refused"


def test_the_algorithm_is_that_of_the_issuers_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = pyjwt.decode(samples.signed_jwt(), options={"verify_signature": False})
    token = pyjwt.encode(claims, key, algorithm="RS256", headers={"kid": "r"})
    public = from_jwk(json.loads(pyjwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())))
    assert jwt.verify_jwt(token, public)["id"] == samples.RECOGNITION.id
    assert refused(jwt.verify_jwt, token, samples.JWT_KEY.public_key()) == "algorithm_refused"
    assert refused(jwt.verify_jwt, samples.signed_jwt(), public) == "algorithm_refused"
    ed25519 = samples.KEY.public_key()
    assert refused(jwt.verify_jwt, samples.signed_jwt(), ed25519) == "algorithm_refused"


@pytest.mark.parametrize("claim", ["iss", "jti", "sub", "nbf", "exp"])
def test_a_claim_that_differs_from_the_credential_is_refused(claim):
    claims = pyjwt.decode(samples.signed_jwt(), options={"verify_signature": False})
    claims[claim] = 1 if claim in {"nbf", "exp"} else "did:web:ailleurs.example"
    token = pyjwt.encode(claims, samples.JWT_KEY, algorithm="ES256")
    assert refused(jwt.verify_jwt, token, samples.JWT_KEY.public_key()) == "claim_mismatch"


@pytest.mark.parametrize("claim", ["iss", "jti", "sub", "nbf"])
def test_a_claim_that_is_missing_is_refused(claim):
    claims = pyjwt.decode(samples.signed_jwt(), options={"verify_signature": False})
    del claims[claim]
    token = pyjwt.encode(claims, samples.JWT_KEY, algorithm="ES256")
    assert refused(jwt.verify_jwt, token, samples.JWT_KEY.public_key()) == "claim_mismatch"


def test_a_subject_without_an_id_cannot_become_a_jwt():
    document = samples.unsigned()
    del document["credentialSubject"]["id"]
    assert refused(samples.signed_jwt, document) == "claim_mismatch"


def test_a_header_that_brings_its_own_key_address_is_refused():
    header = {"alg": "ES256", "jku": "https://ailleurs.example/keys.json"}
    assert refused(jwt.read_header, forged(header, {})) == "unknown_header"


def test_text_that_only_looks_like_a_jwt_is_refused():
    for token in ("a.b.c", "..", "e30.e30", forged({"alg": "ES256"}, {})[:-4] + "é"):
        assert refused(jwt.read_header, token) in {"bad_jwt", "algorithm_refused"}
    doubled = base64.urlsafe_b64encode(b'{"id": 1, "id": 2}').rstrip(b"=").decode()
    head = forged({"alg": "ES256"}, {}).split(".")[0]
    assert refused(jwt.read_payload, f"{head}.{doubled}.eA") == "duplicate_member"


def test_moments_are_printed_in_utc():
    paris = datetime(2026, 9, 1, 8, tzinfo=timezone(timedelta(hours=2)))
    assert samples.unsigned(valid_from=paris)["validFrom"] == "2026-09-01T06:00:00Z"
