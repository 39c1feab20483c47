import re
from itertools import product
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[1] / "static/ui/reseda.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\);", CSS))
GROUNDS = ("paper", "surface", "sunken")
TEXT = [
    *product(("ink", "ink-2", "reseda", "rose", "ochre", "blue"), GROUNDS),
    *((word, f"{word}-soft") for word in ("reseda", "rose", "ochre", "blue")),
    *product(("ink",), ("reseda-soft", "rose-soft", "ochre-soft", "blue-soft")),
    ("reseda-ink", "reseda"),
]
DRAWN = [*product(("edge", "reseda-2", "rose"), GROUNDS), ("reseda-2", "reseda-soft")]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def colours(token):
    return TOKENS[token].split(", ")


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_read_at_four_and_a_half_to_one_in_both_themes(ink, ground):
    for text, behind in zip(colours(ink), colours(ground), strict=True):
        assert contrast(text, behind) >= 4.5, (text, behind)


@pytest.mark.parametrize(("ink", "ground"), DRAWN)
def test_edges_and_pictures_are_seen_at_three_to_one_in_both_themes(ink, ground):
    for line, behind in zip(colours(ink), colours(ground), strict=True):
        assert contrast(line, behind) >= 3, (line, behind)


def test_the_measure_itself_tells_black_on_white_from_grey_on_grey():
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert contrast("#777777", "#787878") < 1.1
