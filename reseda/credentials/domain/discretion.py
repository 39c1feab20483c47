"""The words that would tell that a recognition comes from the reserve.

A credential goes to anybody its holder chooses, for life: being a reservist is not to be read in
it. The list is that of words which say nothing else; a word with an ordinary meaning stays.
"""

import re

_TELLING = re.compile(
    r"\b(?:milita\w+|réservis\w+|arm(?:ée|y)\w*|gendarm\w+|régiment\w*|soldat\w*|caserne\w*|"
    r"garde nationale|national guard|réserve (?:opérationnelle|citoyenne)|"
    r"marine nationale|police nationale|convocation\w*)",
    re.IGNORECASE,
)


def telling_word(text: str) -> str:
    """Return the first word of a text that tells of the reserve, empty where none does."""
    found = _TELLING.search(text)
    return found.group() if found else ""
