"""Revocation lists: one bit per credential, compressed and signed (W3C Bitstring Status List 1.0).

A list has room for 131,072 credentials, so that asking for it does not tell which one is being
verified. Bit 0 is the leftmost of the first byte.
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reseda.credentials.domain.contexts import CREDENTIALS_V2
from reseda.credentials.domain.moments import instant
from reseda.credentials.domain.proofs import sign
from reseda.credentials.domain.refusals import Refusal

SIZE = 131_072
# Sixteen million entries: a list above this is not worth the memory.
_MAX_BYTES = 2 * 1024 * 1024


def encode(indexes: Collection[int], *, size: int = SIZE) -> str:
    """`encodedList` with the bits of these indexes set; an index outside the list is refused."""
    bits = bytearray(size // 8)
    for index in indexes:
        if not 0 <= index < size:
            raise Refusal("index_outside_list", index=index, size=size)
        bits[index // 8] |= 0x80 >> index % 8
    # The time in the gzip header is 0: the same list is always the same text.
    compressed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(compressed).rstrip(b"=").decode("ascii")


def decode(encoded: Any) -> bytes:
    """The bits of an `encodedList`, at least 131,072 of them; anything else is refused."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise Refusal("bad_status_list", reason="multibase")
    text = encoded[1:].rstrip("=")
    try:
        compressed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        expander = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        bits = expander.decompress(compressed, _MAX_BYTES)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise Refusal("bad_status_list", reason="gzip") from error
    if not expander.eof or len(bits) * 8 < SIZE:
        raise Refusal("bad_status_list", reason="length", bits=len(bits) * 8)
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit of this index is set; an index outside the list is refused."""
    if not 0 <= index < len(bits) * 8:
        raise Refusal("index_outside_list", index=index, size=len(bits) * 8)
    return bool(bits[index // 8] & 0x80 >> index % 8)


def status_list(
    url: str, issuer: str, revoked: Collection[int], *, valid_from: datetime
) -> dict[str, Any]:
    """The unsigned BitstringStatusListCredential published at `url` by the school's DID."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": instant(valid_from),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(revoked),
        },
    }


def signed_status_list(
    unsigned: Mapping[str, Any],
    key: Ed25519PrivateKey,
    *,
    verification_method: str,
    created_at: datetime,
) -> dict[str, Any]:
    """The list as it is published, signed by the same keys as the credentials."""
    return sign(unsigned, key, verification_method=verification_method, created_at=created_at)
