"""What a reader is told of a verdict: one ruling, and four checks in the order people ask them.

The ruling is the worst thing that is certain. What could not be established (an issuer that does
not answer, a list that cannot be had) is neither authentic nor a forgery: it says so.
"""

from dataclasses import dataclass
from typing import Literal

from reseda.credentials.domain.verification import Check, Verdict

Ruling = Literal[
    "genuine",
    "intact",
    "revoked",
    "suspended",
    "expired",
    "not_yet",
    "unreachable",
    "unsupported",
    "invalid",
    "unreadable",
]
State = Literal["ok", "stop", "wait", "quiet"]

# What another answer, another day, could still establish.
UNREACHED = frozenset({"issuer_unavailable", "status_unavailable"})
# What other verifiers may read: forms of identity, proof, status or vocabulary not read here.
UNSUPPORTED = frozenset(
    {
        "issuer_unsupported",
        "status_unsupported",
        "unsupported_proof",
        "unsupported_key",
        "unsupported_term",
        "unknown_context",
        "inline_context",
    }
)
_OPEN = UNREACHED | UNSUPPORTED


@dataclass(frozen=True)
class Answer:
    """One question a reader asks, how it is answered, and the code behind the answer."""

    question: Literal["signature", "content", "status", "dates"]
    state: State
    code: str


def ruling(verdict: Verdict) -> Ruling:
    """Return what is said of a document as a whole.

    `genuine`: everything holds and the caller trusts the issuer; `intact`: everything holds, the
    issuer is unknown to the caller.
    """
    if not verdict.check("format").is_ok:
        return "unreadable"
    if verdict.is_valid:
        return "genuine" if verdict.is_trusted else "intact"
    failed = {check.name: check.code for check in verdict.checks if not check.is_ok}
    if "schema" in failed:
        return "invalid"
    unproved = next((failed[name] for name in ("context", "proof", "issuer") if name in failed), "")
    return _unproved(unproved) if unproved else _signed(failed)


def _unproved(code: str) -> Ruling:
    if code in UNREACHED:
        return "unreachable"
    return "unsupported" if code in UNSUPPORTED else "invalid"


def _signed(failed: dict[str, str]) -> Ruling:
    """Tell what stops a document whose signature and content hold: its status, then its dates."""
    status = failed.get("status", "")
    if status == "revoked":
        return "revoked"
    if status == "suspended":
        return "suspended"
    if failed.get("dates") == "expired":
        return "expired"
    if failed.get("dates") == "not_yet_valid":
        return "not_yet"
    return "unsupported" if status in UNSUPPORTED else "unreachable" if status else "invalid"


def answers(verdict: Verdict) -> tuple[Answer, ...]:
    """Return the four checks that people ask for, out of the seven of the standard."""
    found = {check.name: check for check in verdict.checks}
    signature = _worst(found["proof"], found["issuer"])
    content = _worst(found["format"], found["schema"], found["context"], found["proof"])
    # The dates of a text that nobody signed are dates of nothing.
    dates = found["dates"] if found["proof"].is_ok else Check("dates", False, "not_checked")
    return (
        Answer("signature", _state(signature), signature.code),
        Answer("content", _state(content), content.code),
        Answer("status", _status_state(found["status"]), found["status"].code),
        Answer("dates", _state(dates), dates.code),
    )


def _worst(*checks: Check) -> Check:
    return next((check for check in checks if not check.is_ok), checks[-1])


def _state(check: Check) -> State:
    if check.is_ok:
        return "ok"
    if check.code == "not_checked":
        return "quiet"
    return "wait" if check.code in _OPEN else "stop"


def _status_state(check: Check) -> State:
    if check.is_ok or check.code in {"revoked", "suspended", "not_checked"}:
        return _state(check)
    # Any other code is a list that could not be had or read: nothing is established.
    return "wait"
