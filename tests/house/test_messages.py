"""The catalogues: everything that is said is found, and what the check refuses is wrong indeed."""

import gettext
import io
from pathlib import Path

import pytest
from babel.messages import mofile
from babel.messages.pofile import read_po
from django.template import Context, Template
from django.utils import translation

from scripts import messages
from scripts.messages import Message

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("Bonjour")', Message("Bonjour")),
        ('translation.gettext("Bonjour")', Message("Bonjour")),
        ('name = gettext_lazy("Bonjour")', Message("Bonjour")),
        (
            '_(\n    "Une phrase "\n    "en deux morceaux"\n)',
            Message("Une phrase en deux morceaux"),
        ),
        ('ngettext("%(n)d jour", "%(n)d jours", n)', Message("%(n)d jour", "%(n)d jours")),
        ('ngettext_lazy("a", "b", "n")', Message("a", "b")),
        ('pgettext("mois", "mai")', Message("mai", context="mois")),
        ('npgettext_lazy("mois", "a", "b", n)', Message("a", "b", "mois")),
        ('_("Le %(x)s") % {"x": 1}', Message("Le %(x)s")),
        (f'_("Qui{NB}?")', Message(f"Qui{NB}?")),
    ],
)
def test_a_message_of_python_is_found(source, found):
    assert list(messages.in_python(source)) == [found]


def test_messages_inside_others_and_on_both_sides_of_a_choice_are_found():
    source = '_("%(a)s ou %(b)s") % {"a": _("un"), "b": _("deux" if x else "trois")}'
    assert {one.one for one in messages.in_python(source)} == {
        "%(a)s ou %(b)s",
        "un",
        "deux",
        "trois",
    }


@pytest.mark.parametrize("source", ["_(name)", "pgettext('mois', name)", "f('Bonjour')", "_('')"])
def test_what_is_written_elsewhere_is_no_message_here(source):
    assert list(messages.in_python(source)) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Bonjour" %}', Message("Bonjour")),
        ('{% translate "Bonjour" as hello %}', Message("Bonjour")),
        ('{% translate "mai" context "mois" %}', Message("mai", context="mois")),
        ("{% translate 'Dire « non »' %}", Message("Dire « non »")),
        ('{% translate "Fait à 50 %" %}', Message("Fait à 50 %%")),
        ('{% card title=_("Vos jours") %}', Message("Vos jours")),
        ('{% pill "ok" word|default:_("Lu") icon="x" %}', Message("Lu")),
        ('{{ _("Bonjour") }}', Message("Bonjour")),
        ('{{ name|default:_("Personne") }}', Message("Personne")),
        ('<a title="{{ _("Aller") }}">', Message("Aller")),
        (
            "{% blocktranslate %}Bonjour {{ name }}{% endblocktranslate %}",
            Message("Bonjour %(name)s"),
        ),
        (
            (
                "{% blocktranslate trimmed with n=a.b asvar title %}\n  Deux\n  lignes {{ n }}\n"
                "{% endblocktranslate %}"
            ),
            Message("Deux lignes %(n)s"),
        ),
        (
            (
                "{% blocktranslate trimmed count n=rows|length %}{{ n }} jour{% plural %}"
                "{{ n }} jours{% endblocktranslate %}"
            ),
            Message("%(n)s jour", "%(n)s jours"),
        ),
        (
            (
                '{% blocktranslate count n=n context "mois" %}un{% plural %}plusieurs'
                "{% endblocktranslate %}"
            ),
            Message("un", "plusieurs", "mois"),
        ),
        (f"{{% translate 'Qui{NB}?' %}}", Message(f"Qui{NB}?")),
        (f'<p>Élève{NB}: (1</p>\n    {{% translate "Bonjour" %}}', Message("Bonjour")),
    ],
)
def test_a_message_of_a_template_is_found(source, found):
    assert list(messages.in_template(source)) == [found]


def test_every_message_of_a_line_of_a_template_is_found():
    source = '{% card title=_("Un") note=_("Deux") %}{% translate "Trois" %}{{ x|add:_("Quatre") }}'
    found = [one.one for one in messages.in_template(source)]
    assert found == ["Un", "Deux", "Trois", "Quatre"]


