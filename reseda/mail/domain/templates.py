"""Message templates: declared by rooms, rewritten by schools, filled by a minimal language.

The only construct is `{variable}`; there is no expression, attribute or loop, so that a text
written by a school can neither run code nor read anything it was not given.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LANGUAGES = ("fr", "en")
SUBJECT_LIMIT = 200
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Template:
    """A kind of message: its texts by language, and its variables with an example of each.

    `name` is what people read in the list of templates (it may be a translatable string).
    `subject` and `body` are keyed by language, `fr` and `en`.
    """

    code: str
    name: object
    subject: Mapping[str, str]
    body: Mapping[str, str]
    variables: Mapping[str, str]

    @property
    def addresses(self) -> frozenset[str]:
        """Variables whose example is an address of the site: a message without them is useless."""
        return frozenset(
            name
            for name, example in self.variables.items()
            if example.startswith(("http://", "https://"))
            and all(name in names(body) for body in self.body.values())
        )


@dataclass(frozen=True)
class Fault:
    """Why a rewritten text is refused: `unknown`, `missing` (a needed address) or `empty`.

    `variable` is the placeholder concerned, `part` is `subject` or `body`.
    """

    code: str
    part: str
    variable: str = ""


class UnfilledVariable(ValueError):
    """A message was sent without the value of a variable its text uses: an error of the caller."""


_known: dict[str, Template] = {}


def declare(template: Template) -> Template:
    """Make a template known to the house, once; its texts obey the rules of edited ones."""
    for language in LANGUAGES:
        found = faults(template, template.subject[language], template.body[language])
        if found:
            message = f"template {template.code} ({language}): {found[0]}"
            raise ValueError(message)
    if _known.setdefault(template.code, template) != template:
        message = f"two templates are called {template.code}"
        raise ValueError(message)
    return template


def get(code: str) -> Template:
    """Return a declared template, or raise `KeyError`."""
    return _known[code]


def declared() -> Iterable[Template]:
    """Return every declared template, sorted by code."""
    return tuple(_known[code] for code in sorted(_known))


def names(text: str) -> frozenset[str]:
    """Return the variables that a text uses."""
    return frozenset(PLACEHOLDER.findall(text))


def faults(template: Template, subject: str, body: str) -> list[Fault]:
    """Return what forbids these texts for this template, in the order of reading."""
    parts = (("subject", subject), ("body", body))
    found = [Fault("empty", part) for part, text in parts if not text.strip()]
    for part, text in parts:
        unknown = sorted(names(text) - set(template.variables))
        found += [Fault("unknown", part, name) for name in unknown]
    missing = sorted(template.addresses - names(body))
    return found + [Fault("missing", "body", name) for name in missing]


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put the values in their places, once: a value that looks like a variable stays as it is."""

    def place(match: re.Match[str]) -> str:
        try:
            return str(values[match[1]])
        except KeyError as error:
            raise UnfilledVariable(match[1]) from error

    return PLACEHOLDER.sub(place, text)


def fill_subject(text: str, values: Mapping[str, object]) -> str:
    """Fill a subject and make it one line of at most 200 characters: it becomes a header."""
    line = " ".join(CONTROLS.sub(" ", fill(text, values)).split())
    return line if len(line) <= SUBJECT_LIMIT else line[: SUBJECT_LIMIT - 1] + "…"


def fill_body(text: str, values: Mapping[str, object]) -> str:
    """Fill a body: plain text, Unix line ends, no control character."""
    lines = fill(text, values).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub("", lines).strip() + "\n"


def example(template: Template, subject: str, body: str) -> tuple[str, str]:
    """Fill these texts with the example values; what the template does not have stays visible."""
    unknown = {name: f"{{{name}}}" for name in names(subject + body)}
    values = unknown | dict(template.variables)
    return fill_subject(subject, values), fill_body(body, values)
