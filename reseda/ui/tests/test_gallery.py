import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

from reseda.ui.templatetags.ui import TONES, VARIANTS, register

HOUSE = Path(__file__).parents[2]
PAGES = HOUSE / "ui/templates/ui"
LAYOUT_TAGS = {"kept"}
COMPONENTS = sorted(set(register.tags) - LAYOUT_TAGS)
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))


def test_the_gallery_is_open_in_the_demo(client, db):
    page = client.get("/composants/")
    assert page.status_code == 200
    for tone in TONES:
        assert f'class="pill {tone}"' in page.content.decode()


def test_the_gallery_asks_to_sign_in_elsewhere(client, db, settings):
    settings.IS_DEMO = False
    page = client.get("/composants/")
    assert page.status_code == 302
    assert page["Location"].startswith("/connexion/")


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_has_a_template_of_its_name_and_stands_in_the_gallery(name):
    assert (PAGES / f"{name}.html").is_file()
    source = re.sub(r"{% verbatim %}.*?{% endverbatim %}", "", (PAGES / "gallery.html").read_text())
    assert f"{{% {name} " in source


@pytest.mark.parametrize("name", sorted(register.filters))
def test_every_filter_stands_in_the_gallery(name):
    assert f"|{name}" in (PAGES / "gallery.html").read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_page_holds_a_style_or_a_script_that_the_policy_would_refuse(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", source)
    for script in re.findall(r"<script[^>]*>", source):
        assert "src=" in script or "application/json" in script, script


@pytest.mark.parametrize(
    "source",
    [
        '{% pill "ok" "x" colour="red" %}',
        '{% pill "green" "x" %}',
        '{% button "x" "/" variant="huge" %}',
        '{% card heading="x" %}{% endcard %}',
        "{% card level=1 %}{% endcard %}",
        '{% card tone="loud" %}{% endcard %}',
        '{% notice "loud" %}{% endnotice %}',
        '{% figure 1 "x" unit="j" %}',
    ],
)
def test_an_unknown_argument_or_tone_is_refused(source):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}" + source).render(Context())


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_button_escapes_what_it_is_given(variant):
    source = "{% load ui %}{% button label href variant=variant %}"
    drawn = Template(source).render(Context({"label": "<b>", "href": '/"><i>', "variant": variant}))
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_a_card_escapes_the_variables_it_holds():
    drawn = Template("{% load ui %}{% card title=x %}{{ x }}{% endcard %}").render(
        Context({"x": "<script>"})
    )
    assert "<script>" not in drawn


def test_a_post_button_carries_the_token_that_proves_where_it_comes_from():
    drawn = Template('{% load ui %}{% post_button "Annuler" "/x/" %}').render(
        Context({"csrf_token": "abc123"})
    )
    assert 'name="csrfmiddlewaretoken" value="abc123"' in drawn


def test_a_state_always_has_a_picture_and_a_word():
    drawn = Template('{% load ui %}{% pill "stop" "Refusée" %}').render(Context())
    assert "<svg" in drawn
    assert "Refusée" in drawn


def test_a_meter_stays_within_its_bar_and_survives_an_empty_whole():
    source = '{% load ui %}{% meter value max "Jours" %}'
    assert 'width="100"' in Template(source).render(Context({"value": 80, "max": 60}))
    assert 'width="0"' in Template(source).render(Context({"value": 3, "max": 0}))


def test_a_message_that_names_its_way_back_offers_it_in_one_press():
    source = "{% load ui %}{% undo tags %}"
    drawn = Template(source).render(Context({"tags": "undo:/retirer/", "csrf_token": "abc123"}))
    assert 'method="post" action="/retirer/"' in drawn
    assert 'name="csrfmiddlewaretoken" value="abc123"' in drawn
    assert 'name="undo" value="1"' in drawn


@pytest.mark.parametrize("tags", ["", None, "safe", "redo:/retirer/"])
def test_a_message_without_a_way_back_offers_none(tags):
    assert Template("{% load ui %}{% undo tags %}").render(Context({"tags": tags})).strip() == ""
