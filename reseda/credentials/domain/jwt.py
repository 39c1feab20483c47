"""The same credential as a compact JWT (VC-JWT of Open Badges 3.0, section 8.2).

Signed with ES256: the public validator of the standard refuses EdDSA in a JWT. Reading accepts
RS256 too. The algorithm is decided by the issuer's key, never by the token.
"""

from collections.abc import Mapping
from typing import Any

import jwt as pyjwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from reseda.credentials.domain.keys import PublicKey
from reseda.credentials.domain.moments import parsed
from reseda.credentials.domain.reading import json_object
from reseda.credentials.domain.refusals import Refusal

ALGORITHMS = frozenset({"ES256", "RS256"})
_CLAIMS = frozenset({"iss", "jti", "sub", "nbf", "exp", "iat"})
_HEADERS = frozenset({"alg", "kid", "jwk", "typ"})


def sign_jwt(document: Mapping[str, Any], key: EllipticCurvePrivateKey, *, kid: str) -> str:
    """Compact JWT of an unsigned credential; `kid` is the full id of the issuer's P-256 key."""
    if "proof" in document:
        raise Refusal("already_signed")
    claims = {**document, **_expected_claims(document)}
    return pyjwt.encode(claims, key, algorithm="ES256", headers={"kid": kid, "typ": "JWT"})


def read_header(token: str) -> dict[str, Any]:
    """The header of a compact JWT, unverified: which algorithm and which key it claims.

    Refused with `bad_jwt`, `algorithm_refused` (EdDSA, HMAC, none…) or `unknown_header`.
    """
    try:
        header = pyjwt.get_unverified_header(token)
    except pyjwt.InvalidTokenError as error:
        raise Refusal("bad_jwt") from error
    if header.get("alg") not in ALGORITHMS:
        raise Refusal("algorithm_refused", algorithm=str(header.get("alg")))
    if not header.keys() <= _HEADERS:
        raise Refusal("unknown_header", headers=sorted(header.keys() - _HEADERS))
    return header


def read_payload(token: str) -> dict[str, Any]:
    """The credential a compact JWT carries, unverified, its registered claims set apart."""
    return {name: value for name, value in _claims(token).items() if name not in _CLAIMS}


def verify_jwt(token: str, key: PublicKey) -> dict[str, Any]:
    """The credential of a compact JWT signed by this key, after checking its claims.

    Refused with `bad_jwt`, `algorithm_refused`, `bad_signature` or `claim_mismatch` when iss,
    jti, sub, nbf or exp differ from issuer, id, subject, validFrom or validUntil. Whether the
    moment is right is for the caller to check.
    """
    algorithm = "RS256" if isinstance(key, RSAPublicKey) else "ES256"
    header = read_header(token)
    if isinstance(key, Ed25519PublicKey) or header["alg"] != algorithm:
        raise Refusal("algorithm_refused", algorithm=header["alg"])
    try:
        pyjwt.decode_complete(
            token,
            key,
            algorithms=[algorithm],
            options={
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
                "verify_iss": False,
                "verify_jti": False,
                "verify_nbf": False,
                "verify_sub": False,
            },
        )
    except pyjwt.InvalidSignatureError as error:
        raise Refusal("bad_signature", method=header.get("kid")) from error
    except pyjwt.InvalidTokenError as error:
        raise Refusal("bad_jwt") from error
    claims, credential = _claims(token), read_payload(token)
    _check_claims(claims, _expected_claims(credential))
    return credential


def _claims(token: str) -> dict[str, Any]:
    try:
        # PyJWT would keep the last of two members of the same name; this reader refuses them.
        return json_object(pyjwt.utils.base64url_decode(token.split(".")[1]))
    except (IndexError, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal("bad_jwt") from error


def _check_claims(claims: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    for name in ("iss", "jti", "sub", "nbf", "exp"):
        if name == "exp" and name not in claims:
            continue
        if name not in claims or claims[name] != expected.get(name):
            raise Refusal("claim_mismatch", claim=name)


def _expected_claims(document: Mapping[str, Any]) -> dict[str, Any]:
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    claims: dict[str, Any] = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": document.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": int(parsed(document.get("validFrom")).timestamp()),
    }
    if document.get("validUntil"):
        claims["exp"] = int(parsed(document["validUntil"]).timestamp())
    missing = [name for name, value in claims.items() if value is None]
    if missing:
        raise Refusal("claim_mismatch", claim=missing[0])
    return claims
