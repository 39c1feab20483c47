"""What a school publishes: its keys under its DID, its signed status lists."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils import timezone

from reseda.credentials.domain import dids, status
from reseda.credentials.models import Credential, Issuer, SigningKey, StatusList

# How long a published list may be kept by those who read it: signed once in that time, the same
# bytes for everybody as long as nothing is revoked.
FRESH = timedelta(minutes=5)
# The largest number a column of this kind holds in every database.
LARGEST = 2_147_483_647
STATUS_PATH = re.compile(r"/statuts/(\d{1,9})\.json$")


@lru_cache(maxsize=64)
def _loaded(pem: str) -> Ed25519PrivateKey | EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey):
        message = "a signing key is neither Ed25519 nor P-256"
        raise TypeError(message)
    return key


def ed25519_of(key: SigningKey) -> Ed25519PrivateKey:
    """Return the private key that signs embedded proofs; `TypeError` if the row holds another."""
    loaded = _loaded(key.private)
    if not isinstance(loaded, Ed25519PrivateKey):
        message = f"{key.fragment} is not an Ed25519 key"
        raise TypeError(message)
    return loaded


def p256_of(key: SigningKey) -> EllipticCurvePrivateKey:
    """Return the private key that signs compact JWTs; `TypeError` if the row holds another."""
    loaded = _loaded(key.private)
    if not isinstance(loaded, EllipticCurvePrivateKey):
        message = f"{key.fragment} is not a P-256 key"
        raise TypeError(message)
    return loaded


def key_in_use(issuer: Issuer, algorithm: str) -> SigningKey:
    """Return the key with which the school signs now, for an algorithm."""
    return SigningKey.objects.get(
        school=issuer.school_id, algorithm=algorithm, retired_at__isnull=True
    )


def did_document(issuer: Issuer) -> dict[str, Any]:
    """Return the DID document of a school: every key it ever used, retired ones included."""
    keys = SigningKey.objects.filter(school=issuer.school_id).order_by("created_at", "pk")
    return dids.did_document(
        issuer.did,
        [
            dids.SchoolKey(one.fragment, _loaded(one.private).public_key(), one.revoked_at)
            for one in keys
        ],
    )


def status_url(issuer: Issuer, number: int) -> str:
    """Return the address of one status list of a school."""
    return f"{issuer.site}/ecoles/{issuer.school.slug}/statuts/{number}.json"


def status_list_document(issuer: Issuer, held: StatusList) -> dict[str, Any]:
    """Return a status list with the bits of what is revoked at this moment.

    It is dated from the start of the five minutes under way: Ed25519 signs the same bytes twice
    alike, so that a reader who has them already is told so.
    """
    revoked = Credential.objects.filter(status_list=held, revoked_at__isnull=False)
    now = _floor(timezone.now())
    unsigned = status.status_list(
        status_url(issuer, held.number),
        issuer.did,
        sorted(revoked.values_list("status_index", flat=True)),
        valid_from=now,
    )
    key = key_in_use(issuer, SigningKey.Algorithm.ED25519)
    return status.signed_status_list(
        unsigned,
        ed25519_of(key),
        verification_method=f"{issuer.did}#{key.fragment}",
        created_at=now,
    )


def _floor(moment: datetime) -> datetime:
    step = int(FRESH.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // step * step, UTC)


def status_list_bytes(issuer: Issuer, number: int) -> bytes | None:
    """Return a status list as published, or None when the school has no such list."""
    if number > LARGEST:
        return None
    held = StatusList.objects.filter(school=issuer.school_id, number=number).first()
    return json.dumps(status_list_document(issuer, held)).encode() if held else None


def resolve_locally(url: str) -> bytes | None:
    """Return what this installation publishes at an address, or None: no request is made."""
    for issuer in Issuer.objects.select_related("school"):
        if url == dids.did_web_url(issuer.did):
            return json.dumps(did_document(issuer)).encode()
        found = STATUS_PATH.search(url)
        if found and url == status_url(issuer, int(found[1])):
            return status_list_bytes(issuer, int(found[1]))
    return None


def trusted() -> frozenset[str]:
    """Return the DIDs that this installation vouches for: those of its own schools."""
    return frozenset(Issuer.objects.values_list("did", flat=True))
