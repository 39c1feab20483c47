"""How pages say and draw what a pair of items is to one another, and where it stands."""

from collections.abc import Mapping, Sequence

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reseda.competencies.models import CrosswalkVersion, Item

register = template.Library()

Said = str | Promise

UNDECIDED, CONFLICT = "", "conflict"
WORDS: Mapping[str, Said] = {
    UNDECIDED: gettext_lazy("à examiner"),
    CONFLICT: gettext_lazy("avis opposés"),
    "total": gettext_lazy("convergente, totale"),
    "partial": gettext_lazy("convergente, partielle"),
    "complementary": gettext_lazy("complémentaire"),
    "none": gettext_lazy("aucune correspondance"),
}
# One sign each, so that colour never speaks alone.
LETTERS: Mapping[str, str] = {
    UNDECIDED: "·",
    CONFLICT: "!",
    "total": "T",
    "partial": "P",
    "complementary": "C",
    "none": "–",
}
SHARES: Mapping[int, Said] = {
    25: gettext_lazy("un quart"),
    50: gettext_lazy("la moitié"),
    75: gettext_lazy("les trois quarts"),
}
# The arc of a disc of radius 9 around 12, 12: from the top, clockwise.
PIES: Mapping[int, str] = {
    25: "M12 12V3a9 9 0 0 1 9 9Z",
    50: "M12 12V3a9 9 0 0 1 0 18Z",
    75: "M12 12V3a9 9 0 1 1-9 9Z",
}
STATES: Mapping[str, tuple[str, str, Said]] = {
    "proposed": ("wait", "hourglass", gettext_lazy("second avis attendu")),
    "agreed": ("ok", "check", gettext_lazy("d’accord")),
    "conflict": ("stop", "triangle-alert", gettext_lazy("avis opposés")),
    "settled": ("info", "gavel", gettext_lazy("tranchée")),
}
BANDS: Mapping[str, tuple[int, Said]] = {
    "strong": (3, gettext_lazy("piste sérieuse")),
    "possible": (2, gettext_lazy("piste possible")),
    "weak": (1, gettext_lazy("piste faible")),
}
STATUSES: Mapping[str, tuple[str, str, Said]] = {
    "draft": ("wait", "pencil", pgettext_lazy("crosswalk", "En cours de relecture")),
    "published": ("ok", "lock", pgettext_lazy("crosswalk", "Publiée")),
    "retired": ("quiet", "archive", pgettext_lazy("crosswalk", "Retirée")),
}


@register.inclusion_tag("competencies/crosswalk_mark.html")
def mark(relation: str, coverage: int | None = None, size: int = 24) -> dict[str, object]:
    """Draw what a pair is: a full disc, its quarters, a dashed ring, a dash, a warning, a dot."""
    return {"relation": relation, "pie": PIES.get(coverage or 0, ""), "size": size}


@register.filter
def letter(relation: str) -> str:
    """Return the sign of a relation: T, P, C, – ; ! for a conflict, · for nothing yet."""
    return LETTERS.get(relation, "")


def judgement_words(relation: str, coverage: int | None = None, is_within: bool = False) -> str:
    """Say a relation in full: « convergente, partielle, la moitié, contenue tout entière »."""
    said = [str(WORDS.get(relation, ""))]
    if coverage:
        said.append(str(SHARES[coverage]))
    if is_within:
        said.append(_("contenue tout entière"))
    return ", ".join(said)


@register.filter
def judged(opinion: object) -> str:
    """Say what a review, a mapping or a cell tells of a pair."""
    return judgement_words(
        getattr(opinion, "relation", "") or UNDECIDED,
        getattr(opinion, "coverage", None),
        bool(getattr(opinion, "is_within", False)),
    )


@register.inclusion_tag("ui/pill.html")
def state_pill(state: str) -> dict[str, object]:
    """Where a pair stands: colour, pictogram and word."""
    tone, icon, text = STATES.get(state, ("quiet", "circle-dashed", WORDS[UNDECIDED]))
    return {"tone": tone, "text": text, "icon": icon}


@register.filter
def cell_words(cell: object) -> str:
    """Say all that a drawn cell shows: relation, state, strength of the suggestion."""
    relation = getattr(cell, "relation", "")
    parts = (
        judged(cell),
        state_word(getattr(cell, "state", "")) if relation != CONFLICT else "",
        band_word(getattr(cell, "band", "")) if not relation else "",
    )
    return "\N{NO-BREAK SPACE}; ".join(part for part in parts if part)


@register.filter
def state_word(state: str) -> str:
    """Say where a pair stands, nothing where nobody looked."""
    return str(STATES[state][2]) if state in STATES else ""


@register.inclusion_tag("ui/pill.html")
def version_pill(version: CrosswalkVersion) -> dict[str, object]:
    """Say where a version stands: colour, pictogram and word."""
    tone, icon, text = STATUSES[version.status]
    return {"tone": tone, "text": text, "icon": icon}


@register.inclusion_tag("competencies/crosswalk_band.html")
def band(strength: str, with_word: bool = False) -> dict[str, object]:
    """Draw how strong a suggestion is, as one to three bars; never a figure."""
    height, word = BANDS[strength]
    return {"bars": range(height), "strength": strength, "word": word, "with_word": with_word}


@register.filter
def band_word(strength: str) -> str:
    """Say how strong a suggestion is."""
    return str(BANDS[strength][1]) if strength in BANDS else ""


@register.filter
def marked(text: str, words: Sequence[str]) -> SafeString:
    """Mark in a wording the words that a suggestion shares with the other side."""
    wanted = {word.casefold() for word in words}
    parts = []
    for piece in text.split(" "):
        bare = piece.strip("«»“”\"'.,;:!?()\N{NO-BREAK SPACE}").casefold()
        tails = {bare, bare.rpartition("’")[2], bare.rpartition("'")[2]}
        shape = "<mark>{}</mark>" if tails & wanted else "{}"
        parts.append((format_html(shape, piece),))
    return format_html_join(" ", "{}", parts)


@register.filter
def kinds_said(codes: str) -> str:
    """Say kinds of items kept as codes between commas."""
    labels = dict(Item.Kind.choices)
    return ", ".join(str(labels[code]) for code in codes.split(",") if code in labels)
