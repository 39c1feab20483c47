"""A school, its keys, a recognition and the site that publishes them, for the tests."""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reseda.credentials.domain import baking, documents, jwt, pdf, picture, proofs, status
from reseda.credentials.domain.dids import SchoolKey, did_document, did_web, did_web_url
from reseda.credentials.domain.verification import Verdict, verify

DID = did_web("http://localhost:8123/ecoles/demo")
LIST_URL = "https://localhost:8123/ecoles/demo/statuts/1.json"
INDEX = 4242
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RETIRED_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
STRANGER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
JWT_KEY = ec.derive_private_key(0x5EED, ec.SECP256R1())
STRANGER_JWT_KEY = ec.derive_private_key(0xBAD5EED, ec.SECP256R1())

METHOD, RETIRED_METHOD, JWT_METHOD = (
    f"{DID}#{name}" for name in ("cle-2026", "cle-2025", "cle-jwt-2026")
)
SCHOOL_KEYS = (
    SchoolKey("cle-2026", KEY.public_key()),
    SchoolKey("cle-2025", RETIRED_KEY.public_key()),
    SchoolKey("cle-jwt-2026", JWT_KEY.public_key()),
)

RECOGNITION = documents.Recognition(
    id="urn:uuid:0b1f4c1e-7f0a-4d1c-9a53-4f5d6f1f2a10",
    issuer=documents.Issuer(DID, "École d’ingénieurs de démonstration", "https://ecole.example/"),
    achievement=documents.Achievement(
        id="https://ecole.example/reconnaissances/conduire-un-groupe",
        name="Conduire un groupe dans l’incertitude",
        description="Décider, cœur du métier®, puis rendre compte à l’équipe.",
        criteria="Analyser trois situations vécues devant un jury.",
        credits=2.5,
        competencies=(
            documents.Competency(
                name="Diriger une équipe",
                url="https://ecole.example/competences/c3",
                code="C3",
                framework="Référentiel de l’ingénieur",
                level="Maîtrise",
                scale=("Notion", "Application", "Maîtrise", "Expertise"),
            ),
            documents.Competency(
                name="Gérer une crise",
                url="https://ecole.example/competences/c5",
                level="Application",
                scale=("Notion", "Application", "Maîtrise", "Expertise"),
            ),
            documents.Competency("Agir avec rigueur", "https://ecole.example/competences/c7"),
        ),
    ),
    subject=documents.Subject(
        "urn:uuid:9b0d2d1c-3a53-4a39-8d6f-2f9f4d8f9f11",
        documents.hashed_identity("Camille.Oeuvrard@ecole.example", salt="sel-de-mer"),
    ),
    status=documents.StatusEntry(LIST_URL, INDEX),
    valid_from=AT,
    evidence=(
        documents.Evidence("Conduite d’une équipe de dix personnes pendant douze jours."),
        documents.Evidence("Retour d’expérience écrit.", name="Retour", genre="écrit"),
    ),
)


def unsigned(**changes: Any) -> dict[str, Any]:
    """The school's credential before its proof, with other values where given."""
    return documents.build(replace(RECOGNITION, **changes))


def sign(
    document: dict[str, Any], key: Ed25519PrivateKey = KEY, method: str = METHOD
) -> dict[str, Any]:
    """The document with a proof by one of the school's keys, or by somebody else's."""
    return proofs.sign(document, key, verification_method=method, created_at=AT)


def signed_jwt(document: dict[str, Any] | None = None) -> str:
    """The school's credential as a compact JWT."""
    return jwt.sign_jwt(document or unsigned(), JWT_KEY, kid=JWT_METHOD)


def published_list(revoked: Collection[int] = (), **changes: Any) -> dict[str, Any]:
    """The school's signed status list, with other values where given before it is signed."""
    document = status.status_list(LIST_URL, DID, revoked, valid_from=AT) | changes
    return status.signed_status_list(document, KEY, verification_method=METHOD, created_at=AT)


def site(**changes: Any) -> Callable[[str], bytes | None]:
    """What the school publishes: `did` and `statuses` may be other documents, or None."""
    pages = {
        did_web_url(DID): changes.get("did", did_document(DID, SCHOOL_KEYS)),
        LIST_URL: changes.get("statuses", published_list()),
    }
    return lambda url: None if pages.get(url) is None else json.dumps(pages[url]).encode()


def text(document: dict[str, Any]) -> bytes:
    """A document as the file a person would upload."""
    return json.dumps(document, ensure_ascii=False).encode()


BADGE = picture.Badge("Conduire un groupe dans l’incertitude", "École de démonstration")
ANNEX = pdf.Annex(
    title="Conduire un groupe dans l’incertitude",
    school="École de démonstration",
    description="Décider, coordonner et rendre compte.",
    criteria="Analyser trois situations vécues devant un jury.",
    issued_on=date(2026, 9, 1),
    url="https://localhost:8123/v/7Q4M-2KXA-9D3F",
    code="7Q4M-2KXA-9D3F",
    holder="Camille Œuvrard",
    credits="2,5",
    competencies=(pdf.Row("Diriger une équipe", "C3", "Maîtrise"), pdf.Row("Gérer une crise")),
    evidence=("Conduite d’une équipe de dix personnes.",),
)
SIGNED = sign(unsigned())
JSON = text(SIGNED)


def verdict(
    data: bytes, now: datetime = NOW, trusted: Collection[str] = (DID,), **published: Any
) -> Verdict:
    """What is said of a file, the school's site answering with what is given."""
    return verify(data, resolve=site(**published), now=now, trusted=trusted)


CARRIERS = {
    "json": lambda: JSON,
    "jwt": lambda: signed_jwt().encode(),
    "png": lambda: baking.bake_png(picture.png(BADGE), JSON.decode()),
    "svg": lambda: baking.bake_svg(picture.svg(BADGE), JSON.decode()),
    "pdf": lambda: pdf.render(ANNEX, JSON.decode()),
}


def failures(found: Verdict) -> dict[str, str]:
    """The checks that failed, with their codes."""
    return {check.name: check.code for check in found.checks if not check.is_ok}