@pytest.mark.parametrize(
    "source", ["{# _('Non') #}", "{% comment %}{{ _('Non') }}{% endcomment %}"]
)
def test_what_a_template_does_not_show_is_no_message(source):
    assert list(messages.in_template(source)) == []


def written(*said: Message) -> messages.Translations:
    """What an update of these messages would put in the file, read back."""
    return messages.held(messages.catalogue(said, {}))


def test_an_update_keeps_what_is_translated_and_leaves_the_rest_empty():
    known = {("", "Oui"): (Message("Oui"), ("Yes",)), ("", "Vieux"): (Message("Vieux"), ("Old",))}
    held = messages.held(messages.catalogue({Message("Oui"), Message("Non")}, known))
    assert {key: texts for key, (_message, texts) in held.items()} == {
        ("", "Oui"): ("Yes",),
        ("", "Non"): ("",),
    }


def test_an_update_forgets_the_english_of_another_plural():
    before = Message("%(n)d an", "%(n)d ans")
    known = {before.key: (before, ("%(n)d year", "%(n)d years"))}
    assert messages.held(messages.catalogue({before}, known)) == known
    after = Message("%(n)d an", "%(n)d années")
    assert messages.held(messages.catalogue({after}, known)) == {after.key: (after, ("", ""))}


def test_a_message_counted_here_and_plain_there_is_one_entry_found_by_both():
    plain, counted = Message("jour"), Message("jour", "jours")
    known = {counted.key: (counted, ("day", "days"))}
    catalogue = messages.catalogue({plain, counted}, known)
    assert messages.held(catalogue) == known
    assert list(messages.problems({plain, counted}, known)) == []
    english = loaded(catalogue)
    assert english.gettext("jour") == "day"
    assert english.ngettext("jour", "jours", 0) == "days"


def loaded(catalogue) -> gettext.GNUTranslations:
    buffer = io.BytesIO()
    mofile.write_mo(buffer, catalogue)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


def test_zero_is_singular_in_french_and_plural_in_english():
    counted = Message("%(n)d jour", "%(n)d jours")
    known = {counted.key: (counted, ("%(n)d day", "%(n)d days"))}
    english = messages.catalogue({counted, Message("Oui")}, known)
    french = messages.french_plurals(english)
    assert messages.held(french) == {counted.key: (counted, counted.forms)}
    for count, said in [(0, "%(n)d jour"), (1, "%(n)d jour"), (2, "%(n)d jours")]:
        assert loaded(french).ngettext(*counted.forms, count) == said
    for count, said in [(0, "%(n)d days"), (1, "%(n)d day"), (2, "%(n)d days")]:
        assert loaded(english).ngettext(*counted.forms, count) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "0 règle, 1 règle, 2 règles"), ("en", "0 rules, 1 rule, 2 rules")],
)
def test_a_page_counts_in_the_way_of_its_language(language, said):
    template = Template(
        "{% load i18n %}{% for n in counts %}{% blocktranslate count n=n %}"
        "<strong>{{ n }}</strong> règle{% plural %}<strong>{{ n }}</strong> règles"
        "{% endblocktranslate %}{% if not forloop.last %}, {% endif %}{% endfor %}"
    )
    with translation.override(language):
        page = template.render(Context({"counts": [0, 1, 2]}))
    assert page.replace("<strong>", "").replace("</strong>", "") == said


PLURAL = Message("%(n)d jour", "%(n)d jours")
LINK = Message('Lire <a href="%(url)s">la règle</a>.')


