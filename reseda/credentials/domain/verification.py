"""Verification of any Open Badges 3.0 credential, in the order of the standard (section 9).

Seven checks, always the same and always all reported. The verdict rests on what is signed alone:
never on the pages of a PDF or the drawing of a badge. A revocation that cannot be established is
not an absence of revocation: the verdict is then not valid.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reseda.credentials.domain import baking, jwt, status, structure, terms
from reseda.credentials.domain.contexts import PINNED
from reseda.credentials.domain.dids import (
    Method,
    assertion_method,
    did_key_document,
    did_web_url,
    method_of_key,
)
from reseda.credentials.domain.keys import from_jwk
from reseda.credentials.domain.moments import instant, parsed
from reseda.credentials.domain.proofs import check_usable, embedded_proof, verify_proof
from reseda.credentials.domain.reading import json_object
from reseda.credentials.domain.refusals import Refusal

CHECKS = ("format", "schema", "context", "proof", "issuer", "dates", "status")
MAX_BYTES = 10 * 1024 * 1024

Resolve = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Check:
    """One check: its stable name, its outcome, a code and the facts a page can put in words."""

    name: str
    is_ok: bool
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Carried:
    """A credential as it came: `carrier` is json, jwt, png, svg or pdf; `token` the JWT if any."""

    carrier: str
    credential: Mapping[str, Any]
    token: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What can be said of a document: valid only if every check is.

    `is_trusted` tells whether the issuer is one the caller knows; a valid credential of an
    unknown issuer is intact, but who that issuer is remains to be judged.
    """

    checks: tuple[Check, ...]
    is_trusted: bool
    carried: Carried | None

    @property
    def is_valid(self) -> bool:
        """Whether every check passed."""
        return all(check.is_ok for check in self.checks)

    def check(self, name: str) -> Check:
        """The check of that name."""
        return next(check for check in self.checks if check.name == name)


def verify(data: bytes, *, resolve: Resolve, now: datetime, trusted: Collection[str]) -> Verdict:
    """The verdict on a document: JSON, compact JWT, baked PNG or SVG, or PDF with attachment.

    `resolve` gives the bytes published at an https address (the issuer's did.json, a status
    list), or None where they cannot be had; `trusted` are the DIDs the caller knows.
    """
    try:
        carried = read(data)
    except Refusal as refusal:
        unread = (Check(name, False, "not_checked") for name in CHECKS[1:])
        return Verdict((_failed("format", refusal), *unread), is_trusted=False, carried=None)
    checks = tuple(_checks(carried, resolve, now, trusted))
    issuer = issuer_id(carried.credential)
    is_ours = issuer in trusted and all(c.is_ok for c in checks if c.name in {"proof", "issuer"})
    return Verdict(checks, is_trusted=is_ours, carried=carried)


def read(data: bytes) -> Carried:
    """The credential a file carries, recognised by its content, unverified."""
    if len(data) > MAX_BYTES:
        raise Refusal("too_large", limit=MAX_BYTES)
    carrier, text = _text(data)
    if baking.is_compact_jwt(text):
        token = text.strip()
        jwt.read_header(token)
        return Carried(carrier or "jwt", jwt.read_payload(token), token)
    try:
        return Carried(carrier or "json", json_object(text))
    except Refusal as refusal:
        if not carrier:
            raise
        # The carrier was read: it is what it carries that is broken.
        raise Refusal("bad_credential", reason=refusal.code, **refusal.facts) from refusal


def issuer_id(credential: Mapping[str, Any]) -> str:
    """The id of the issuer of a credential, empty where it has none."""
    issuer = credential.get("issuer")
    value = issuer.get("id") if isinstance(issuer, dict) else issuer
    return value if isinstance(value, str) else ""


def as_document(verdict: Verdict) -> dict[str, Any]:
    """The verdict as the command prints it."""
    carried = verdict.carried
    return {
        "is_valid": verdict.is_valid,
        "checks": [
            {
                "name": check.name,
                "is_ok": check.is_ok,
                "detail": {"code": check.code, "facts": dict(check.facts)},
            }
            for check in verdict.checks
        ],
        "carrier": None if carried is None else carried.carrier,
        **_claims({} if carried is None else carried.credential, verdict.is_trusted),
    }


