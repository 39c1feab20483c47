"""What a statement is made of: content words, their families, and the letters they share.

A family joins a verb with its nouns (installer, installation, installateur), which a stemmer of
inflections keeps apart; it is coarse on purpose, since scores are made of several readings.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

FRENCH, ENGLISH = "fr", "en"
WORD = re.compile(r"[^\W_]+")
GRAMS = (3, 4, 5)
KEPT = 3
LONG = 4


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EMPTY = {
    FRENCH: _list(
        "le la les l de des du d un une et en a au aux pour par sur dans avec sans son sa ses leur"
        " leurs ce cette ces qui que quoi dont ou ne pas se s il elle on nous vous ils elles est"
        " sont etre avoir plus moins afin ainsi entre selon sous vers chez lors etc si y notre"
        " votre tout tous toute toutes c n qu m t j"
    ),
    ENGLISH: _list(
        "the a an of to and in on for with without by from at as is are be been being it its this"
        " that these those their his her they he she we you your our or not no nor so such than"
        " then there which who whom whose what when where while into onto within between about"
        " under over per via can may must should will would has have had do does did all any each"
        " both other others etc if also more most s t"
    ),
}
# Small words that one of the two languages alone has: enough to tell them apart.
_SIGNS = {
    FRENCH: _list("le la les des du une et pour dans aux sur avec par est ou en de"),
    ENGLISH: _list("the of and to for with in by from or is are on an as that"),
}
_SUFFIXES = {
    FRENCH: (
        "issement issements issants issante issant isation isateur isatrice isante isant iser"
        " ication icateur ificatrice ification ificateur ifier ations ation ateurs ateur atrices"
        " atrice ition itions iteur itrice ution ements ement ments ment ages age eures eure eurs"
        " eur euses euse rices rice istes iste isme ances ance ences ence antes ante ants ant"
        " entes ente ents ent ir er ees ee es e ures ure ables able ibles ible ites ite ivite ives"
        " ive ifs if iver al ales ale aux aires aire iques ique iels iel ielles ielle el elles elle"
        " eux iens ien iennes ienne ie tions tion sions sion tif tive oires oire oir re ise"
    ),
    ENGLISH: (
        "izations ization isations isation izing ising izes ises ized ised izer iser ize ise"
        " ifications ification ifying ified ifies ify ations ation ators ator ative atives ating"
        " ated ates ate itions ition ments ment ingly ings ing edly ed ers er ors or ies ied y"
        " ances ance ences ence ants ant ents ent ables able ibles ible ities ity ives ive als al"
        " ically ical ic ics ships ship ness less fully ful ously ous ions ion ages age es e s ly"
    ),
}
_LONGEST_FIRST = {
    language: tuple(sorted(found.split(), key=lambda suffix: (-len(suffix), suffix)))
    for language, found in _SUFFIXES.items()
}


def fold(text: str) -> str:
    """Write a text in small letters without accents."""
    flat = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order; punctuation and controls are left out."""
    return WORD.findall(fold(text))


def language(texts: Iterable[Sequence[str]]) -> str:
    """Tell French from English, given the words of texts, by the small words that only one of them
    has; French if in doubt.
    """
    french = english = 0
    for text in texts:
        french += sum(word in _SIGNS[FRENCH] for word in text)
        english += sum(word in _SIGNS[ENGLISH] for word in text)
    return ENGLISH if english > french else FRENCH


def content(text: Sequence[str], tongue: str) -> list[str]:
    """Those of the words of a text that carry meaning, in their order."""
    empty = _EMPTY[tongue]
    return [word for word in text if len(word) > 1 and word not in empty]


def read(texts: Iterable[str]) -> tuple[str, list[list[str]]]:
    """The language of a list of texts, and the words of each that carry meaning."""
    found = [words(text) for text in texts]
    tongue = language(found)
    return tongue, [content(text, tongue) for text in found]


@lru_cache(maxsize=65_536)
def family(word: str, tongue: str) -> str:
    """The trunk that a folded word shares with the verb, the noun and the agent of its family."""
    trunk = word[:-1] if len(word) > LONG and word[-1] in "sx" else word
    for suffix in _LONGEST_FIRST[tongue]:
        if trunk.endswith(suffix) and len(trunk) - len(suffix) >= KEPT:
            trunk = trunk[: -len(suffix)]
            break
    if len(trunk) <= KEPT:
        return trunk
    trunk = trunk.rstrip("e") or trunk
    if len(trunk) > KEPT and trunk[-1] == trunk[-2]:
        trunk = trunk[:-1]
    if trunk.endswith("iqu"):
        trunk = trunk[:-KEPT] if len(trunk) > 2 * KEPT else trunk
    # The last letter often changes inside a family: conduire, conducteur; produire, production.
    return trunk[:-1] + trunk[-1].replace("q", "c") if len(trunk) > KEPT else trunk


def families(words: Sequence[str], tongue: str) -> list[str]:
    """The families of content words, in their order."""
    return [family(word, tongue) for word in words]


@lru_cache(maxsize=16_384)
def _grams(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[start : start + size]
        for size in GRAMS
        for start in range(max(len(padded) - size + 1, 0))
    )


def grams(words: Sequence[str]) -> list[str]:
    """Every run of three to five letters inside the words, their borders marked by a space."""
    return [gram for word in words for gram in _grams(word)]