@pytest.mark.parametrize(
    ("message", "texts", "problem"),
    [
        (Message("Oui"), ("Yes",), None),
        (Message("Oui"), ("",), "no English for 'Oui'"),
        (Message("Oui"), (), "no English for 'Oui'"),
        (PLURAL, ("%(n)d day", "%(n)d days"), None),
        (PLURAL, ("%(n)d day", ""), "no English for '%(n)d jour'"),
        (PLURAL, ("%(n)d day", "days"), "other placeholders in the English of '%(n)d jours'"),
        (PLURAL, ("%(n)d day", "%(n)s days"), "other placeholders in the English of '%(n)d jours'"),
        (LINK, ('Read <a href="%(url)s">the rule</a>.',), None),
        (LINK, ('Read <b href="%(url)s">the rule</b>.',), "other tags in the English of"),
        (Message("Le {day}"), ("On {date}",), "other placeholders in the English of"),
        (Message("\nOui"), ("Yes",), "other ends of line in the English of"),
        (Message(f"Qui{NB}?"), ("Who?",), None),
        (Message(f"Qui{NB}?"), (f"Who{NB}?",), "French punctuation in the English of"),
        (Message("« Lu »"), ("«Read»",), "French punctuation in the English of"),
        (Message("Fait : 1"), ("Done :smile",), None),
    ],
)
def test_the_check_refuses_what_is_missing_or_ill_formed(message, texts, problem):
    known = {message.key: (message, texts)} if texts else {}
    found = list(messages.problems({message}, known))
    assert len(found) == (problem is not None)
    assert all(one.startswith(problem) for one in found)


def test_the_check_refuses_what_nothing_says_any_more():
    known = {("", "Oui"): (Message("Oui"), ("Yes",))}
    assert list(messages.problems(set(), known)) == ["nothing says 'Oui' any more"]


def test_the_check_refuses_one_singular_with_two_plurals_unless_a_context_tells_them_apart():
    one, other = Message("un", "deux"), Message("un", "plusieurs")
    known = {one.key: (one, ("one", "two"))}
    assert "'un' has two plurals: give one of them a context" in messages.problems(
        {one, other}, known
    )
    apart = other._replace(context="mois")
    known[apart.key] = (apart, ("one", "several"))
    assert list(messages.problems({one, apart}, known)) == []


def test_two_rooms_may_say_the_same_but_not_each_its_own_as_the_house_keeps_one():
    def room(text: str, context: str = "") -> messages.Translations:
        return {(context, "Lu"): (Message("Lu", "", context), (text,))}

    assert list(messages.clashes({"ui": room("Read"), "law": room("Read")})) == []
    assert list(messages.clashes({"ui": room("Read"), "law": room("")})) == []
    assert list(messages.clashes({"ui": room("Read"), "law": room("Seen", "mail")})) == []
    assert list(messages.clashes({"ui": room("Read"), "law": room("Seen")})) == [
        "'Lu': 'Read' in ui, 'Seen' in law"
    ]


def test_a_percent_sign_in_a_constant_of_a_tag_is_found_out():
    assert messages.PERCENT_IN_CONSTANT.findall('{% pill "ok" _("50 %") %}{{ _("Oui") }} 3 %')
    assert not messages.PERCENT_IN_CONSTANT.findall('{% card title=_("Oui") %} 5 % {{ _("Non") }}')


def test_the_languages_of_the_settings_belong_to_the_room_ui():
    assert Message("français") in messages.said(messages.ROOT / "reseda" / "ui")


def test_a_catalogue_is_written_in_its_place_and_compiles(tmp_path: Path):
    room = tmp_path / "room"
    (room / "templates" / "room").mkdir(parents=True)
    page = room / "templates" / "room" / "page.html"
    page.write_text(
        '{% translate "Oui" %}{% blocktranslate count n=n %}{{ n }} jour{% plural %}{{ n }} jours'
        "{% endblocktranslate %}",
        encoding="utf-8",
    )
    messages.update([room])
    path = messages.catalogue_path(room)
    assert "nplurals=2; plural=(n != 1);" in path.read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace('"Oui"\nmsgstr ""', '"Oui"\nmsgstr "Yes"')
    path.write_text(text, encoding="utf-8")
    messages.update([room])
    assert path.read_text(encoding="utf-8") == text
    messages.compile_all([room])
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Oui") == "Yes"
    with messages.catalogue_path(room, "fr").with_suffix(".mo").open("rb") as file:
        assert (
            gettext.GNUTranslations(file).ngettext("%(n)s jour", "%(n)s jours", 0) == "%(n)s jour"
        )


@pytest.mark.parametrize("room", messages.rooms(), ids=lambda room: room.name)
def test_a_catalogue_says_how_english_counts(room: Path):
    path = messages.catalogue_path(room)
    if path.exists():
        with path.open("rb") as file:
            assert read_po(file).plural_expr == "(n != 1)"
