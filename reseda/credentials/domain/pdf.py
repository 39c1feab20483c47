"""The annex to the diploma supplement: a PDF/A-3 and PDF/UA page, the credential attached.

Typst sets the page from bytes to bytes, with its own fonts, from the template beside this file;
the same input gives the same bytes. The page is printed in French with an English summary, as a
diploma supplement is, whatever the language of the screen.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from importlib.resources import files
from io import BytesIO

import segno
import typst

from reseda.credentials.domain.baking import ATTACHMENT_NAME, is_compact_jwt
from reseda.credentials.domain.refusals import Refusal

_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@dataclass(frozen=True)
class Row:
    """A line of the table of competencies; `code` and `level` may be empty."""

    name: str
    code: str = ""
    level: str = ""


@dataclass(frozen=True)
class Annex:
    """What the page says; `holder` is empty where the holder chose not to be named.

    `url` is the verification page and `code` the short code a person can type there.
    """

    title: str
    school: str
    description: str
    criteria: str
    issued_on: date
    url: str
    code: str
    holder: str = ""
    credits: str = ""
    competencies: tuple[Row, ...] = ()
    evidence: tuple[str, ...] = field(default=())


def render(annex: Annex, credential: str) -> bytes:
    """The annex as PDF/A-3 with the signed credential, JSON or compact JWT, attached.

    Refused with `unprintable_text` where a text holds a sign that the fonts cannot draw.
    """
    is_jwt = is_compact_jwt(credential)
    texts = asdict(annex) | {
        "issued_on": french(annex.issued_on),
        "issued_on_iso": annex.issued_on.isoformat(),
        "attachment": "credential.jwt" if is_jwt else ATTACHMENT_NAME,
        "mime": "application/vc+jwt" if is_jwt else "application/vc+ld+json",
    }
    compiler = typst.Compiler(
        files(__package__).joinpath("annex.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={
            "annex": json.dumps(texts, ensure_ascii=False),
            "credential": credential,
            "qr": qr_svg(annex.url),
        },
    )
    try:
        pages = compiler.compile(
            format="pdf",
            # Archivable with attachments and tagged (PDF/A-3a), readable aloud (PDF/UA-1).
            pdf_standards=["a-3a", "ua-1"],
            timestamp=datetime.combine(annex.issued_on, time(), UTC),
        )
    except typst.TypstError as error:
        # An archive may not hold a sign that its fonts cannot draw (an emoji, for instance).
        sign = _UNDRAWN.search(error.message)
        raise Refusal("unprintable_text", text=sign.group(1) if sign else "") from error
    if not isinstance(pages, bytes):
        raise TypeError("typst gave no document")
    return pages


def qr_svg(url: str) -> str:
    """The QR code of an address, error correction level M, as SVG."""
    written = BytesIO()
    segno.make_qr(url, error="m").save(written, kind="svg", dark="#2b2a26", border=2)
    return written.getvalue().decode()


def french(day: date) -> str:
    """A day as French writes it: `1er septembre 2026`."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"