def _claims(credential: Mapping[str, Any], is_trusted: bool) -> dict[str, Any]:
    issuer, subject = credential.get("issuer"), _object(credential.get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    named = {"id": issuer_id(credential), "name": _object(issuer).get("name")}
    words = {name: achievement.get(name) for name in ("id", "name", "description")}
    return {
        "issuer": {**named, "is_trusted": is_trusted} if issuer else None,
        "subject": subject.get("id"),
        "achievement": words if achievement else None,
    }


def _text(data: bytes) -> tuple[str, str]:
    """The carrier, empty for bare text, and the text it carries."""
    if data.startswith(baking.PNG_SIGNATURE):
        return "png", baking.unbake_png(data)
    if b"%PDF-" in data[:1024]:
        return "pdf", baking.attached(data)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "svg", baking.unbake_svg(data)
    try:
        return "", data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("unknown_format") from error


def _checks(
    carried: Carried, resolve: Resolve, now: datetime, trusted: Collection[str]
) -> Iterator[Check]:
    credential = carried.credential
    yield Check("format", True, carried.carrier)
    yield _attempt("schema", lambda: _schema(credential))
    yield _attempt("context", lambda: _context(carried))
    issuer = _Issuer(issuer_id(credential), resolve)
    proof = _attempt("proof", lambda: _proof(carried, issuer))
    yield proof
    yield _attempt("issuer", lambda: _bound(carried, issuer, trusted))
    yield _attempt("dates", lambda: _dates(credential, now))
    if proof.is_ok:
        yield _attempt("status", lambda: _status(credential, issuer, now))
    else:
        # The address of the list is only worth asking once the issuer is known to have written it.
        yield Check("status", False, "not_checked")


def _attempt(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Refusal as refusal:
        return _failed(name, refusal)


def _failed(name: str, refusal: Refusal) -> Check:
    return Check(name, False, refusal.code, refusal.facts)


class _Issuer:
    """The issuer's document, asked for once."""

    def __init__(self, did: str, resolve: Resolve) -> None:
        self.did = did
        self.resolve = resolve
        self._document: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        if self._document is None:
            self._document = self._resolved()
        return self._document

    def _resolved(self) -> dict[str, Any]:
        if self.did.startswith("did:key:"):
            return did_key_document(self.did)
        if not self.did.startswith("did:web:"):
            raise Refusal("issuer_unsupported", issuer=self.did)
        url = did_web_url(self.did)
        content = self.resolve(url)
        if content is None:
            raise Refusal("issuer_unavailable", url=url)
        document = json_object(content)
        if document.get("id") != self.did:
            raise Refusal("issuer_mismatch", issuer=self.did, found=document.get("id"))
        return document


def _schema(credential: Mapping[str, Any]) -> Check:
    found = structure.problems(credential)
    if not found:
        return Check("schema", True, "conforms")
    listed = [{"code": problem.code, "place": problem.place} for problem in found]
    return Check("schema", False, found[0].code, {"place": found[0].place, "problems": listed})


def _context(carried: Carried) -> Check:
    if carried.token is None:
        terms.check(carried.credential)
        return Check("context", True, "pinned")
    # A JWT signs its bytes, words that the contexts ignore included; the contexts must still
    # be known ones for the words to mean what this house reads in them.
    value = carried.credential.get("@context")
    for url in value if isinstance(value, list) else [value]:
        if not isinstance(url, str) or url not in PINNED:
            raise Refusal("unknown_context", url=url if isinstance(url, str) else None)
    return Check("context", True, "pinned")


def _proof(carried: Carried, issuer: _Issuer) -> Check:
    document = issuer.document()
    if carried.token is None:
        method = verify_proof(carried.credential, document)
    else:
        method = _jwt_method(carried.token, document)
        check_usable(method, parsed(carried.credential.get("validFrom")))
        jwt.verify_jwt(carried.token, method.key)
    return Check("proof", True, "signed", {"method": method.id})


def _jwt_method(token: str, document: Mapping[str, Any]) -> Method:
    header = jwt.read_header(token)
    kid = header.get("kid")
    if not isinstance(kid, str):
        return method_of_key(document, from_jwk(header.get("jwk")))
    return assertion_method(document, kid if "#" in kid else f"{document.get('id')}#{kid}")


def _bound(carried: Carried, issuer: _Issuer, trusted: Collection[str]) -> Check:
    """The key belongs to the issuer the credential names, and to nobody else."""
    issuer.document()
    if carried.token is None:
        method = str(embedded_proof(carried.credential)["verificationMethod"])
        if method.partition("#")[0] != issuer.did:
            raise Refusal("wrong_controller", method=method, issuer=issuer.did)
    else:
        _jwt_method(carried.token, issuer.document())
    code = "trusted" if issuer.did in trusted else "unknown_issuer"
    return Check("issuer", True, code, {"issuer": issuer.did})


def _dates(credential: Mapping[str, Any], now: datetime) -> Check:
    start = parsed(credential.get("validFrom"))
    if now < start:
        return Check("dates", False, "not_yet_valid", {"valid_from": instant(start)})
    if "validUntil" not in credential:
        return Check("dates", True, "valid", {"valid_from": instant(start)})
    end = parsed(credential["validUntil"])
    facts = {"valid_from": instant(start), "valid_until": instant(end)}
    if now >= end:
        return Check("dates", False, "expired", facts)
    return Check("dates", True, "valid", facts)


def _status(credential: Mapping[str, Any], issuer: _Issuer, now: datetime) -> Check:
    value = credential.get("credentialStatus")
    entries = [] if value is None else value if isinstance(value, list) else [value]
    if not entries:
        return Check("status", True, "no_status")
    for entry in entries:
        purpose = _evaluate(_object(entry), issuer, now)
        if purpose is not None:
            return Check("status", False, purpose, {"list": _object(entry)["statusListCredential"]})
    return Check("status", True, "not_revoked")


_NEGATIVE = {"revocation": "revoked", "suspension": "suspended"}


def _evaluate(entry: Mapping[str, Any], issuer: _Issuer, now: datetime) -> str | None:
    """The code of a bit that is set, None where it is not; refused where that is not known."""
    purpose, index = entry.get("statusPurpose"), entry.get("statusListIndex")
    if entry.get("type") not in ("BitstringStatusListEntry", ["BitstringStatusListEntry"]):
        raise Refusal("status_unsupported", type=entry.get("type"))
    if not isinstance(purpose, str) or purpose not in _NEGATIVE:
        raise Refusal("status_unsupported", purpose=purpose)
    if entry.get("statusSize", 1) != 1 or not (str(index).isascii() and str(index).isdigit()):
        raise Refusal("status_unsupported", index=index)
    bits = _bits(entry, purpose, issuer, now)
    return _NEGATIVE[purpose] if status.is_set(bits, int(str(index))) else None


def _bits(entry: Mapping[str, Any], purpose: str, issuer: _Issuer, now: datetime) -> bytes:
    url = entry.get("statusListCredential")
    content = issuer.resolve(url) if isinstance(url, str) else None
    if content is None:
        raise Refusal("status_unavailable", url=url)
    try:
        carried = read(content)
        document = carried.credential
        _check_list(document, url, issuer, now)
        # A list may be secured either way, like the credential itself.
        _proof(carried, issuer)
    except Refusal as refusal:
        raise Refusal("bad_status_list", url=url, reason=refusal.code) from refusal
    subject = document["credentialSubject"]
    if subject["statusPurpose"] != purpose:
        raise Refusal("bad_status_list", url=url, reason="purpose")
    return status.decode(subject["encodedList"])


def _check_list(document: Mapping[str, Any], url: Any, issuer: _Issuer, now: datetime) -> None:
    """The list is well formed, current, and by the credential's own issuer."""
    for problem in structure.status_list_problems(document):
        raise Refusal(problem.code, place=problem.place)
    if issuer_id(document) != issuer.did:
        raise Refusal("wrong_issuer", issuer=issuer_id(document))
    if document.get("id", url) != url:
        raise Refusal("wrong_address", found=document.get("id"))
    if "validFrom" in document and now < parsed(document["validFrom"]):
        raise Refusal("not_yet_valid")
    if "validUntil" in document and now >= parsed(document["validUntil"]):
        raise Refusal("expired")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
