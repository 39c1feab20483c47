"""Data Integrity proofs of the cryptosuite eddsa-rdfc-2022 (W3C VC-DI-EdDSA 1.0, section 3.2).

The document becomes RDF under the pinned contexts, RDFC-1.0 gives that RDF one canonical text,
and Ed25519 signs the hash of the proof's options followed by the hash of the document. Both
sides refuse words that the contexts would drop (see `terms`).
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from reseda.credentials.domain import terms
from reseda.credentials.domain.canonical import canonical
from reseda.credentials.domain.contexts import inlined, reduced
from reseda.credentials.domain.dids import Method, assertion_method
from reseda.credentials.domain.keys import from_multibase, to_multibase
from reseda.credentials.domain.moments import instant, parsed
from reseda.credentials.domain.refusals import Refusal

CRYPTOSUITE = "eddsa-rdfc-2022"


def sign(
    document: Mapping[str, Any],
    key: Ed25519PrivateKey,
    *,
    verification_method: str,
    created_at: datetime,
) -> dict[str, Any]:
    """The document with its proof; refused if it uses a word the contexts do not define.

    `verification_method` is the full id of the public key in the issuer's document. The same
    document, key and moment always give the same proof.
    """
    if "proof" in document:
        raise Refusal("already_signed")
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": instant(created_at),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    terms.check({**document, "proof": {**proof, "proofValue": "z"}})
    options = {"@context": document["@context"], **proof}
    digest = _digest(canonical(reduced(options)), canonical(reduced(document)))
    return {**document, "proof": {**proof, "proofValue": to_multibase(key.sign(digest))}}


def verify_proof(document: Mapping[str, Any], did_document: Mapping[str, Any]) -> Method:
    """The method whose key made the document's proof, after checking that it did.

    Refused with `no_proof`, `unsupported_proof`, `proof_context`, `bad_signature`, `key_revoked`,
    `key_expired`, one of the codes of `terms.check` or of `dids.assertion_method`. Whether the
    issuer is that of the document is for the caller to check.
    """
    proof = embedded_proof(document)
    terms.check(document)
    method = assertion_method(did_document, str(proof["verificationMethod"]))
    if not isinstance(method.key, Ed25519PublicKey):
        raise Refusal("unsupported_key", method=method.id)
    check_usable(method, parsed(proof["created"]) if "created" in proof else None)
    signature = from_multibase(proof.get("proofValue"))
    bare = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = document["@context"]
    try:
        method.key.verify(signature, _digest(canonical(inlined(options)), canonical(inlined(bare))))
    except InvalidSignature as error:
        raise Refusal("bad_signature", method=method.id) from error
    return method


def embedded_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """The only proof of a document, if it is of the kind this house reads."""
    value = document.get("proof")
    proofs = value if isinstance(value, list) else [value]
    if value is None or not proofs:
        raise Refusal("no_proof")
    proof = proofs[0]
    if len(proofs) > 1 or not isinstance(proof, dict) or "previousProof" in proof:
        raise Refusal("unsupported_proof", reason="several_proofs")
    for member, expected in (
        ("type", "DataIntegrityProof"),
        ("cryptosuite", CRYPTOSUITE),
        ("proofPurpose", "assertionMethod"),
    ):
        if proof.get(member) != expected:
            raise Refusal("unsupported_proof", member=member, value=proof.get(member))
    if not isinstance(proof.get("verificationMethod"), str):
        raise Refusal("unsupported_proof", member="verificationMethod")
    if proof.get("@context", document.get("@context")) != document.get("@context"):
        raise Refusal("proof_context")
    return proof


def check_usable(method: Method, signed_at: datetime | None) -> None:
    """Refuse a key marked revoked, and one that had expired when it signed."""
    if method.revoked_at is not None:
        raise Refusal("key_revoked", method=method.id, revoked_at=instant(method.revoked_at))
    if method.expires_at is not None and (signed_at is None or signed_at > method.expires_at):
        raise Refusal("key_expired", method=method.id, expires_at=instant(method.expires_at))


def _digest(options: bytes, document: bytes) -> bytes:
    return hashlib.sha256(options).digest() + hashlib.sha256(document).digest()
