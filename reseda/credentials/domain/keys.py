"""Keys as the standards write them: Multikey (base58btc after a multicodec prefix) and JWK."""

import base64
import json
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import InvalidKeyError
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from reseda.credentials.domain.refusals import Refusal

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_INDEX = {letter: value for value, letter in enumerate(_ALPHABET)}
# Multicodec code points ed25519-pub and p256-pub, as unsigned varints.
_ED25519 = b"\xed\x01"
_P256 = b"\x80\x24"
# A Multikey or a proof value is under 100 characters; longer text is not worth decoding.
_MAX_BASE58 = 256
_MIN_RSA_BITS = 2048


def to_base58(content: bytes) -> str:
    """Base58btc text of some bytes (each leading zero byte is one `1`)."""
    number = int.from_bytes(content)
    letters = []
    while number:
        number, rest = divmod(number, 58)
        letters.append(_ALPHABET[rest])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def from_base58(text: str) -> bytes:
    """Bytes of a base58btc text; anything else is refused (`bad_base58`)."""
    if len(text) > _MAX_BASE58 or not set(text) <= _INDEX.keys():
        raise Refusal("bad_base58")
    number = 0
    for letter in text:
        number = number * 58 + _INDEX[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def to_multibase(content: bytes) -> str:
    """Multibase text in base58btc: `z` and the letters."""
    return "z" + to_base58(content)


def from_multibase(text: Any) -> bytes:
    """Bytes of a multibase base58btc text; anything else is refused (`bad_multibase`)."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise Refusal("bad_multibase")
    return from_base58(text[1:])


def to_multikey(key: Ed25519PublicKey | EllipticCurvePublicKey) -> str:
    """`publicKeyMultibase` of an Ed25519 or P-256 public key."""
    if isinstance(key, Ed25519PublicKey):
        return to_multibase(_ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    return to_multibase(_P256 + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def from_multikey(text: Any) -> PublicKey:
    """Public key of a `publicKeyMultibase`; an unknown kind is refused (`unsupported_key`)."""
    content = from_multibase(text)
    try:
        if content.startswith(_ED25519):
            return Ed25519PublicKey.from_public_bytes(content[2:])
        if content.startswith(_P256):
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), content[2:])
    except ValueError as error:
        raise Refusal("unsupported_key") from error
    raise Refusal("unsupported_key")


def to_jwk(key: EllipticCurvePublicKey) -> dict[str, str]:
    """`publicKeyJwk` of a P-256 public key, as the JWT verifiers read it."""
    numbers = key.public_numbers()
    x, y = (_to_base64url(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def from_jwk(jwk: Any) -> PublicKey:
    """Public key of an EC P-256 or RSA (2048 bits or more) JWK; others are refused."""
    if not isinstance(jwk, dict) or "d" in jwk:
        raise Refusal("unsupported_key")
    text = json.dumps(jwk)
    try:
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            key: Any = ECAlgorithm.from_jwk(text)
        elif jwk.get("kty") == "RSA":
            key = RSAAlgorithm.from_jwk(text)
        else:
            raise Refusal("unsupported_key")
    except (InvalidKeyError, UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise Refusal("unsupported_key") from error
    if isinstance(key, RSAPublicKey) and key.key_size < _MIN_RSA_BITS:
        raise Refusal("unsupported_key", bits=key.key_size)
    if not isinstance(key, (RSAPublicKey, EllipticCurvePublicKey)):
        raise Refusal("unsupported_key")
    return key


def _to_base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
