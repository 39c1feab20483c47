"""Addresses (URI, RFC 3986), as the description of the service wants them."""

import re
from urllib.parse import quote, urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A host may be written as an IPv6 address; elsewhere brackets are escaped.
_BRACKETED = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://\[[0-9A-Fa-f:.]+\])(.*)", re.DOTALL)
_SAFE = "%/:?#@!$&'()*+,;=-._~"


def address(text: str) -> str:
    """Return an address with all that must be escaped; "" for what is none."""
    told = _LONE_PERCENT.sub("%25", text.strip())
    if not (_SCHEME.match(told) and _has_sound_host(told)):
        return ""
    bracketed = _BRACKETED.fullmatch(told)
    start, rest = bracketed.groups() if bracketed else ("", told)
    whole, mark, fragment = rest.partition("#")
    return start + quote(whole, safe=_SAFE) + mark + quote(fragment.replace("#", "%23"), safe=_SAFE)


def _has_sound_host(text: str) -> bool:
    try:
        _port = urlsplit(text).port
    except ValueError:
        return False
    return True


def is_address(text: str) -> bool:
    """Whether a text is an address as it stands."""
    return bool(text) and address(text) == text
