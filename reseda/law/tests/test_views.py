"""The page and the commands of the law."""

import json
from datetime import date
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.template import Context, Template

from reseda.law import queries
from reseda.people.models import Person

CEILING = "reserve.military.days.ordinary"


@pytest.fixture
def reader(client, db):
    person = Person.objects.create(email="nour@example.org", first_name="Nour", last_name="Petit")
    client.force_login(person)
    return client


def test_whoever_is_signed_in_reads_every_rule_at_its_own_anchor(reader):
    page = reader.get("/droit/").content.decode()
    assert f'id="{CEILING}"' in page
    assert "article L4221-6" in page
    assert "60 jours" in page


def test_in_english_everything_but_the_articles_is_in_english(reader):
    Person.objects.update(language="en")
    page = unescape(reader.get("/droit/").content.decode())
    assert "60 days" in page
    for parameter in queries.book().values():
        assert f"<h3>{parameter.description['en']}</h3>" in page
        assert parameter.description["fr"] not in page
        assert not parameter.note["fr"] or parameter.note["fr"] not in page
    assert "Depuis le" not in page
    assert "Checked on 3 April 2026." in page


def test_a_stranger_is_sent_to_the_sign_in_page(client, db):
    assert client.get("/droit/").status_code == 302


def test_another_day_shows_the_law_of_that_day(reader):
    page = reader.get("/droit/?le=2018-01-01&q=plafond+ordinaire+militaire").content.decode()
    assert "30 jours" in page
    assert "droit applicable le lundi 1er janvier 2018" in page


@pytest.mark.parametrize("words", ["PLAFOND reserve operationnelle", "l4221-6", CEILING])
def test_the_search_ignores_case_and_accents_and_knows_articles_and_codes(reader, words):
    page = reader.get("/droit/", {"q": words}).content.decode()
    assert f'id="{CEILING}"' in page
    assert "allowance.days" not in page


def test_a_search_that_finds_nothing_says_what_to_do(reader):
    page = reader.get("/droit/?q=zzz").content.decode()
    assert "Aucune règle ne correspond" in page


@pytest.mark.parametrize("query", ["le=demain", "le=0000-00-00", "q=" + "x" * 500])
def test_an_address_written_by_hand_shows_the_law_of_today(reader, query):
    assert reader.get(f"/droit/?{query}").status_code == 200


def test_the_page_costs_the_same_number_of_queries_whatever_it_shows(
    reader, django_assert_num_queries
):
    reader.get("/droit/")
    for query in ("q=allocation", "q=plafond", "q=zzz"):
        with django_assert_num_queries(3):
            reader.get(f"/droit/?{query}")


def test_each_theme_and_what_is_not_certain_have_an_anchor(reader):
    page = reader.get("/droit/").content.decode()
    themes = {parameter.theme for parameter in queries.book().values()}
    assert all(f'id="theme-{theme}"' in page for theme in themes)
    assert 'id="incertain"' in page
    doubts = page[page.index('id="incertain"') :]
    assert 'href="#medal.bronze.days"' in doubts
    assert f'href="#{CEILING}"' not in doubts


def test_the_history_of_a_value_says_until_when(reader):
    page = reader.get("/droit/?q=employer.authorised_days").content.decode()
    assert "Du 15 juillet 2018 au 2 août 2023" in page


def test_a_rule_that_ended_is_said_to_be_over(reader):
    page = reader.get("/droit/?q=reserve.military.days.necessity").content.decode()
    assert "N’est plus en vigueur" in page


def test_a_rule_without_a_number_is_told_by_yes_or_no(reader):
    page = reader.get("/droit/?q=R6").content.decode()
    assert '<p class="law-number">Oui</p>' in page


def drawn(day, code=CEILING):
    template = Template(f'{{% load law %}}{{% why "{code}" day %}}')
    return template.render(Context({"day": day}))


def test_the_link_why_says_yes_or_no_where_the_rule_has_no_number():
    assert "(oui, Code du travail" in drawn(date(2026, 11, 22), "employer.is_silence_agreement")


def test_the_link_why_leads_to_the_rule_of_the_day_and_names_it():
    link = drawn(date(2026, 11, 22))
    assert f'href="/droit/?le=2026-11-22#{CEILING}"' in link
    assert "pourquoi ?" in link
    assert "(60, Code de la défense, article L4221-6)" in link


def said(code, day):
    template = Template(f'{{% load law %}}{{% legal "{code}" day %}}')
    return template.render(Context({"day": day}))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("employer.refusal_days", "15 jours"),
        ("employer.notice_months", "1 mois"),
        ("employer.authorised_days", "10 jours ouvrés"),
        ("employer.is_silence_agreement", "Oui"),
    ],
)
def test_a_page_says_a_legal_value_in_words_without_writing_it(code, words):
    assert said(code, date(2026, 11, 22)).replace("\u00a0", " ") == words
    assert said(code, date(1990, 1, 1)) == ""


def test_the_link_why_stands_even_before_the_rule_was_known():
    assert "pourquoi ?" in drawn(date(1990, 1, 1))


def answered(*arguments):
    out = StringIO()
    call_command("law_values", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_the_values_of_a_day_with_their_articles():
    values = {found["code"]: found for found in answered("--on", "2026-11-22", "--json")["values"]}
    assert values[CEILING] == {
        "code": CEILING,
        "value": 60,
        "unit": "day",
        "article": "Code de la défense, article L4221-6",
        "source": "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000047925876",
        "since": "2018-07-15",
        "until": None,
        "is_since_exact": True,
        "checked_on": "2026-04-03",
        "confidence": "verified",
        "rule": "R8",
    }


def test_the_command_leaves_out_what_was_not_in_force():
    assert answered("--on", "1990-01-01")["values"] == []


@pytest.mark.parametrize("day", ["1990-01-01", "2018-07-15", "2023-08-03", "2026-11-22"])
def test_the_command_prints_each_value_in_force_that_day_and_nothing_else(day):
    asked = date.fromisoformat(day)
    printed = [(found["code"], found["value"]) for found in answered("--on", day)["values"]]
    expected = [
        (code, value.value)
        for code, parameter in sorted(queries.book().items())
        for value in parameter.values
        if value.since_on <= asked and (value.until_on is None or asked <= value.until_on)
    ]
    assert printed == expected


@pytest.mark.parametrize("day", ["22/11/2026", "", "2026-13-01"])
def test_a_day_that_is_none_is_refused_in_one_line(day, capsys):
    error = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("law_values", "--on", day, stderr=error)
    assert ended.value.code == 2
    assert error.getvalue().count("\n") == 1


def test_the_document_of_the_repository_is_up_to_date():
    call_command("law_document", "--check", stdout=StringIO())


def test_the_document_is_written_then_found_up_to_date_then_out_of_date(tmp_path):
    file = tmp_path / "docs" / "law.md"
    call_command("law_document", "--output", str(file), stdout=StringIO())
    call_command("law_document", "--output", str(file), "--check")
    file.write_text("else", encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("law_document", "--output", str(file), "--check", stderr=StringIO())
