"""The credentials of somebody, those of a school, and what a decision suggests to write."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reseda.credentials.domain.claims import Claims, claims
from reseda.credentials.models import Credential
from reseda.credentials.permissions import FOLLOW_DECISION, SHARE_CREDENTIAL
from reseda.people.policy import Viewer
from reseda.recognition.models import Decision
from reseda.recognition.queries import decision_levels, with_levels

TO_ISSUE = Q(credential__isnull=True)
ISSUED = Q(credential__isnull=False, credential__revoked_at__isnull=True)
REVOKED = Q(credential__revoked_at__isnull=False)

# What still reads as a title on a badge and in a list.
TITLE_LENGTH = 100
# A credential has one language, that of the school.
LANGUAGE = "fr"


@dataclass(frozen=True)
class Held:
    """A credential and what its signed document says."""

    credential: Credential
    claims: Claims


def held(viewer: Viewer) -> list[Held]:
    """Return the credentials of the viewer, latest first (one query)."""
    rows = SHARE_CREDENTIAL.rows(viewer).order_by("-issued_at", "pk")
    return [Held(row, claims(row.document)) for row in rows]


def followed(viewer: Viewer) -> QuerySet[Decision]:
    """Return the validated decisions whose credential the viewer follows, issued or not."""
    rows = FOLLOW_DECISION.rows(viewer).filter(outcome=Decision.Outcome.VALIDATED)
    return rows.select_related("file__person", "file__programme", "credential")


def proposal(decision: Decision) -> tuple[str, str]:
    """Return a title and a description made of what the jury recognised, for somebody to better."""
    levels = decision_levels(with_levels(Decision.objects.filter(pk=decision.pk)).get())
    names = [item.statement.strip().rstrip(".") for item, _level in levels]
    with override(LANGUAGE):
        if not names:
            return _("Engagement reconnu par l’école"), ""
        title = _joined([names[0], *(_lowered(name) for name in names[1:])])
        if len(title) > TITLE_LENGTH:
            title = _shortened(names)
        description = _(
            "Avoir su, en situation réelle : %(names)s. Niveaux évalués sur preuves et décidés "
            "par un jury de l’école."
        ) % {"names": _joined([_lowered(name) for name in names])}
    return title, description


def _joined(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(first)s et %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _shortened(names: list[str]) -> str:
    first = names[0] if len(names[0]) <= TITLE_LENGTH else f"{names[0][: TITLE_LENGTH - 1]}…"
    others = len(names) - 1
    if not others:
        return first
    return ngettext(
        "%(first)s, et une autre compétence", "%(first)s, et %(n)d autres compétences", others
    ) % {"first": first, "n": others}


def _lowered(name: str) -> str:
    """Lower a first letter, unless the word is an acronym."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
