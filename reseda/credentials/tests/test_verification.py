"""The verdict on whatever people upload: good, altered, borrowed, revoked or hostile."""

import copy
import json
from datetime import timedelta

import jwt as pyjwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.credentials.domain import baking, pdf, picture
from reseda.credentials.domain.dids import SchoolKey, did_document
from reseda.credentials.domain.keys import to_multikey
from reseda.credentials.domain.verification import CHECKS, as_document, verify
from reseda.credentials.tests import samples
from reseda.credentials.tests.samples import (
    ANNEX,
    BADGE,
    CARRIERS,
    JSON,
    SIGNED,
    failures,
    verdict,
)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_good_credential_is_valid_in_each_of_its_carriers(carrier):
    found = verdict(CARRIERS[carrier]())
    assert failures(found) == {}
    assert found.is_valid
    assert found.is_trusted
    assert found.carried.carrier == carrier
    assert tuple(check.name for check in found.checks) == CHECKS
    printed = as_document(found)
    assert printed["issuer"]["name"] == "École d’ingénieurs de démonstration"
    assert printed["subject"] == samples.RECOGNITION.subject.id
    assert printed["achievement"]["name"] == samples.RECOGNITION.achievement.name


@pytest.mark.parametrize("carrier", ["png", "svg", "pdf"])
def test_a_jwt_travels_in_the_same_carriers(carrier):
    token = samples.signed_jwt()
    baked = {
        "png": lambda: baking.bake_png(picture.png(BADGE), token),
        "svg": lambda: baking.bake_svg(picture.svg(BADGE), token),
        "pdf": lambda: pdf.render(ANNEX, token),
    }[carrier]()
    found = verdict(baked)
    assert failures(found) == {}
    assert found.carried.token == token


def test_the_verdict_prints_as_json_with_the_names_of_the_contract():
    printed = json.loads(json.dumps(as_document(verdict(JSON))))
    assert {"is_valid", "checks", "issuer", "subject", "achievement"} <= printed.keys()
    assert [set(check) for check in printed["checks"]] == [{"name", "is_ok", "detail"}] * 7


def test_a_changed_word_breaks_the_proof_and_the_list_is_not_even_asked():
    changed = copy.deepcopy(SIGNED)
    changed["credentialSubject"]["achievement"]["name"] = "Commander un régiment"
    asked = []

    def resolve(url):
        asked.append(url)
        return samples.site()(url)

    found = verify(samples.text(changed), resolve=resolve, now=samples.NOW, trusted=[samples.DID])
    assert failures(found) == {"proof": "bad_signature", "status": "not_checked"}
    assert samples.LIST_URL not in asked
    assert not found.is_trusted


def test_a_word_that_no_signature_covers_is_refused_by_two_checks():
    changed = SIGNED | {"mention": "très bien"}
    found = failures(verdict(samples.text(changed)))
    assert (found["context"], found["proof"]) == ("unknown_term", "unknown_term")


def test_a_revoked_credential_is_not_valid_and_its_neighbour_is():
    revoked = samples.published_list({samples.INDEX})
    assert failures(verdict(JSON, statuses=revoked)) == {"status": "revoked"}
    neighbours = samples.published_list({samples.INDEX - 1, samples.INDEX + 1})
    assert failures(verdict(JSON, statuses=neighbours)) == {}


def test_a_revocation_that_cannot_be_established_is_not_an_absence_of_revocation():
    found = verdict(JSON, statuses=None)
    assert failures(found) == {"status": "status_unavailable"}
    assert not found.is_valid


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"issuer": "did:web:ailleurs.example"}, "wrong_issuer"),
        ({"id": "https://localhost:8123/ecoles/demo/statuts/2.json"}, "wrong_address"),
        ({"type": ["VerifiableCredential"]}, "bad_type"),
        ({"validFrom": "2027-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": "2026-09-02T00:00:00Z"}, "expired"),
    ],
)
def test_a_list_that_is_not_the_issuers_own_and_current_is_refused(changes, reason):
    found = verdict(JSON, statuses=samples.published_list(**changes))
    assert failures(found) == {"status": "bad_status_list"}
    assert found.check("status").facts["reason"] == reason


