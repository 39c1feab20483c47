"""Somebody at a browser: follows the links and sends the forms that a page shows, nothing else.

The journeys call no address by its name in the code: what this visitor cannot find on the page, a
person would not find either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

Element = html.HtmlElement
UNTYPED = {"hidden", "submit", "button", "reset", "image", "file"}


class NotOnThePage(AssertionError):
    """A link, a button or a field that a person would look for in vain."""


def said(element: Element) -> str:
    """The text of an element as it is read, spaces of any kind made plain."""
    return " ".join(element.text_content().split())


@dataclass(frozen=True)
class Attached:
    """A file chosen in a form."""

    name: str
    data: bytes
    content_type: str = "application/octet-stream"


class Visitor:
    """A browser without JavaScript, with its cookies, on one page at a time."""

    def __init__(self, client: Client):
        self.client = client
        self.address = "/"
        self.status = 0
        self.page: Element = html.fromstring("<html></html>")

    def open(self, address: str, status: int = 200) -> "Visitor":
        """Type an address, or click it in a letter."""
        return self._land(self.client.get(address, follow=True), status)

    def _land(self, answer, status: int | None) -> "Visitor":
        self.status = answer.status_code
        request = answer.request
        query = f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else ""
        self.address = request["PATH_INFO"] + query
        self.answer = answer
        if answer["Content-Type"].startswith("text/html"):
            self.page = html.fromstring(answer.content.decode())
        is_expected = status in (None, answer.status_code)
        assert is_expected, (self.address, answer.status_code, self.main[:2000])
        return self

    # --- What is read

    @property
    def main(self) -> str:
        """What the page itself says, navigation left out."""
        found = self.page.xpath("//main") or [self.page]
        return said(found[0])

    @property
    def told(self) -> str:
        """What the page says of the last gesture."""
        return " ".join(said(one) for one in self.page.xpath("//*[contains(@class,'messages')]"))

    @property
    def title(self) -> str:
        """The title at the top of the page."""
        return said(self.page.xpath("//h1")[0])

    def reads(self, *texts: str) -> "Visitor":
        """Read each of these on the page itself."""
        for text in texts:
            if " ".join(text.split()) not in self.main:
                raise NotOnThePage(f"« {text} » is not on {self.address}: {self.main[:3000]}")
        return self

    def thread(self) -> dict[str, str]:
        """The stages of the thread that the page shows: name -> address ('' without a page)."""
        steps = self.page.xpath("//ol[@class='thread']/li")
        return {
            said(step.xpath(".//*[@class='step-label']")[0]): next(
                iter(step.xpath(".//a[@class='step-label']/@href")), ""
            )
            for step in steps
        }

    def states(self) -> dict[str, str]:
        """The state of each stage of the thread: name -> done, now, next, stop."""
        steps = self.page.xpath("//ol[@class='thread']/li")
        return {
            said(step.xpath(".//*[@class='step-label']")[0]): step.get("class").split()[-1]
            for step in steps
        }

    # --- What is done

    def click(self, words: str, near: str = "") -> "Visitor":
        """Follow the link that says these words; `near` is said by the row or card around it."""
        links = [one for one in self.page.xpath("//a[@href]") if words in said(one)]
        links = [one for one in links if _is_near(one, near)]
        found = dict.fromkeys(urljoin(self.address, one.get("href")) for one in links)
        if len(found) != 1:
            raise NotOnThePage(f"{len(found)} links say « {words} » on {self.address}: {[*found]}")
        return self.open(next(iter(found)))

    def has_link(self, words: str) -> bool:
        """Tell whether a link says these words."""
        return any(words in said(one) for one in self.page.xpath("//a[@href]"))

    def has_button(self, words: str) -> bool:
        """Tell whether a button says these words."""
        return any(words in said(one) for one in self.page.xpath("//button"))

    def form(self, button: str, near: str = "") -> tuple[Element, Element]:
        """Find the form that a button sends, and that button."""
        buttons = [
            one
            for one in self.page.xpath("//button[not(@type) or @type='submit']")
            if _owner(one) is not None and button in said(one) and _is_near(one, near)
        ]
        if len(buttons) != 1:
            said_there = [said(one) for one in self.page.xpath("//button")]
            raise NotOnThePage(
                f"{len(buttons)} buttons say « {button} » on {self.address}: {said_there}"
            )
        return _owner(buttons[0]), buttons[0]

    def named(self, start: str) -> list[str]:
        """The names of the fields of the page that start so, in order."""
        names = self.page.xpath(f"//main//*[starts-with(@name, '{start}')]/@name")
        return [*dict.fromkeys(names)]

    def offered(self, button: str, name: str, near: str = "") -> dict[str, str]:
        """What a form lets one choose in a field: value -> label."""
        form, _button = self.form(button, near)
        found = {
            one.get("value"): said(one) for one in form.xpath(f".//select[@name='{name}']//option")
        }
        for one in form.xpath(f".//input[@name='{name}']"):
            labels = form.xpath(f".//label[@for='{one.get('id')}']")
            found[one.get("value")] = said(labels[0]) if labels else ""
        return found

    def send(self, button: str, *, near: str = "", status: int | None = 200, **given) -> "Visitor":
        """Fill the form of a button, press it, and go where that leads.

        Fields are called by the names that the form gives them; what is not filled is sent as the
        page shows it, as browsers do. Without a status, any answer will do.
        """
        form, pressed = self.form(button, near)
        data = dict(_shown(form))
        for name, value in given.items():
            data[name] = _typed(form, name, value)
        if pressed.get("name"):
            data[pressed.get("name")] = [pressed.get("value", "")]
        target = urljoin(self.address, pressed.get("formaction") or form.get("action") or "")
        target = target.partition("#")[0]
        if form.get("method", "get").lower() == "get":
            return self._land(self.client.get(target, data, follow=True), status)
        return self._land(self.client.post(target, data, follow=True), status)


def _owner(button: Element) -> Element | None:
    """The form that a button sends: the one it names, else the one around it."""
    named = button.get("form")
    around = button.iterancestors("form")
    found = button.getroottree().xpath("//form[@id=$name]", name=named) if named else around
    return next(iter(found), None)


def _is_near(element: Element, words: str) -> bool:
    if not words:
        return True
    # The innermost row or item; the card around tells its other rows too.
    rows = element.xpath("(ancestor::tr | ancestor::li | ancestor::article)[last()]")
    around = rows or element.xpath("ancestor::section")
    return any(words in said(one) for one in around)


def _shown(form: Element) -> Iterator[tuple[str, list[str]]]:
    """The values that a form sends untouched."""
    values: dict[str, list[str]] = {}
    for one in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        if one.get("disabled") is not None or one.xpath("ancestor::fieldset[@disabled]"):
            continue
        for value in _value(one):
            values.setdefault(one.get("name"), []).append(value)
    yield from values.items()


def _value(one: Element) -> list[str]:
    if one.tag == "textarea":
        return [one.text_content().lstrip("\n")]
    if one.tag == "select":
        options = one.xpath(".//option")
        chosen = [o for o in options if o.get("selected") is not None]
        if not chosen and one.get("multiple") is None:
            chosen = options[:1]
        return [o.get("value", "") for o in chosen]
    kind = one.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return [one.get("value", "on")] if one.get("checked") is not None else []
    return [] if kind in UNTYPED - {"hidden"} else [one.get("value", "")]


def _typed(form: Element, name: str, value) -> list:
    """Check that a person could give this value in this form."""
    fields = form.xpath(f".//*[@name='{name}']")
    if not fields or any(one.xpath("ancestor::fieldset[@disabled]") for one in fields):
        raise NotOnThePage(f"no field « {name} » to fill")
    if isinstance(value, Attached):
        assert fields[0].get("type") == "file", name
        assert form.get("enctype") == "multipart/form-data", "a file would not be sent"
        return [SimpleUploadedFile(value.name, value.data, value.content_type)]
    values = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    kind = fields[0].get("type", "text") if fields[0].tag == "input" else fields[0].tag
    if kind == "hidden":
        raise NotOnThePage(f"« {name} » is hidden: nobody fills it")
    if kind in {"checkbox", "radio"}:
        choices = {one.get("value", "on") for one in fields}
    elif kind == "select":
        choices = set(fields[0].xpath(".//option/@value"))
    else:
        return values
    if not set(values) <= choices:
        raise NotOnThePage(f"« {name} » offers {choices}, not {values}")
    return values
