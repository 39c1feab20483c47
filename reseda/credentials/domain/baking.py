"""Carriers: a credential baked into a PNG or an SVG picture, or attached to a PDF.

PNG: one uncompressed `iTXt` chunk of keyword `openbadgecredential`. SVG: one
`<openbadges:credential>` right after `<svg>`, the JSON as character data or the JWT in its
`verify` attribute (Open Badges 3.0, section 5.3). A picture proves nothing by itself: only what
it carries is verified.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, TypeVar
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from reseda.credentials.domain.reading import MAX_JSON_BYTES
from reseda.credentials.domain.refusals import Refusal

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ATTACHMENT_NAME = "credential.json"

_Found = TypeVar("_Found", bytes, str)

_COMPACT_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_SVG_START = re.compile(rb"<svg\b[^>]*?(?=/?>)")


# Besides its own errors, pypdf lets these through on files made to confuse it.
_PDF_FAULTS: tuple[type[Exception], ...] = (
    PyPdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def is_compact_jwt(text: str) -> bool:
    """Whether a text has the form of a compact JWT: three parts between two points."""
    return _COMPACT_JWT.fullmatch(text.strip()) is not None


def bake_png(picture: bytes, credential: str) -> bytes:
    """The same PNG carrying the credential, right after its header; an older one is replaced."""
    baked = [PNG_SIGNATURE]
    text = KEYWORD + b"\0\0\0\0\0" + credential.encode()
    for kind, content in _chunks(picture):
        if kind == b"iTXt" and content.split(b"\0", 1)[0] == KEYWORD:
            continue
        baked.append(_chunk(kind, content))
        if kind == b"IHDR":
            baked.append(_chunk(b"iTXt", text))
    return b"".join(baked)


def unbake_png(picture: bytes) -> str:
    """The credential a PNG carries; refused with `bad_png`, `no_credential` or several of them."""
    found = [
        content.split(b"\0", 1)[1]
        for kind, content in _chunks(picture)
        if kind == b"iTXt" and content.split(b"\0", 1)[0] == KEYWORD and b"\0" in content
    ]
    text = _only(found)
    if text[:1] != b"\0":
        raise Refusal("bad_png", reason="compressed")
    # Compression flag and method, language and translated keyword come before the text.
    parts = text[2:].split(b"\0", 2)
    if len(parts) != 3:  # noqa: PLR2004 - the three parts named above
        raise Refusal("bad_png", reason="chunk")
    return _decoded(parts[2])


def bake_svg(picture: bytes, credential: str) -> bytes:
    """The same SVG carrying the credential, JSON or compact JWT."""
    if b"openbadges:credential" in picture:
        raise Refusal("bad_svg", reason="already_baked")
    start = _SVG_START.search(picture)
    if start is None or picture[start.end() : start.end() + 1] != b">":
        raise Refusal("bad_svg", reason="no_svg_element")
    if is_compact_jwt(credential):
        element = f"<openbadges:credential verify={quoteattr(credential)}/>"
    else:
        # "]]>" can only stand inside a JSON string, where ">" may be escaped.
        data = credential.replace("]]>", "]]\\u003e")
        element = f"<openbadges:credential><![CDATA[{data}]]></openbadges:credential>"
    head, rest = picture[: start.end()], picture[start.end() + 1 :]
    return head + f' xmlns:openbadges="{NAMESPACE}">{element}'.encode() + rest


def unbake_svg(picture: bytes) -> str:
    """The credential an SVG carries; refused with `bad_svg`, `no_credential` or several."""
    reader = _SvgReader()
    try:
        reader.parser.Parse(picture, True)
    except expat.ExpatError as error:
        raise Refusal("bad_svg", line=error.lineno, column=error.offset) from error
    return _only([text.strip() for text in reader.found])


def attached(document: bytes) -> str:
    """The credential attached to a PDF; refused with `bad_pdf`, `no_credential` or several.

    What the PDF's pages say is not read: only the attachment is signed.
    """
    try:
        reader = PdfReader(BytesIO(document))
        files = [content for name in reader.attachments for content in reader.attachments[name]]
    except _PDF_FAULTS as error:
        raise Refusal("bad_pdf", reason=type(error).__name__) from error
    return _only([_decoded(content) for content in files if _may_be_credential(content)])


class _SvgReader:
    """Collects the credential elements; a document type, hence any entity, is refused."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._is_inside = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_: Any) -> None:
        raise Refusal("bad_svg", reason="doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{NAMESPACE} credential":
            self._is_inside = True
            self.found.append(attributes.get("verify", ""))

    def _end(self, name: str) -> None:
        if name == f"{NAMESPACE} credential":
            self._is_inside = False

    def _text(self, text: str) -> None:
        if self._is_inside:
            self.found[-1] += text


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not picture.startswith(PNG_SIGNATURE):
        raise Refusal("bad_png", reason="signature")
    position, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        size = int.from_bytes(picture[position : position + 4])
        kind = picture[position + 4 : position + 8]
        content = picture[position + 8 : position + 8 + size]
        if picture[position : position + size + 12] != _chunk(kind, content):
            raise Refusal("bad_png", reason="chunk", position=position)
        yield kind, content
        position += size + 12


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _may_be_credential(content: bytes) -> bool:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        return b'"VerifiableCredential"' in content
    return start == b"e" and is_compact_jwt(_decoded(content))


def _only(found: list[_Found]) -> _Found:
    if not found:
        raise Refusal("no_credential")
    if len(found) > 1:
        raise Refusal("several_credentials", count=len(found))
    return found[0]


def _decoded(content: bytes) -> str:
    if len(content) > MAX_JSON_BYTES:
        raise Refusal("too_large", limit=MAX_JSON_BYTES)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Refusal("bad_json", position=error.start) from error
