"""Proofs, the words they may cover and the canonical text they sign."""

import copy
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from reseda.credentials.domain import contexts, documents, keys, proofs, terms
from reseda.credentials.domain.canonical import canonical
from reseda.credentials.domain.dids import SchoolKey, did_document
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.tests import samples

DID_DOCUMENT = did_document(samples.DID, samples.SCHOOL_KEYS)


def loader(url, _options=None):
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": contexts.load(url)}}


def pyld_canonical(document):
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader}
    return jsonld.normalize(document, options).encode()


def survives_pyld(document):
    """Whether expanding then compacting keeps the document: the check other tools rely on."""
    try:
        expanded = jsonld.expand(document, {"documentLoader": loader})
        back = jsonld.compact(expanded, document["@context"], {"documentLoader": loader})
    except jsonld.JsonLdError:
        return False
    return flattened(back) == flattened(document)


def flattened(value):
    if isinstance(value, dict):
        return {name: flattened(item) for name, item in value.items() if name != "@context"}
    if isinstance(value, list):
        return flattened(value[0]) if len(value) == 1 else [flattened(item) for item in value]
    return value


def places(value, path=()):
    """The path of every member and item of a document, contexts apart."""
    if isinstance(value, (dict, list)):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            if name != "@context":
                yield (*path, name)
                yield from places(item, (*path, name))


def at(document, path):
    for name in path:
        document = document[name]
    return document


def refused(call, *arguments, **options):
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)
    return caught.value.code


def test_a_signed_credential_verifies_with_the_key_its_issuer_publishes():
    method = proofs.verify_proof(samples.sign(samples.unsigned()), DID_DOCUMENT)
    assert (method.id, method.controller) == (samples.METHOD, samples.DID)


def test_the_same_document_key_and_moment_give_the_same_proof():
    assert samples.sign(samples.unsigned()) == samples.sign(samples.unsigned())


def test_every_value_that_is_changed_is_noticed():
    signed = samples.sign(samples.unsigned())
    for path in places(signed):
        value = at(signed, path)
        if isinstance(value, (dict, list)):
            continue
        changed = copy.deepcopy(signed)
        at(changed, path[:-1])[path[-1]] = f"{value}1" if isinstance(value, str) else value + 1
        with pytest.raises(Refusal):
            proofs.verify_proof(changed, DID_DOCUMENT)


def test_every_member_that_is_taken_away_is_noticed():
    signed = samples.sign(samples.unsigned())
    for path in places(signed):
        changed = copy.deepcopy(signed)
        del at(changed, path[:-1])[path[-1]]
        with pytest.raises(Refusal):
            proofs.verify_proof(changed, DID_DOCUMENT)


def test_a_word_added_after_the_signature_is_refused_even_where_json_ld_would_drop_it():
    signed = samples.sign(samples.unsigned())
    signed["credentialSubject"]["achievement"]["mention"] = "Félicitations du jury"
    assert refused(proofs.verify_proof, signed, DID_DOCUMENT) == "unknown_term"


def test_a_retired_key_still_verifies_what_it_signed():
    signed = samples.sign(samples.unsigned(), samples.RETIRED_KEY, samples.RETIRED_METHOD)
    assert proofs.verify_proof(signed, DID_DOCUMENT).id == samples.RETIRED_METHOD


def test_a_key_marked_revoked_verifies_nothing_more():
    revoked = SchoolKey("cle-2026", samples.KEY.public_key(), revoked_at=samples.NOW)
    signed = samples.sign(samples.unsigned())
    document = did_document(samples.DID, [revoked])
    assert refused(proofs.verify_proof, signed, document) == "key_revoked"


def test_a_key_that_the_issuer_does_not_publish_is_refused():
    signed = samples.sign(samples.unsigned(), samples.STRANGER_KEY, f"{samples.DID}#autre")
    assert refused(proofs.verify_proof, signed, DID_DOCUMENT) == "unknown_method"


def test_a_proof_by_somebody_elses_key_under_the_schools_name_is_refused():
    signed = samples.sign(samples.unsigned(), samples.STRANGER_KEY)
    assert refused(proofs.verify_proof, signed, DID_DOCUMENT) == "bad_signature"


def test_a_method_that_another_identity_controls_is_refused():
    document = copy.deepcopy(DID_DOCUMENT)
    document["verificationMethod"][0]["controller"] = "did:web:ailleurs.example"
    signed = samples.sign(samples.unsigned())
    assert refused(proofs.verify_proof, signed, document) == "wrong_controller"