def test_a_list_cleared_by_hand_is_refused():
    cleared = samples.published_list({samples.INDEX})
    cleared["credentialSubject"]["encodedList"] = samples.published_list()["credentialSubject"][
        "encodedList"
    ]
    assert failures(verdict(JSON, statuses=cleared)) == {"status": "bad_status_list"}


def test_a_list_published_as_a_jwt_is_read_too():
    for revoked, expected in (((), {}), ({samples.INDEX}, {"status": "revoked"})):
        bare = samples.published_list(revoked)
        del bare["proof"]
        token = samples.signed_jwt(bare).encode()

        def resolve(url, answer=token):
            return answer if url == samples.LIST_URL else samples.site()(url)

        found = verify(JSON, resolve=resolve, now=samples.NOW, trusted=[samples.DID])
        assert failures(found) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statusPurpose", "message"),
        ("type", "1EdTechRevocationList"),
        ("statusListIndex", "-1"),
        ("statusListIndex", "douze"),
    ],
)
def test_a_status_of_an_unknown_kind_is_not_taken_for_a_good_one(name, value):
    document = samples.unsigned()
    document["credentialStatus"][name] = value
    if value == "1EdTechRevocationList":
        document["credentialStatus"] = {"id": samples.LIST_URL, "type": value}
    found = verdict(samples.text(samples.sign(document)))
    assert failures(found) == {"status": "status_unsupported"}


def test_an_index_beyond_the_list_is_refused():
    document = samples.unsigned()
    document["credentialStatus"]["statusListIndex"] = "131072"
    found = verdict(samples.text(samples.sign(document)))
    assert failures(found) == {"status": "index_outside_list"}


def test_a_second_status_entry_is_read_too():
    document = samples.unsigned()
    second = document["credentialStatus"] | {"id": "urn:x:2", "statusListIndex": "7"}
    document["credentialStatus"] = [document["credentialStatus"], second]
    data = samples.text(samples.sign(document))
    assert failures(verdict(data, statuses=samples.published_list({7}))) == {"status": "revoked"}


def test_a_credential_without_a_status_says_so():
    document = samples.unsigned()
    del document["credentialStatus"]
    found = verdict(samples.text(samples.sign(document)), statuses=None)
    assert found.is_valid
    assert found.check("status").code == "no_status"


def test_dates_are_read_against_the_moment_given():
    data = samples.text(samples.sign(samples.unsigned(valid_until=samples.NOW)))
    before = samples.AT - timedelta(seconds=1)
    assert failures(verdict(data, now=before))["dates"] == "not_yet_valid"
    assert failures(verdict(data, now=samples.NOW - timedelta(seconds=1))) == {}
    assert failures(verdict(data, now=samples.NOW)) == {"dates": "expired"}


def test_a_retired_key_still_verifies_and_a_withdrawn_one_does_not():
    data = samples.text(
        samples.sign(samples.unsigned(), samples.RETIRED_KEY, samples.RETIRED_METHOD)
    )
    assert failures(verdict(data)) == {}
    without = did_document(samples.DID, [samples.SCHOOL_KEYS[0]])
    assert failures(verdict(data, did=without))["proof"] == "unknown_method"


def test_the_key_of_another_identity_cannot_speak_for_the_school():
    did = f"did:key:{to_multikey(samples.STRANGER_KEY.public_key())}"
    method = f"{did}#{did.removeprefix('did:key:')}"
    borrowed = samples.sign(samples.unsigned(), samples.STRANGER_KEY, method)
    found = failures(verdict(samples.text(borrowed)))
    assert (found["proof"], found["issuer"]) == ("unknown_method", "wrong_controller")


def test_somebody_else_under_the_schools_name_is_intact_but_never_trusted():
    did = f"did:key:{to_multikey(samples.STRANGER_KEY.public_key())}"
    document = samples.unsigned()
    document["issuer"]["id"] = did
    del document["credentialStatus"]
    method = f"{did}#{did.removeprefix('did:key:')}"
    found = verdict(samples.text(samples.sign(document, samples.STRANGER_KEY, method)))
    assert found.is_valid
    assert not found.is_trusted
    assert found.check("issuer").code == "unknown_issuer"


