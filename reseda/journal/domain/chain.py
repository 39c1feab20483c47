"""Hash chain over entries: each digest covers its entry and the digest before it.

The construction is the linear linking of Haber and Stornetta, "How to time-stamp a digital
document" (J. Cryptology, 1991): rewriting one entry changes every digest after it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One entry as the chain sees it; `content` is its JSON-able matter, without its own digest."""

    number: int
    content: dict[str, object]
    previous: str
    digest: str


@dataclass(frozen=True)
class Fault:
    """A place where the chain breaks: `code` is `gap`, `previous` or `digest`."""

    number: int
    code: str


def digest(previous: str, content: dict[str, object]) -> str:
    """Return the SHA-256, in hexadecimal, of the previous digest and the canonical JSON of the
    content.
    """
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def faults(links: Iterable[Link]) -> Iterator[Fault]:
    """Yield every place where numbers skip, a link is cut, or a content no longer matches its
    digest.
    """
    previous, number = GENESIS, 0
    for link in links:
        if link.number != number + 1:
            yield Fault(link.number, "gap")
        elif link.previous != previous:
            yield Fault(link.number, "previous")
        if digest(link.previous, link.content) != link.digest:
            yield Fault(link.number, "digest")
        previous, number = link.digest, link.number