def test_a_method_that_may_not_sign_assertions_is_refused():
    document = DID_DOCUMENT | {"assertionMethod": []}
    signed = samples.sign(samples.unsigned())
    assert refused(proofs.verify_proof, signed, document) == "method_not_for_assertions"


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("cryptosuite", "eddsa-jcs-2022", "unsupported_proof"),
        ("type", "Ed25519Signature2020", "unsupported_proof"),
        ("proofPurpose", "authentication", "unsupported_proof"),
        ("@context", ["https://www.w3.org/ns/credentials/v2"], "proof_context"),
        ("proofValue", "f00", "bad_multibase"),
        ("proofValue", "z0OIl", "bad_base58"),
    ],
)
def test_a_proof_of_another_kind_is_refused_with_its_reason(member, value, code):
    signed = samples.sign(samples.unsigned())
    signed["proof"][member] = value
    assert refused(proofs.verify_proof, signed, DID_DOCUMENT) == code


def test_several_proofs_are_refused():
    signed = samples.sign(samples.unsigned())
    signed["proof"] = [signed["proof"], signed["proof"]]
    assert refused(proofs.verify_proof, signed, DID_DOCUMENT) == "unsupported_proof"


def test_a_document_is_not_signed_twice():
    assert refused(samples.sign, samples.sign(samples.unsigned())) == "already_signed"


def test_the_published_vector_of_the_cryptosuite_is_reproduced():
    # W3C, Data Integrity EdDSA Cryptosuites 1.0, appendix B.1: hashes, key and proof value.
    method = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    options = {
        "@context": [contexts.CREDENTIALS_V2],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{method}#{method}",
        "proofPurpose": "assertionMethod",
    }
    digest = hashlib.sha256(canonical(contexts.inlined(options))).digest()
    assert digest.hex() == "bea7b7acfbad0126b135104024a5f1733e705108f42d59668b05c0c50004c6b0"
    document = "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    proof = (
        "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme"
    )
    keys.from_multikey(method).verify(keys.from_multibase(proof), digest + bytes.fromhex(document))


def test_the_canonical_text_is_that_of_another_implementation():
    document = samples.unsigned()
    assert canonical(contexts.inlined(document)) == pyld_canonical(document)


def test_the_reduced_contexts_give_the_text_of_the_full_ones():
    document = samples.unsigned()
    full, reduced = contexts.inlined(document), contexts.reduced(document)
    assert len(json.dumps(reduced["@context"])) < len(json.dumps(full["@context"])) / 2
    assert canonical(reduced) == canonical(full)


def test_lines_are_cut_at_the_line_feed_alone():
    # U+0085, U+2028 and U+2029 end a line for str.splitlines(), not for N-Quads.
    document = samples.unsigned()
    document["name"] = "un\u0085deux\u2028trois\u2029quatre\nfin"
    assert canonical(contexts.inlined(document)) == pyld_canonical(document)
    proofs.verify_proof(samples.sign(document), DID_DOCUMENT)


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\téœ’®\u0085\u2028"),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(WORDS, min_size=1, max_size=4), points=st.sampled_from([1, 2.5, 30, 0.25]))
def test_any_text_is_signed_alike_by_both_canonicalisers(names, points):
    document = samples.unsigned()
    achievement = document["credentialSubject"]["achievement"]
    achievement["name"], achievement["creditsAvailable"] = names[0], points
    document["evidence"] = [{"type": ["Evidence"], "narrative": name} for name in names]
    assert canonical(contexts.reduced(document)) == pyld_canonical(document)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_closed_list_of_words_agrees_with_expansion_and_compaction(data):
    document = samples.sign(samples.unsigned())
    objects = [(), *(path for path in places(document) if isinstance(at(document, path), dict))]
    node = at(document, data.draw(st.sampled_from(objects)))
    word = data.draw(
        st.sampled_from(["name", "narrative", "mention", "unit", "targetName", "statusPurpose"])
    )
    if data.draw(st.booleans()):
        node[word] = "ajout"
    else:
        node["type"] = data.draw(
            st.sampled_from(["Evidence", "Inconnu", "Alignment", "Achievement"])
        )
    try:
        terms.check(document)
        is_accepted = True
    except Refusal:
        is_accepted = False
    assert is_accepted == survives_pyld(document)


@pytest.mark.parametrize(
    ("path", "name", "value", "code"),
    [
        ((), "mention", "oui", "unknown_term"),
        ((), "@graph", [], "unknown_term"),
        ((), "https://schema.org/name", "autre", "unknown_term"),
        (("credentialSubject",), "targetName", "ailleurs", "unknown_term"),
        (("credentialSubject",), "type", ["AchievementSubject", "Héros"], "unknown_type"),
        (("credentialSubject",), "id", "_:b0", "relative_identifier"),
        (("credentialSubject",), "id", "camille", "relative_identifier"),
        (("issuer",), "id", "did:web:un deux", "relative_identifier"),
        ((), "name", None, "null_value"),
        ((), "name", [["a"]], "nested_list"),
        ((), "name", 2**60, "bad_number"),
        (("credentialSubject",), "id", samples.RECOGNITION.id, "repeated_identifier"),
        ((), "@context", [contexts.CREDENTIALS_V2, {"mention": "ex:m"}], "inline_context"),
        ((), "@context", [contexts.CREDENTIALS_V2, "https://ex.example/"], "unknown_context"),
    ],
)
def test_what_a_signature_would_not_cover_is_not_signed(path, name, value, code):
    document = samples.unsigned()
    samples.sign(document)
    at(document, path)[name] = value
    assert refused(samples.sign, document) == code