def test_an_issuer_that_does_not_answer_or_answers_for_another_is_not_believed():
    assert failures(verdict(JSON, did=None))["issuer"] == "issuer_unavailable"
    other = did_document("did:web:ailleurs.example", samples.SCHOOL_KEYS)
    assert failures(verdict(JSON, did=other))["issuer"] == "issuer_mismatch"


def test_an_issuer_that_is_a_plain_address_cannot_be_bound_to_a_key():
    document = samples.unsigned()
    document["issuer"]["id"] = "https://ecole.example/"
    found = failures(verdict(samples.text(samples.sign(document))))
    assert found["issuer"] == "issuer_unsupported"


def test_a_jwt_by_a_stranger_is_refused():
    claims = pyjwt.decode(samples.signed_jwt(), options={"verify_signature": False})
    forged = pyjwt.encode(
        claims, samples.STRANGER_JWT_KEY, algorithm="ES256", headers={"kid": samples.JWT_METHOD}
    )
    assert failures(verdict(forged.encode()))["proof"] == "bad_signature"


def test_a_jwt_may_show_its_key_instead_of_naming_it_if_the_issuer_publishes_that_key():
    claims = pyjwt.decode(samples.signed_jwt(), options={"verify_signature": False})
    for key, expected in ((samples.JWT_KEY, {}), (samples.STRANGER_JWT_KEY, "unknown_method")):
        jwk = json.loads(pyjwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
        token = pyjwt.encode(claims, key, algorithm="ES256", headers={"jwk": jwk})
        found = failures(verdict(token.encode()))
        assert found == expected or found["proof"] == expected


def test_a_jwt_signed_by_a_compromised_key_is_refused():
    keys = [SchoolKey("cle-jwt-2026", samples.JWT_KEY.public_key(), revoked_at=samples.NOW)]
    found = verdict(samples.signed_jwt().encode(), did=did_document(samples.DID, keys))
    assert failures(found)["proof"] == "key_revoked"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_json"),
        (b"bonjour", "bad_json"),
        (b"[1]", "not_an_object"),
        (b"\xff\xd8\xff\xe0", "unknown_format"),
        (baking.PNG_SIGNATURE + b"\0\0\0\rIHDR", "bad_png"),
        (b"<svg", "bad_svg"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "bad_svg"),
        (b"%PDF-1.7 rien", "bad_pdf"),
        (b"{" * 1000, "bad_json"),
        (b'{"a": ' * 100_000, "too_deep"),
        (b" " * 11_000_000, "too_large"),
    ],
)
def test_a_file_that_is_nothing_of_the_kind_gets_a_code_not_a_crash(data, code):
    found = verdict(data)
    assert failures(found)["format"] == code
    assert as_document(found)["issuer"] is None


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_file_cut_anywhere_never_verifies_and_never_crashes(carrier):
    data = CARRIERS[carrier]()
    for cut in range(0, len(data) - 1, max(1, len(data) // 25)):
        assert not verdict(data[:cut]).is_valid


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    name=st.sampled_from([*SIGNED, "mention"]),
    value=VALUES,
    inner=st.sampled_from(["", *SIGNED["proof"], *SIGNED["credentialSubject"], "statusPurpose"]),
)
@settings(deadline=None, max_examples=80)
def test_any_other_value_anywhere_is_refused_without_a_crash(name, value, inner):
    changed = copy.deepcopy(SIGNED)
    if inner and isinstance(changed.get(name), dict):
        changed[name][inner] = value
    else:
        changed[name] = value
    found = verdict(samples.text(changed))
    assert not found.is_valid or changed == SIGNED


def test_any_answer_of_the_issuers_site_is_read_without_a_crash():
    for answer in (
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"id": 1}',
        b'{"id": "%s"}' % samples.DID.encode(),
    ):
        found = verify(JSON, resolve=lambda _url, a=answer: a, now=samples.NOW, trusted=[])
        assert not found.is_valid
        assert not found.check("issuer").is_ok or not found.check("proof").is_ok
