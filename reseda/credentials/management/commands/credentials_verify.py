"""`reseda credentials verify FILE`: the verdict on a credential, in any of its carriers."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reseda.credentials import queries
from reseda.credentials.domain.dids import did_web_url
from reseda.credentials.domain.reading import MAX_JSON_BYTES, json_object
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.domain.verification import (
    MAX_BYTES,
    Verdict,
    as_document,
    issuer_id,
    read,
    verify,
)
from reseda.documents.http import Unfetchable, fetch
from reseda.ui.management.engine import BadInput, EngineCommand, read_bytes

FETCH_SECONDS = 5

# Files that are no credential at all; whatever looks like one gets a verdict instead.
NOT_A_CREDENTIAL = {
    "bad_json": gettext_lazy(
        "ce n’est pas du JSON lisible ; donnez le fichier tel qu’il a été reçu"
    ),
    "not_an_object": gettext_lazy("ce JSON n’est pas un objet ; donnez le titre lui-même"),
    "too_deep": gettext_lazy("ce JSON est imbriqué sans fin ; donnez le titre lui-même"),
    "too_large": gettext_lazy("fichier trop gros pour un titre ; donnez le titre lui-même"),
    "unknown_format": gettext_lazy("format inconnu ; donnez un titre JSON, JWT, PNG, SVG ou PDF"),
    "no_credential": gettext_lazy(
        "aucun titre dans ce fichier ; donnez l’image ou le PDF d’origine, non une copie"
    ),
}

Pages = dict[str, bytes]


class Command(EngineCommand):
    """Verify a credential with what is published by its issuer."""

    help = "Verify an Open Badges 3.0 credential: JSON, compact JWT, baked PNG or SVG, or PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and where the issuer's documents may come from."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print JSON (always the case)")
        parser.add_argument(
            "--did",
            action="append",
            default=[],
            metavar="FILE",
            help="a trusted did.json",
        )
        parser.add_argument(
            "--status", action="append", default=[], metavar="FILE", help="a signed status list"
        )
        parser.add_argument("--offline", action="store_true", help="ask no other site")

    def answer(self, **options: Any) -> tuple[dict[str, Any], bool]:
        """Return the verdict, negative when the credential is not valid."""
        data = read_bytes(options["file"], limit=MAX_BYTES)
        given, dids = _given(options["did"], options["status"])
        sources: list[Callable[[str], bytes | None]] = [given.get, resolve_locally]
        if not options["offline"]:
            sources.append(self._fetched)
        verdict = verify_from(data, sources=sources, dids=dids, now=timezone.now())
        format_check = verdict.check("format")
        if format_check.code in NOT_A_CREDENTIAL:
            place = _place(format_check.facts)
            raise BadInput(options["file"], place, NOT_A_CREDENTIAL[format_check.code])
        return as_document(verdict), verdict.is_valid

    def _fetched(self, url: str) -> bytes | None:
        """What another site publishes over https, None where it cannot be had."""
        if not url.startswith("https://"):
            return None
        self.stderr.write(_("Lecture de %(url)s") % {"url": url})
        try:
            return fetch(url, limit=MAX_JSON_BYTES, seconds=FETCH_SECONDS).body
        except Unfetchable as error:
            self.stderr.write(_("Adresse sans réponse utile (%(code)s)") % {"code": error.code})
            return None


def verify_from(
    data: bytes,
    *,
    sources: list[Callable[[str], bytes | None]],
    dids: frozenset[str],
    now: datetime,
) -> Verdict:
    """The verdict with the first source that answers; this site's own schools are trusted too."""

    @cache
    def resolve(url: str) -> bytes | None:
        answers = (source(url) for source in sources)
        return next((answer for answer in answers if answer is not None), None)

    trusted = dids | _own_school(data)
    return verify(data, resolve=resolve, now=now, trusted=trusted)


def resolve_locally(url: str) -> bytes | None:
    """What this installation publishes at an address; None without a database or a school."""
    published: Callable[[str], bytes | None] | None = getattr(queries, "resolve_locally", None)
    if published is None:
        return None
    try:
        return published(url)
    except DatabaseError:
        return None


def _own_school(data: bytes) -> frozenset[str]:
    try:
        did = issuer_id(read(data).credential)
        is_ours = resolve_locally(did_web_url(did)) is not None
    except Refusal:
        return frozenset()
    return frozenset({did}) if is_ours else frozenset()


def _given(did_files: list[str], status_files: list[str]) -> tuple[Pages, frozenset[str]]:
    """The documents given by hand, under the addresses they would be published at."""
    pages: Pages = {}
    dids = set()
    for path in did_files:
        content, did = _identified(path)
        try:
            pages[did_web_url(did)] = content
        except Refusal as refusal:
            message = _("ce n’est pas le document d’un did:web ; donnez le did.json de l’école")
            raise BadInput(path, "id", message) from refusal
        dids.add(did)
    for path in status_files:
        content, url = _identified(path)
        pages[url] = content
    return pages, frozenset(dids)


def _identified(path: str) -> tuple[bytes, str]:
    content = read_bytes(path, limit=MAX_JSON_BYTES)
    try:
        identifier = json_object(content).get("id")
    except Refusal as refusal:
        message = _("ce n’est pas un objet JSON ; donnez le document tel qu’il est publié")
        raise BadInput(path, _place(refusal.facts), message) from refusal
    if not isinstance(identifier, str):
        message = _("pas d’identifiant ; donnez le document tel qu’il est publié")
        raise BadInput(path, "id", message)
    return content, identifier


def _place(facts: Any) -> str:
    if "line" not in facts:
        return ""
    return _("ligne %(line)d, colonne %(column)d") % {
        "line": facts["line"],
        "column": facts["column"],
    }
