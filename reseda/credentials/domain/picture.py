"""The badge picture, drawn by this house: a sprig of reseda, a title, a school.

Sober on purpose: it shows neither level nor arm nor place, and proves nothing by itself.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

import typst

GREEN = "#445a34"
PALE = "#8fa37c"
ROSE = "#b4506a"
PAPER = "#faf6ee"

# All lengths are in the units of a 600 by 600 drawing.
SIDE = 600
_TITLE = 34
_SCHOOL = 24
_TITLE_TOP = 385
_TITLE_WIDTH = 25
_TITLE_LINES = 3
_SCHOOL_WIDTH = 38
# The second is the one Typst carries: the PNG needs no font of the machine.
_FONTS = "Georgia, Libertinus Serif, serif"
_PAGE = f"""#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.picture), format: "svg", width: {SIDE}pt)"""


@dataclass(frozen=True)
class Badge:
    """What the picture says: the title of the recognition and the school that grants it."""

    title: str
    school: str


@dataclass(frozen=True)
class _Dot:
    x: float
    y: float
    radius: float
    colour: str


# The sprig: a stem, pairs of leaves, and a spike of small flowers that thins towards the top.
_STEM = ((300, 340), (300, 110))
_LEAVES = tuple(
    ((300, base), (300 + side * reach, base - 46), (300 + side * reach * 0.45, base - 6))
    for base, reach in ((325, 88), (285, 66))
    for side in (-1, 1)
)
_FLOWERS = (
    *(
        _Dot(300 + side * (34 - 5 * row), 246 - 25 * row, 13 - 1.6 * row, colour)
        for row in range(6)
        for side, colour in ((-1, PALE), (1, PALE if row % 2 else ROSE))
    ),
    _Dot(300, 98, 6, PALE),
)


def svg(badge: Badge) -> bytes:
    """The picture as SVG, with its title as text alternative."""
    label = escape(f"{badge.title}, {badge.school}", {'"': "&quot;"})
    title = _lines(badge.title, _TITLE_WIDTH, _TITLE_LINES)
    frame = f'viewBox="0 0 {SIDE} {SIDE}"'
    inner = f'width="{SIDE - 28}" height="{SIDE - 28}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img" aria-label="{label}">',
        f'<rect width="{SIDE}" height="{SIDE}" rx="48" fill="{PAPER}"/>',
        f'<rect x="14" y="14" {inner} rx="38" fill="none" stroke="{GREEN}" stroke-width="4"/>',
        _svg_path(_STEM, f'fill="none" stroke="{GREEN}" stroke-width="6"'),
        *(_svg_path(leaf, f'fill="{GREEN}"') for leaf in _LEAVES),
        *(
            f'<circle cx="{dot.x:g}" cy="{dot.y:g}" r="{dot.radius:g}" fill="{dot.colour}"/>'
            for dot in _FLOWERS
        ),
        *(
            _svg_text(line, _TITLE_TOP + index * 44, _TITLE, "600")
            for index, line in enumerate(title)
        ),
        *(_svg_text(line, 548, _SCHOOL, "400") for line in _lines(badge.school, _SCHOOL_WIDTH, 1)),
        "</svg>",
    ]
    return "\n".join(parts).encode()


def png(badge: Badge) -> bytes:
    """The same picture as a 600 by 600 PNG, drawn from the SVG with Typst's own fonts."""
    compiler = typst.Compiler(
        _PAGE.encode(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"picture": svg(badge).decode()},
    )
    image = compiler.compile(format="png", ppi=72)
    if not isinstance(image, bytes):
        raise TypeError("typst gave no picture")
    return image


def _lines(text: str, width: int, most: int) -> list[str]:
    """The text cut at spaces in at most so many lines of about so many letters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = f"{kept[-1][: width - 1].rstrip('…')}…"
    return kept


def _svg_path(points: tuple[tuple[float, float], ...], style: str) -> str:
    steps = " L".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path d="M{steps}" {style}/>'


def _svg_text(line: str, baseline: float, size: int, weight: str) -> str:
    return (
        f'<text x="{SIDE / 2:g}" y="{baseline:g}" text-anchor="middle" font-size="{size}"'
        f' font-family="{_FONTS}" font-weight="{weight}" fill="{GREEN}">{escape(line)}</text>'
    )
