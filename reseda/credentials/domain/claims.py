"""What a credential says, in the words a page shows; what it does not say stays empty.

Reads any Open Badges 3.0 credential, ours or not, and never fails: what has another form than the
standard’s is left out. A claim is worth what the verdict on its document is worth.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reseda.credentials.domain.moments import parsed
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.domain.verification import issuer_id

# A page shows what a person reads, not what a stranger could stuff into a file.
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}")
LONGEST = 2000
MOST = 40


@dataclass(frozen=True)
class Skill:
    """A competency recognised; `rank` of `size` is the level on its scale, 0 where there is none.

    `level` is the level in words, empty where the school does not grade.
    """

    name: str
    code: str = ""
    framework: str = ""
    level: str = ""
    rank: int = 0
    size: int = 0

    @property
    def rungs(self) -> tuple[bool, ...]:
        """The levels of the scale, lowest first: reached or not."""
        return tuple(place <= self.rank for place in range(1, self.size + 1))


@dataclass(frozen=True)
class Claims:
    """What is recognised, by whom, since when; `credits` are ECTS, 0 for none."""

    id: str
    title: str
    description: str
    criteria: str
    issuer: str
    issuer_name: str
    issued_at: datetime | None
    ends_at: datetime | None
    language: str
    credits: float
    skills: tuple[Skill, ...]
    narratives: tuple[str, ...]


def claims(credential: Mapping[str, Any]) -> Claims:
    """Return what a credential says."""
    subject = _object(credential.get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    return Claims(
        id=_text(credential.get("id")),
        title=_text(achievement.get("name")) or _text(credential.get("name")),
        description=_text(achievement.get("description")),
        criteria=_text(_object(achievement.get("criteria")).get("narrative")),
        issuer=issuer_id(credential)[:LONGEST],
        issuer_name=_text(_object(credential.get("issuer")).get("name")),
        issued_at=_moment(credential.get("validFrom")),
        ends_at=_moment(credential.get("validUntil")),
        language=_language(achievement.get("inLanguage")),
        credits=_number(achievement.get("creditsAvailable")),
        skills=tuple(_skills(achievement, _levels(subject))),
        narratives=tuple(
            text
            for text in (_text(one.get("narrative")) for one in _objects(credential, "evidence"))
            if text
        ),
    )


def status_place(credential: Mapping[str, Any]) -> tuple[str, str]:
    """Return the list and the index of the revocation bit, empty where there is none."""
    entry = _object(credential.get("credentialStatus"))
    return _text(entry.get("statusListCredential")), _text(entry.get("statusListIndex"))


def _skills(achievement: Mapping[str, Any], levels: Mapping[str, str]) -> Iterator[Skill]:
    graded = {
        _text(one.get("name")): (levels.get(_text(one.get("id")), ""), one.get("allowedValue"))
        for one in _objects(achievement, "resultDescription")
    }
    for alignment in _objects(achievement, "alignment"):
        name = _text(alignment.get("targetName"))
        if not name:
            continue
        level, scale = graded.get(name, ("", []))
        steps = [step for step in scale if isinstance(step, str)] if isinstance(scale, list) else []
        is_placed = level in steps and len(steps) <= MOST
        yield Skill(
            name=name,
            code=_text(alignment.get("targetCode")),
            framework=_text(alignment.get("targetFramework")),
            level=level,
            rank=steps.index(level) + 1 if is_placed else 0,
            size=len(steps) if is_placed else 0,
        )


def _levels(subject: Mapping[str, Any]) -> dict[str, str]:
    return {
        _text(result.get("resultDescription")): _text(result.get("value"))
        for result in _objects(subject, "result")
    }


def _objects(node: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = node.get(name)
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict)][:MOST]


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value < LONGEST else 0.0


def _moment(value: Any) -> datetime | None:
    try:
        return parsed(value)
    except Refusal:
        return None


def _language(value: Any) -> str:
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else ""
