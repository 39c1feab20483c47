"""What an Open Badges 3.0 credential must contain, written from the standard as our own check.

Only the members that the standard requires, and the form of those that this house reads, are
checked: an issuer may add others. Each problem is a code and the path of the member.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reseda.credentials.domain.contexts import CREDENTIALS_V2, OPEN_BADGES_VERSIONS
from reseda.credentials.domain.moments import parsed
from reseda.credentials.domain.refusals import Refusal

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})


@dataclass(frozen=True)
class Problem:
    """A member that is missing, of a wrong form or of a wrong type: code and path."""

    code: str
    place: str


Rule = Callable[[Any, str], Iterator[Problem]]


def problems(credential: Mapping[str, Any]) -> list[Problem]:
    """Every structural problem of an OpenBadgeCredential; an empty list means none.

    Codes: `missing_member`, `bad_type`, `bad_value`, `bad_moment`, `bad_context`.
    """
    return list(_credential(credential))


def status_list_problems(credential: Mapping[str, Any]) -> list[Problem]:
    """Every structural problem of a BitstringStatusListCredential (W3C, section 3.1)."""
    return list(_status_list(credential))


def _credential(credential: Mapping[str, Any]) -> Iterator[Problem]:
    contexts = _names(credential.get("@context"))
    if contexts[:1] != [CREDENTIALS_V2] or not OPEN_BADGES_VERSIONS & set(contexts):
        yield Problem("bad_context", "@context")
    yield from _typed(credential, "", "VerifiableCredential")
    if not BADGE_TYPES & set(_names(credential.get("type"))):
        yield Problem("bad_type", "type")
    yield from _members(credential, "", required=_CREDENTIAL, optional=_CREDENTIAL_OPTIONS)


def _status_list(credential: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _typed(credential, "", "VerifiableCredential")
    yield from _typed(credential, "", "BitstringStatusListCredential")
    yield from _members(
        credential,
        "",
        required={"issuer": _issuer, "credentialSubject": _status_list_subject},
        optional={"validFrom": _moment, "validUntil": _moment},
    )


def _members(
    node: Mapping[str, Any],
    place: str,
    *,
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
) -> Iterator[Problem]:
    for name, rule in required.items():
        if node.get(name) is None:
            yield Problem("missing_member", _inside(place, name))
        else:
            yield from rule(node[name], _inside(place, name))
    for name, rule in (optional or {}).items():
        if name in node:
            yield from rule(node[name], _inside(place, name))


def _node(
    kind: str | None = None,
    *,
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
) -> Rule:
    def rule(value: Any, place: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("bad_value", place)
            return
        if kind is not None:
            yield from _typed(value, place, kind)
        yield from _members(value, place, required=required, optional=optional)

    return rule


def _several(rule: Rule) -> Rule:
    """One value or a list of them."""

    def each(value: Any, place: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield from rule(value, place)
            return
        for index, item in enumerate(value):
            yield from rule(item, f"{place}[{index}]")

    return each


def _typed(node: Mapping[str, Any], place: str, kind: str) -> Iterator[Problem]:
    if kind not in _names(node.get("type")):
        yield Problem("bad_type", _inside(place, "type"))


def _names(value: Any) -> Sequence[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _text(value: Any, place: str) -> Iterator[Problem]:
    if not isinstance(value, str) or not value.strip():
        yield Problem("bad_value", place)


def _string(value: Any, place: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem("bad_value", place)


def _amount(value: Any, place: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield Problem("bad_value", place)


def _truth(value: Any, place: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("bad_value", place)


def _moment(value: Any, place: str) -> Iterator[Problem]:
    try:
        parsed(value)
    except Refusal:
        yield Problem("bad_moment", place)


def _issuer(value: Any, place: str) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _text(value, place)
    else:
        yield from _PROFILE(value, place)


def _status_entry(value: Any, place: str) -> Iterator[Problem]:
    if not isinstance(value, dict) or not _names(value.get("type")):
        yield Problem("bad_value", place)
    elif "BitstringStatusListEntry" in _names(value["type"]):
        yield from _members(value, place, required=_STATUS_ENTRY)


def _subject(value: Any, place: str) -> Iterator[Problem]:
    yield from _SUBJECT(value, place)
    if isinstance(value, dict) and not (value.get("id") or value.get("identifier")):
        yield Problem("missing_member", _inside(place, "id"))


_ALIGNMENT = _node("Alignment", required={"targetName": _text, "targetUrl": _text})
_PROFILE = _node("Profile", required={"id": _text}, optional={"name": _string, "url": _string})
_ACHIEVEMENT = _node(
    "Achievement",
    required={
        "id": _text,
        "name": _text,
        "description": _string,
        "criteria": _node(required={}, optional={"narrative": _string, "id": _text}),
    },
    optional={
        "achievementType": _text,
        "creditsAvailable": _amount,
        "alignment": _several(_ALIGNMENT),
        "creator": _PROFILE,
        "inLanguage": _text,
        "resultDescription": _several(
            _node("ResultDescription", required={"id": _text, "name": _text, "resultType": _text})
        ),
    },
)
_SUBJECT = _node(
    "AchievementSubject",
    required={"achievement": _ACHIEVEMENT},
    optional={
        "id": _text,
        "creditsEarned": _amount,
        "identifier": _several(
            _node(
                "IdentityObject",
                required={"hashed": _truth, "identityHash": _text, "identityType": _text},
                optional={"salt": _string},
            )
        ),
        "result": _several(_node("Result", required={}, optional={"value": _string})),
    },
)
_STATUS_ENTRY: Mapping[str, Rule] = {
    "statusPurpose": _text,
    "statusListIndex": _text,
    "statusListCredential": _text,
}
_CREDENTIAL: Mapping[str, Rule] = {
    "id": _text,
    "issuer": _issuer,
    "validFrom": _moment,
    "credentialSubject": _subject,
}
_CREDENTIAL_OPTIONS: Mapping[str, Rule] = {
    "name": _string,
    "description": _string,
    "validUntil": _moment,
    "credentialStatus": _several(_status_entry),
    "credentialSchema": _several(_node(required={"id": _text, "type": _text})),
    "evidence": _several(
        _node("Evidence", required={}, optional={"narrative": _string, "name": _string})
    ),
}
_status_list_subject = _node(
    "BitstringStatusList", required={"statusPurpose": _text, "encodedList": _text}
)
