"""Figures of the credentials engine beside an independent library, in one run."""

import json
from datetime import UTC, datetime
from functools import partial
from time import process_time
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from openbadgeslib.ob3.ldp import OB3LdpSigner, OB3LdpVerifier

from reseda.credentials.domain import dids, proofs
from reseda.credentials.domain.documents import (
    Achievement,
    Competency,
    Issuer,
    Recognition,
    StatusEntry,
    Subject,
    build,
)

COUNT = 60
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DID = "did:web:ecole.example:ecoles:garrigues"


class Figure(NamedTuple):
    """One line: how many a second of CPU, ours and the peer's."""

    name: str
    ours: float
    peer: str
    theirs: float


def _documents() -> list[dict[str, Any]]:
    return [
        build(
            Recognition(
                id=f"urn:uuid:00000000-0000-4000-8000-{rank:012d}",
                issuer=Issuer(DID, "École", "https://ecole.example"),
                achievement=Achievement(
                    id=f"urn:uuid:10000000-0000-4000-8000-{rank:012d}",
                    name="Conduite d’équipe en situation exigeante",
                    description="Conduire une équipe en situation réelle.",
                    criteria="Évalué sur des situations réelles.",
                    credits=2,
                    competencies=(
                        Competency("Conduire une équipe", "https://ecole.example/c/1", level="2"),
                        Competency("Maîtriser les risques", "https://ecole.example/c/2", level="1"),
                    ),
                ),
                subject=Subject(f"urn:uuid:20000000-0000-4000-8000-{rank:012d}"),
                status=StatusEntry("https://ecole.example/ecoles/garrigues/statuts/1.json", rank),
                valid_from=NOW,
            )
        )
        for rank in range(COUNT)
    ]


def _rate(work: Any, count: int) -> float:
    started = process_time()
    work()
    return count / (process_time() - started)


def bench() -> list[Figure]:
    """Sign and verify the same documents, ours and openbadgeslib's verifier, per second of CPU."""
    key = Ed25519PrivateKey.generate()
    sign = partial(proofs.sign, key=key, verification_method=f"{DID}#k", created_at=NOW)
    documents = _documents()
    signed = [sign(document) for document in documents]
    published = dids.did_document(DID, [dids.SchoolKey("k", key.public_key())])
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    texts = [json.dumps(one) for one in signed]
    peer = OB3LdpVerifier(pubkey_pem=pem)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    peer_signer = OB3LdpSigner(private, verification_method=f"{DID}#k")
    parsed = [peer.verify(text) for text in texts]
    return [
        Figure(
            "verify an Open Badge (per second of CPU)",
            _rate(lambda: [proofs.verify_proof(one, published) for one in signed], COUNT),
            "openbadgeslib",
            _rate(lambda: [peer.verify(text) for text in texts], COUNT),
        ),
        Figure(
            "sign an Open Badge (per second of CPU)",
            _rate(lambda: [sign(document) for document in documents], COUNT),
            "openbadgeslib",
            _rate(lambda: [peer_signer.sign(one) for one in parsed], COUNT),
        ),
    ]
