"""The credential a school writes: an OpenBadgeCredential (Open Badges 3.0 on VC 2.0), unsigned.

One language per credential (French): the official schema refuses language maps. Evidence speaks
of what was done and learnt, never of a force, a unit or a place: the fields for those do not
exist here, and the pages that fill the narrative say so.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reseda.credentials.domain.contexts import (
    CREDENTIALS_V2,
    OPEN_BADGES,
    OPEN_BADGES_EXTENSIONS,
)
from reseda.credentials.domain.moments import instant
from reseda.credentials.domain.refusals import Refusal

# The third context defines 1EdTechJsonSchemaValidator2019: without it, careful verifiers refuse.
CONTEXTS = (CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS)
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)

# C0 controls except tab, line feed and carriage return; DEL; noncharacters; lone surrogates:
# canonicalisers disagree on them.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


@dataclass(frozen=True)
class Issuer:
    """The school that signs: its DID, its name and its site."""

    did: str
    name: str
    url: str
    email: str = ""


@dataclass(frozen=True)
class Competency:
    """A competency of the school's framework that the recognition covers.

    `url` is its address (CASE item or page); `level` is the level reached, on `scale` from low
    to high, both empty where the school does not grade.
    """

    name: str
    url: str
    code: str = ""
    framework: str = ""
    description: str = ""
    level: str = ""
    scale: tuple[str, ...] = ()


@dataclass(frozen=True)
class Achievement:
    """What is recognised: the same for everybody who obtains it. `credits` are ECTS."""

    id: str
    name: str
    description: str
    criteria: str
    achievement_type: str = "Competency"
    credits: float | None = None
    competencies: tuple[Competency, ...] = ()


@dataclass(frozen=True)
class HashedIdentity:
    """An identity its holder can prove without the credential spelling it out."""

    kind: str
    digest: str
    salt: str


@dataclass(frozen=True)
class Subject:
    """The holder: an opaque `urn:uuid:` id, and a salted hash of an identity where wanted."""

    id: str
    identity: HashedIdentity | None = None


@dataclass(frozen=True)
class Evidence:
    """A context-neutral account of what was done and learnt."""

    narrative: str
    name: str = ""
    genre: str = ""


@dataclass(frozen=True)
class StatusEntry:
    """Where the credential's revocation bit is: address of the list and index in it."""

    list_url: str
    index: int


@dataclass(frozen=True)
class Recognition:
    """All that a credential says, before it is signed; `id` is a `urn:uuid:` or an address."""

    id: str
    issuer: Issuer
    achievement: Achievement
    subject: Subject
    status: StatusEntry
    valid_from: datetime
    valid_until: datetime | None = None
    evidence: tuple[Evidence, ...] = ()


def hashed_identity(identity: str, *, salt: str, kind: str = "emailAddress") -> HashedIdentity:
    """Salted SHA-256 of an identity, as Open Badges 3.0 writes it; an address is lower-cased."""
    plain = clean(identity.strip().lower())
    digest = hashlib.sha256((plain + salt).encode()).hexdigest()
    return HashedIdentity(kind=kind, digest=f"sha256${digest}", salt=salt)


def clean(text: str, *, place: str = "") -> str:
    """The text in Unicode normal form C; control characters are refused, with their place."""
    found = _REFUSED.search(text)
    if found:
        code = f"U+{ord(found.group()):04X}"
        raise Refusal("control_character", place=place, character=code, position=found.start())
    return unicodedata.normalize("NFC", text)


def build(recognition: Recognition) -> dict[str, Any]:
    """The unsigned credential of a recognition, in the order a person would read it."""
    valid_until = recognition.valid_until
    if valid_until is not None and valid_until <= recognition.valid_from:
        raise Refusal("ends_before_start", place="validUntil")
    credential = {
        "@context": list(CONTEXTS),
        "id": recognition.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": recognition.achievement.name,
        "issuer": _issuer(recognition.issuer),
        "validFrom": instant(recognition.valid_from),
        "validUntil": "" if valid_until is None else instant(valid_until),
        "credentialSubject": _subject(recognition),
        "evidence": [_evidence(evidence) for evidence in recognition.evidence],
        "credentialStatus": _status(recognition.status),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    written: dict[str, Any] = _written(credential, "")
    return written


def _issuer(issuer: Issuer) -> dict[str, Any]:
    return {
        "id": issuer.did,
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer.url,
        "email": issuer.email,
    }


def _subject(recognition: Recognition) -> dict[str, Any]:
    subject, achievement = recognition.subject, recognition.achievement
    graded = _graded(achievement)
    identity = subject.identity
    return {
        "id": subject.id,
        "type": ["AchievementSubject"],
        "identifier": [] if identity is None else [_identity(identity)],
        "achievement": _achievement(achievement),
        "result": [
            {"type": ["Result"], "resultDescription": address, "value": competency.level}
            for address, competency in graded
        ],
    }


def _identity(identity: HashedIdentity) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": identity.digest,
        "identityType": identity.kind,
        "salt": identity.salt,
    }


def _achievement(achievement: Achievement) -> dict[str, Any]:
    return {
        "id": achievement.id,
        "type": ["Achievement"],
        "inLanguage": "fr",
        "achievementType": achievement.achievement_type,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": achievement.criteria},
        "creditsAvailable": achievement.credits,
        "alignment": [_alignment(competency) for competency in achievement.competencies],
        "resultDescription": [
            {
                "id": address,
                "type": ["ResultDescription"],
                "name": competency.name,
                "resultType": "PerformanceLevel",
                "allowedValue": list(competency.scale),
            }
            for address, competency in _graded(achievement)
        ],
    }


def _graded(achievement: Achievement) -> Iterable[tuple[str, Competency]]:
    for index, competency in enumerate(achievement.competencies, start=1):
        if competency.level and competency.scale and competency.level not in competency.scale:
            raise Refusal("level_not_on_scale", competency=competency.name, level=competency.level)
        if competency.level:
            yield f"{achievement.id}#niveau-{index}", competency


def _alignment(competency: Competency) -> dict[str, Any]:
    return {
        "type": ["Alignment"],
        "targetName": competency.name,
        "targetUrl": competency.url,
        "targetCode": competency.code,
        "targetDescription": competency.description,
        "targetFramework": competency.framework,
        "targetType": "CFItem",
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "type": ["Evidence"],
        "name": evidence.name,
        "narrative": evidence.narrative,
        "genre": evidence.genre,
    }


def _status(status: StatusEntry) -> dict[str, Any]:
    return {
        "id": f"{status.list_url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(status.index),
        "statusListCredential": status.list_url,
    }


def _written(value: Any, place: str) -> Any:
    """The same tree with clean texts, whole numbers as such, and without its empty members."""
    if isinstance(value, dict):
        parts = (
            (name, _written(item, f"{place}.{name}".lstrip("."))) for name, item in value.items()
        )
        return {name: part for name, part in parts if part not in (None, "", [], {})}
    if isinstance(value, list):
        return [_written(item, f"{place}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, str):
        return clean(value, place=place)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
