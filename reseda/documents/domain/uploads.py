"""What may be uploaded: recognised by its first bytes, bounded in size, under a cleaned name."""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

MIB = 1024 * 1024
NAME_LIMIT = 120
# Office files: how many parts, how many bytes once unzipped, how many times the zipped size.
MOST_PARTS, MOST_UNZIPPED, MOST_RATIO = 5000, 100 * MIB, 200
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


@dataclass(frozen=True)
class Kind:
    """A kind of file: its code, media type, and the endings its name may have."""

    code: str
    content_type: str
    endings: tuple[str, ...]


KINDS = {
    kind.code: kind
    for kind in (
        Kind("pdf", "application/pdf", (".pdf",)),
        Kind("png", "image/png", (".png",)),
        Kind("jpeg", "image/jpeg", (".jpg", ".jpeg")),
        Kind(
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            (".docx",),
        ),
        Kind(
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)
        ),
        Kind("ics", "text/calendar", (".ics", ".ical", ".ifb")),
        Kind("csv", "text/csv", (".csv", ".tsv", ".txt")),
    )
}
PAPERS = frozenset({"pdf", "png", "jpeg"})
TABLES = frozenset({"csv", "xlsx"})
CALENDARS = frozenset({"ics"})


@dataclass(eq=False)
class RefusedUpload(Exception):
    """A file that is not kept.

    Codes: `empty`, `size` (facts `size`, `limit` in bytes), `kind` (fact `found`: a kind's code or
    nothing), `bomb` (an archive that unzips far beyond its size), `broken`, `macros`.
    """

    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


@dataclass(frozen=True)
class Upload:
    """A file that may be kept: its content, cleaned name, kind and media type."""

    data: bytes
    name: str
    kind: str

    @property
    def content_type(self) -> str:
        """The media type under which the file is given back."""
        return KINDS[self.kind].content_type


def inspect(
    data: bytes, name: str, *, allowed: Iterable[str] = PAPERS, limit: int = 10 * MIB
) -> Upload:
    """Accept a file of an allowed kind and size (`limit` in bytes), or raise `RefusedUpload`."""
    if not data.strip():
        raise RefusedUpload("empty")
    if len(data) > limit:
        raise RefusedUpload("size", {"size": len(data), "limit": limit})
    kind = recognise(data)
    if kind not in set(allowed):
        raise RefusedUpload("kind", {"found": kind})
    return Upload(data, clean_name(name, kind), kind)


def recognise(data: bytes) -> str:
    """Return the code of the kind of a content, by its bytes alone; nothing when it is none."""
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return _text(data)


def _text(data: bytes) -> str:
    """Tell a calendar from a table; a text holds no control byte but tabs and line ends."""
    start = data[: 64 * 1024]
    is_binary = any(byte < ord(" ") and byte not in b"\t\r\n\x0c" for byte in start)
    if is_binary or b"\x00" in data:
        return ""
    opening = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper()
    if opening.startswith(b"BEGIN:VCALENDAR"):
        return "ics"
    is_table = any(mark in start for mark in (b",", b";", b"\t"))
    is_page = opening.startswith((b"<", b"{\\RTF", b"#!"))
    return "csv" if is_table and not is_page else ""


def _office(data: bytes) -> str:
    """Read the directory of an archive, never its parts, and refuse what would not open safely."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError) as error:
        raise RefusedUpload("broken") from error
    unzipped = sum(part.file_size for part in parts)
    is_bomb = unzipped > MOST_UNZIPPED or unzipped > MOST_RATIO * len(data)
    if len(parts) > MOST_PARTS or is_bomb:
        raise RefusedUpload("bomb", {"unzipped": unzipped, "parts": len(parts)})
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedUpload("broken")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RefusedUpload("macros")
    return next((kind for kind, part in OFFICE.items() if part in names), "")


def clean_name(name: str, kind: str) -> str:
    """Return a name without path, control or direction marks, at most 120 characters long.

    Its ending is one of the kind's: what a file is called cannot lie about what it is.
    """
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(
        letter
        for letter in base
        if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*/'
    )
    words = " ".join(kept.split()).rstrip(". ")
    endings = KINDS[kind].endings
    stem, ending = words, endings[0]
    for known in endings:
        if words.lower().endswith(known):
            stem, ending = words[: -len(known)], known
    stem = stem.strip(". ")[: NAME_LIMIT - len(ending)].rstrip() or "document"
    return stem + ending
