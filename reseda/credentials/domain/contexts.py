"""The only JSON-LD contexts this house knows: a closed list, pinned by hash, never fetched.

A context gives signed words their meaning, so a context that changes under a signature changes
what was signed. The files come with the installed package openbadgeslib and are used as data;
each must have exactly the bytes whose SHA-256 is written here. Context 3.0.3 was changed in place
by its publisher on 29 June 2026: the hash is that of the newer file.
"""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reseda.credentials.domain.refusals import Refusal

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"

OPEN_BADGES_VERSIONS = frozenset(
    f"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{version}.json" for version in (1, 2, 3)
)

PINNED: Mapping[str, tuple[str, str]] = {
    CREDENTIALS_V2: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
        "ob-v3p0-context-3.0.1.json",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
        "ob-v3p0-context-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    OPEN_BADGES: (
        "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    OPEN_BADGES_EXTENSIONS: (
        "ob-v3p0-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
    DATA_INTEGRITY_V2: (
        "security-data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    MULTIKEY_V1: (
        "security-multikey-v1.json",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    ),
}


def folder() -> Path:
    """Folder of the installed package openbadgeslib that carries the context files."""
    # The package is located, not imported: only its data files are used.
    spec = importlib.util.find_spec("openbadgeslib")
    if spec is None or not spec.submodule_search_locations:
        raise Refusal("contexts_missing", package="openbadgeslib")
    return Path(spec.submodule_search_locations[0]) / "ob3" / "contexts"


def check_bytes(url: str, content: bytes) -> None:
    """Refuse (`context_changed`) bytes that are not those pinned for this address."""
    digest = hashlib.sha256(content).hexdigest()
    if digest != PINNED[url][1]:
        raise Refusal("context_changed", url=url, sha256=digest)


@cache
def load(url: str) -> Any:
    """Content of the `@context` member published at a pinned address; anything else is refused."""
    if url not in PINNED:
        raise Refusal("unknown_context", url=url)
    content = (folder() / PINNED[url][0]).read_bytes()
    check_bytes(url, content)
    return json.loads(content)["@context"]


def addresses(value: Any) -> list[str]:
    """The context addresses a document names, in order; an inline context is refused."""
    found = value if isinstance(value, list) else [value]
    for address in found:
        if not isinstance(address, str):
            raise Refusal("inline_context")
        if address not in PINNED:
            raise Refusal("unknown_context", url=address)
    return list(found)


def inlined(document: Any) -> Any:
    """The same document with every context address replaced by the pinned content."""
    return _with(load, document)


def _with(content: Callable[[str], Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_with(content, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: [content(url) for url in addresses(item)]
        if name == "@context"
        else _with(content, item)
        for name, item in value.items()
    }


def reduced(document: Any) -> Any:
    """The same document with the pinned contexts cut down to its own words, to sign faster.

    The canonical text is the same as under the full contexts, three times sooner. Verification
    always uses the full ones: what a stranger wrote is not to choose what its words mean.
    """
    words = frozenset(_words(document))
    return _with(lambda url: _cut(url, words & _vocabulary(url)), document)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


@cache
def _vocabulary(url: str) -> frozenset[str]:
    """Every term that a pinned context defines, at any depth."""

    def defined(context: Any) -> Iterator[str]:
        for term, definition in context.items():
            yield term
            inner = definition.get("@context") if isinstance(definition, dict) else None
            if isinstance(inner, dict):
                yield from defined(inner)

    return frozenset(defined(load(url)))


# Credentials of one kind use the same words: a few dozen cut contexts serve them all.
@lru_cache(maxsize=64)
def _cut(url: str, words: frozenset[str]) -> dict[str, Any]:
    return _only(load(url), words)


def _only(context: Mapping[str, Any], words: Collection[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    named = {_identifier(context.get(word)) for word in words}
    for term, definition in context.items():
        if not (term in words or term in named or term.startswith("@") or _is_prefix(definition)):
            continue
        kept[term] = definition
        if isinstance(definition, dict) and isinstance(definition.get("@context"), dict):
            kept[term] = {**definition, "@context": _only(definition["@context"], words)}
    return kept


def _identifier(definition: Any) -> Any:
    # A term may be defined by another term of the same context.
    return definition.get("@id") if isinstance(definition, dict) else definition


def _is_prefix(definition: Any) -> bool:
    # Other definitions may be written with these: keywords' aliases and short forms of addresses.
    return isinstance(definition, str) and (definition[0] == "@" or definition[-1] in "#/:")
