"""Who an issuer says it is: `did:web` documents, their addresses and the keys they vouch for.

A school keeps every key it ever signed with in its document: removing a retired key would make
the older credentials unverifiable. Only a key known to be compromised is marked revoked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reseda.credentials.domain.contexts import MULTIKEY_V1
from reseda.credentials.domain.keys import (
    PublicKey,
    from_jwk,
    from_multikey,
    to_jwk,
    to_multikey,
)
from reseda.credentials.domain.moments import instant, parsed
from reseda.credentials.domain.refusals import Refusal

DID_V1 = "https://www.w3.org/ns/did/v1"
JWK_V1 = "https://w3id.org/security/jwk/v1"

_HOST = re.compile(r"[A-Za-z0-9.-]+(%3[Aa][0-9]{1,5})?")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._%-]+")


@dataclass(frozen=True)
class SchoolKey:
    """A public key of a school, current or retired, under the fragment that names it.

    Ed25519 signs embedded proofs, P-256 signs JWTs. `revoked_at` is for a key known to be
    compromised: everything it signed then stops verifying.
    """

    fragment: str
    key: Ed25519PublicKey | EllipticCurvePublicKey
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Method:
    """A verification method found in an issuer's document, fit to sign assertions."""

    id: str
    controller: str
    key: PublicKey
    revoked_at: datetime | None
    expires_at: datetime | None


def did_web(address: str) -> str:
    """The `did:web` of a folder on the web; a port is percent-encoded, as the method asks."""
    parts = urlsplit(address)
    segments = [quote(segment, safe="") for segment in parts.path.split("/") if segment]
    did = ":".join(["did:web", quote(parts.netloc, safe=""), *segments])
    did_web_url(did)
    return did


def did_web_url(did: str) -> str:
    """Address of the document of a `did:web`, always https; a malformed one is refused."""
    method, _, rest = did.partition("did:web:")
    host, *segments = rest.split(":")
    if method or not _HOST.fullmatch(host):
        raise Refusal("bad_did", did=did)
    if not all(_SEGMENT.fullmatch(unquote(segment)) for segment in segments):
        raise Refusal("bad_did", did=did)
    path = "/".join(segments) if segments else ".well-known"
    return f"https://{unquote(host)}/{path}/did.json"


def did_document(did: str, keys: Sequence[SchoolKey]) -> dict[str, Any]:
    """The document of a school: all its keys, current and retired, each fit for assertions."""
    return {
        "@context": [DID_V1, MULTIKEY_V1, JWK_V1],
        "id": did,
        "verificationMethod": [_method(did, key) for key in keys],
        "assertionMethod": [f"{did}#{key.fragment}" for key in keys],
    }


def _method(did: str, school_key: SchoolKey) -> dict[str, Any]:
    method: dict[str, Any] = {"id": f"{did}#{school_key.fragment}", "controller": did}
    if isinstance(school_key.key, Ed25519PublicKey):
        method |= {"type": "Multikey", "publicKeyMultibase": to_multikey(school_key.key)}
    else:
        # The JWT verifiers read JWK; few of them read a P-256 Multikey.
        method |= {"type": "JsonWebKey", "publicKeyJwk": to_jwk(school_key.key)}
    if school_key.revoked_at is not None:
        method["revoked"] = instant(school_key.revoked_at)
    return method


def did_key_document(did: str) -> dict[str, Any]:
    """The document that a `did:key` is by itself: one key, no site to ask."""
    multikey = did.removeprefix("did:key:")
    from_multikey(multikey)
    method = {
        "id": f"{did}#{multikey}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": multikey,
    }
    return {
        "@context": [DID_V1, MULTIKEY_V1],
        "id": did,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
    }


def assertion_method(document: Mapping[str, Any], method_id: str) -> Method:
    """The method of that id, if the document lets it sign assertions.

    Refused with `unknown_method` (not there), `method_not_for_assertions`, `wrong_controller`
    (another identity holds the key) or `unsupported_key`.
    """
    did = document.get("id")
    found = _find(document, "verificationMethod", method_id)
    allowed = _find(document, "assertionMethod", method_id)
    if found is None and isinstance(allowed, dict):
        found = allowed
    if not isinstance(found, dict):
        raise Refusal("unknown_method", method=method_id)
    if allowed is None:
        raise Refusal("method_not_for_assertions", method=method_id)
    if found.get("controller") != did or method_id.partition("#")[0] != did:
        raise Refusal("wrong_controller", method=method_id, controller=found.get("controller"))
    if "publicKeyMultibase" in found:
        key = from_multikey(found["publicKeyMultibase"])
    else:
        key = from_jwk(found.get("publicKeyJwk"))
    return Method(
        id=method_id,
        controller=str(did),
        key=key,
        revoked_at=_moment(found, "revoked"),
        expires_at=_moment(found, "expires"),
    )


def method_of_key(document: Mapping[str, Any], key: PublicKey) -> Method:
    """The assertion method that holds exactly this key; `unknown_method` where none does."""
    listed = document.get("assertionMethod", [])
    for item in listed if isinstance(listed, list) else [listed]:
        reference = item.get("id") if isinstance(item, dict) else item
        name = str(reference)
        full = name if not name.startswith("#") else f"{document.get('id')}{name}"
        method = assertion_method(document, full)
        if method.key == key:
            return method
    raise Refusal("unknown_method", method=None)


def _find(document: Mapping[str, Any], relation: str, method_id: str) -> Any:
    listed = document.get(relation, [])
    for item in listed if isinstance(listed, list) else [listed]:
        reference = item.get("id") if isinstance(item, dict) else item
        if not isinstance(reference, str):
            continue
        if reference == method_id or f"{document.get('id')}{reference}" == method_id:
            return item
    return None


def _moment(method: Mapping[str, Any], member: str) -> datetime | None:
    return None if method.get(member) is None else parsed(method[member])