def test_without_the_extensions_context_the_schema_type_is_an_unknown_word():
    document = samples.unsigned()
    document["@context"] = document["@context"][:2]
    assert refused(samples.sign, document) == "unknown_type"


def test_the_members_whose_meaning_was_changed_in_place_are_never_written():
    written = json.dumps(samples.unsigned())
    assert '"endorsementJwt"' not in written
    assert '"jti"' not in written


def test_nesting_has_a_bottom():
    document = samples.unsigned()
    node = document["issuer"]
    for _ in range(terms.MAX_DEPTH):
        node["parentOrg"] = {"id": "https://a.example/", "type": ["Profile"]}
        node = node["parentOrg"]
    assert refused(samples.sign, document) == "too_deep"


def endorsement(number):
    return samples.sign(
        {
            "@context": list(documents.CONTEXTS),
            "id": f"urn:uuid:0b1f4c1e-7f0a-4d1c-9a53-00000000000{number}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Attestation",
            "issuer": {"id": samples.DID, "type": ["Profile"], "name": "Partenaire"},
            "validFrom": "2026-09-01T08:00:00Z",
            "credentialSubject": {
                "id": samples.RECOGNITION.achievement.id,
                "type": ["EndorsementSubject"],
                "endorsementComment": f"Vu et attesté, {number}.",
            },
        }
    )


def test_embedded_endorsements_have_the_same_text_in_both_implementations():
    document = samples.unsigned()
    document["endorsement"] = [endorsement(1), endorsement(2)]
    assert canonical(contexts.reduced(document)) == pyld_canonical(document)
    proofs.verify_proof(samples.sign(document), DID_DOCUMENT)


def test_two_identical_embedded_proofs_are_refused():
    # Here alone the canonicaliser departs from the others: nobody else could verify it.
    document = samples.unsigned()
    document["endorsement"] = [endorsement(1), endorsement(2)]
    document["endorsement"][1]["proof"] = document["endorsement"][0]["proof"]
    assert refused(samples.sign, document) == "look_alikes"


def look_alikes(count):
    document = samples.unsigned()
    same = [{"type": ["Evidence"], "name": "même"} for _ in range(count)]
    parents = [{"type": ["Profile"], "name": "même", "endorsement": same} for _ in range(2)]
    document["issuer"]["parentOrg"] = parents
    return document


def test_a_graph_made_to_take_factorial_time_is_refused_at_once():
    canonical(contexts.inlined(look_alikes(3)))
    assert refused(canonical, contexts.inlined(look_alikes(12))) == "look_alikes"


def test_a_long_chain_of_look_alikes_is_refused_at_once():
    document = samples.unsigned()
    results = document["credentialSubject"]["achievement"]["resultDescription"]
    results[0]["allowedValue"] = ["x"] * 40
    canonical(contexts.inlined(document))
    results[0]["allowedValue"] = ["x"] * 400
    assert refused(canonical, contexts.inlined(document)) == "look_alikes"


def test_the_pinned_contexts_have_the_bytes_they_had_when_they_were_read():
    for url, (name, _) in contexts.PINNED.items():
        contexts.check_bytes(url, (Path(contexts.folder()) / name).read_bytes())


def test_a_context_changed_in_place_is_refused():
    name = contexts.PINNED[contexts.OPEN_BADGES][0]
    content = (contexts.folder() / name).read_bytes()
    assert refused(contexts.check_bytes, contexts.OPEN_BADGES, content + b"\n") == "context_changed"


def test_no_other_context_is_known():
    assert refused(contexts.load, "https://www.w3.org/2018/credentials/v1") == "unknown_context"


@given(st.binary(max_size=80))
def test_base58_gives_back_the_bytes_it_was_given(content):
    assert keys.from_multibase(keys.to_multibase(content)) == content


def test_keys_come_back_from_the_forms_they_are_published_in():
    for key in (samples.KEY.public_key(), samples.JWT_KEY.public_key()):
        assert keys.from_multikey(keys.to_multikey(key)) == key
    assert keys.from_jwk(keys.to_jwk(samples.JWT_KEY.public_key())) == samples.JWT_KEY.public_key()


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "AAAA"},
        {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        None,
    ],
)
def test_a_key_of_another_kind_is_refused(jwk):
    assert refused(keys.from_jwk, jwk) == "unsupported_key"
