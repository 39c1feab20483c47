"""A credential as a file: the signed text, the badge that carries it, the annex to read."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from reseda.credentials.domain import baking, pdf, picture
from reseda.credentials.domain.claims import Claims, claims
from reseda.credentials.models import Credential
from reseda.credentials.queries.presented import documents_bytes


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, and whether it draws what the document says.

    A drawing repeats in ink what only the signature proves: it is refused to a document that does
    not hold.
    """

    media_type: str
    is_drawn: bool


# Open Badges 3.0 asks for these media types; a JWT is plain text.
KINDS: Mapping[str, Kind] = {
    "json": Kind("application/vc+ld+json", is_drawn=False),
    "jwt": Kind("text/plain; charset=utf-8", is_drawn=False),
    "png": Kind("image/png", is_drawn=True),
    "svg": Kind("image/svg+xml", is_drawn=True),
    "pdf": Kind("application/pdf", is_drawn=True),
}


def page_url(key: uuid.UUID) -> str:
    """Return the full address of the public page of a credential."""
    return f"{settings.PUBLIC_URL}{reverse('credentials:show_credential', args=[key])}"


def file_of(credential: Credential, kind: str, *, names_holder: bool) -> bytes:
    """Return the credential as one of `KINDS`.

    The annex (PDF) names its holder only when asked; it is refused (`unprintable_text`) where a
    sign has no drawing in the fonts of an archive.
    """
    text = documents_bytes(credential.document).decode()
    made: dict[str, Callable[[], bytes]] = {
        "json": text.encode,
        "jwt": credential.token.encode,
        "png": lambda: baking.bake_png(picture.png(badge(credential)), text),
        "svg": lambda: baking.bake_svg(picture.svg(badge(credential)), text),
        "pdf": lambda: pdf.render(_annex(credential, names_holder=names_holder), text),
    }
    return made[kind]()


def badge(credential: Credential) -> picture.Badge:
    """Return what the picture of a credential says."""
    said = claims(credential.document)
    return picture.Badge(said.title, said.issuer_name)


def _annex(credential: Credential, *, names_holder: bool) -> pdf.Annex:
    said = claims(credential.document)
    return pdf.Annex(
        title=said.title,
        school=said.issuer_name,
        description=said.description,
        criteria=said.criteria,
        issued_on=timezone.localdate(said.issued_at or credential.issued_at),
        url=page_url(credential.pk),
        code=credential.code,
        holder=str(credential.holder) if names_holder else "",
        credits=f"{said.credits:g}".replace(".", ",") if said.credits else "",
        competencies=_rows(said),
        evidence=said.narratives,
    )


def _rows(said: Claims) -> tuple[pdf.Row, ...]:
    return tuple(pdf.Row(skill.name, skill.code, skill.level) for skill in said.skills)
