"""What this product signs, judged offline by verifiers that other teams wrote.

Node: the Digital Bazaar stack (`npm ci` in this folder). Python: openbadgeslib, which shares no
canonicaliser with our signer.
"""

import copy
import json
import shutil
import subprocess
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reseda.credentials.domain import baking, contexts, documents
from reseda.credentials.domain.dids import did_document
from reseda.credentials.domain.keys import to_jwk
from reseda.credentials.tests import samples

with warnings.catch_warnings():
    # Its own deprecations are not ours to mend.
    warnings.simplefilter("ignore")
    from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier

HERE = Path(__file__).parent
NODE = shutil.which("node")
PEM = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def tampered():
    changed = copy.deepcopy(samples.SIGNED)
    changed["credentialSubject"]["achievement"]["name"] = "Diplôme d’ingénieur"
    return changed


def extended():
    return samples.SIGNED | {"mention": "très bien"}


def at_index(index):
    recognition = {"status": documents.StatusEntry(samples.LIST_URL, index)}
    return samples.sign(samples.unsigned(**recognition))


def retired():
    return samples.sign(samples.unsigned(), samples.RETIRED_KEY, samples.RETIRED_METHOD)


def plain():
    """A credential with none of the optional parts."""
    achievement = replace(samples.RECOGNITION.achievement, competencies=(), credits=None)
    subject = replace(samples.RECOGNITION.subject, identity=None)
    return samples.sign(samples.unsigned(achievement=achievement, subject=subject, evidence=()))


def node_verdicts(*credentials, tokens=()):
    """What the Node verifier answers, all in one run."""
    if NODE is None or not (HERE / "node_modules").is_dir():
        pytest.skip(
            "the Node verifier DID NOT RUN: install Node 20 and run `npm ci` in tests/independent"
        )
    pages = {
        url: {"@context": contexts.load(url)}
        for url in contexts.PINNED
        if url.startswith("https://purl.imsglobal.org/")
    }
    job = {
        "pages": pages
        | {
            samples.DID: did_document(samples.DID, samples.SCHOOL_KEYS),
            samples.LIST_URL: samples.published_list({7}),
        },
        "now": samples.NOW.isoformat(),
        "credentials": credentials,
        "tokens": tokens,
    }
    done = subprocess.run(  # noqa: S603  (our own script)
        [NODE, HERE / "verify.mjs"],
        input=json.dumps(job),
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_node_verifier_agrees_on_every_kind_of_credential():
    good = [samples.SIGNED, retired(), plain()]
    stranger = samples.sign(samples.unsigned(), samples.STRANGER_KEY)
    found = node_verdicts(*good, tampered(), extended(), stranger)["credentials"]
    assert found[: len(good)] == [
        {"is_verified": True, "is_status_clear": True, "statuses": [False], "errors": []}
    ] * len(good)
    assert [verdict["is_verified"] for verdict in found[len(good) :]] == [False, False, False]


def test_the_node_verifier_reads_the_revocation_bit():
    found = node_verdicts(at_index(6), at_index(7), at_index(8))["credentials"]
    assert [verdict["is_verified"] for verdict in found] == [True, True, True]
    assert [verdict["statuses"] for verdict in found] == [[False], [True], [False]]


def test_node_verifies_the_signature_of_the_jwt():
    token = samples.signed_jwt()
    ours, strangers = (
        to_jwk(key.public_key()) for key in (samples.JWT_KEY, samples.STRANGER_JWT_KEY)
    )
    tokens = [{"token": token, "jwk": ours}, {"token": token, "jwk": strangers}]
    assert node_verdicts(tokens=tokens)["tokens"] == [True, False]


def ldp_verifier(key=samples.KEY):
    return OB3LdpVerifier(pubkey_pem=key.public_key().public_bytes(*PEM))


@pytest.mark.parametrize("document", [samples.SIGNED, plain()], ids=["full", "plain"])
def test_openbadgeslib_accepts_what_we_sign(document):
    accepted = ldp_verifier().verify(json.dumps(document))
    assert accepted.id == document["id"]
    assert accepted.issuer.id == samples.DID


def test_openbadgeslib_accepts_what_a_retired_key_signed():
    assert ldp_verifier(samples.RETIRED_KEY).verify(json.dumps(retired())).id


@pytest.mark.parametrize("altered", [tampered, extended])
def test_openbadgeslib_refuses_what_was_altered(altered):
    with pytest.raises(OB3VerificationError):
        ldp_verifier().verify(json.dumps(altered()))


def test_openbadgeslib_finds_our_keys_and_reads_our_status_list():
    pages = {
        "https://localhost:8123/ecoles/demo/did.json": did_document(
            samples.DID, samples.SCHOOL_KEYS
        ),
        samples.LIST_URL: samples.published_list({7}),
    }

    def download(url, *_arguments, **_options):
        return json.dumps(pages[url]).encode()

    verifier = OB3LdpVerifier.for_issuer_did(samples.DID)
    # It reads the bits of a list with an embedded proof, but verifies only lists that are JWTs.
    options = {"check_status": True, "download": download, "verify_status_list": False}
    assert verifier.verify(json.dumps(at_index(6)), **options).id
    with pytest.raises(OB3VerificationError):
        verifier.verify(json.dumps(at_index(7)), **options)


def test_openbadgeslib_accepts_our_jwt():
    verifier = OB3Verifier(samples.JWT_KEY.public_key().public_bytes(*PEM))
    assert verifier.verify(samples.signed_jwt()).id == samples.RECOGNITION.id
    stranger = OB3Verifier(samples.STRANGER_JWT_KEY.public_key().public_bytes(*PEM))
    with pytest.raises(OB3VerificationError):
        stranger.verify(samples.signed_jwt())


def test_openbadgeslib_takes_our_credential_out_of_our_pictures():
    png, svg = (samples.CARRIERS[kind]() for kind in ("png", "svg"))
    for found in (
        OB3Verifier.extract_token_from_png(png),
        OB3Verifier.extract_token_from_svg(svg),
    ):
        assert json.loads(found) == samples.SIGNED
    assert baking.unbake_png(png) == baking.unbake_svg(svg)
