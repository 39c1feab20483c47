from io import BytesIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.template import Context, Template
from django.test import RequestFactory
from openpyxl import load_workbook

from reseda.ui.http import Column, Filter, Listing, Sort

pytestmark = pytest.mark.django_db
ROOMS = {word: (word, Q(app_label=word)) for word in ("garden", "kitchen")}


def listing(query="", **changes):
    given = {
        "search": ["model"],
        "filters": [
            Filter("salle", "Salle", ROOMS),
            Filter("lettre", "Lettre", {"a": ("A", Q(model__startswith="a"))}),
        ],
        "sorts": [Sort("nom", "Nom", "model"), Sort("numero", "Numéro", "-pk")],
        "columns": [
            Column("Nom", lambda row: row.model),
            Column("Salle", lambda row: row.app_label),
        ],
        "name": "objets",
        **changes,
    }
    rows = ContentType.objects.filter(app_label__in=ROOMS)
    return Listing(RequestFactory().get(f"/{query}"), rows, **given)


@pytest.fixture
def objects():
    names = [("garden", "apple"), ("garden", "élan"), ("kitchen", "avocado"), ("kitchen", "fork")]
    return [ContentType.objects.create(app_label=room, model=name) for room, name in names]


def names(found):
    return [row.model for row in found.page]


def counts(found):
    return {pill.label: pill.count for pill in found.groups[0].pills}


def test_a_list_comes_in_its_first_order(objects):
    assert names(listing()) == ["apple", "avocado", "fork", "élan"]


def test_a_search_keeps_the_rows_that_hold_every_word(objects):
    assert names(listing("?q=ca+VO")) == ["avocado"]
    assert names(listing("?q=vo+zz")) == []


def test_a_search_ignores_the_case_of_accented_letters(objects):
    assert names(listing("?q=ÉLAN")) == ["élan"]


def test_a_filter_keeps_its_rows_and_counts_beside_the_other_filters(objects):
    found = listing("?salle=garden")
    assert names(found) == ["apple", "élan"]
    assert counts(found) == {"Tous": 4, "garden": 2, "kitchen": 2}
    assert counts(listing("?lettre=a")) == {"Tous": 2, "garden": 1, "kitchen": 1}
    assert listing("?salle=garden&lettre=a").count == 1


def test_an_order_is_chosen_and_reversed(objects):
    assert names(listing("?tri=-nom")) == ["élan", "fork", "avocado", "apple"]
    assert names(listing("?tri=numero")) == ["fork", "avocado", "élan", "apple"]
    assert names(listing("?tri=-numero")) == ["apple", "élan", "avocado", "fork"]


def test_unknown_words_of_the_address_are_ignored(objects):
    found = listing("?salle=attic&tri=colour&page=zero&export=exe&drop=table&q=%00")
    assert len(names(found)) == 4
    assert found.export is None
    assert "drop" not in found.reverse_url


def test_a_link_keeps_the_rest_of_the_address(objects):
    pill = listing("?q=a&tri=-nom").groups[0].pills[1]
    assert pill.url == "?q=a&tri=-nom&salle=garden"


def test_twenty_five_rows_make_a_page_and_a_page_too_far_gives_the_last(objects):
    for number in range(30):
        ContentType.objects.create(app_label="garden", model=f"row{number:02}")
    assert len(names(listing())) == 25
    far = listing("?page=9")
    assert len(names(far)) == 9
    assert far.page.number == 2
    assert far.previous_url == "?page=1"
    assert far.next_url == ""


@pytest.mark.parametrize("how_many", [1, 3, 40])
def test_a_page_costs_two_queries_whatever_the_rows(how_many, django_assert_num_queries):
    for number in range(how_many):
        ContentType.objects.create(app_label="garden", model=f"row{number:02}")
    rows = "{% for row in l.page %}{{ row.model }}{% endfor %}"
    source = "{% load ui %}{% toolbar l %}" + rows + "{% pagination l %}"
    with django_assert_num_queries(2):
        Template(source).render(Context({"l": listing("?salle=garden&q=row")}))


def test_an_export_costs_one_query(objects, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert listing("?export=csv").export is not None


def test_a_condition_over_related_rows_counts_each_row_once(objects):
    for code in ("add", "change"):
        objects[0].permission_set.create(codename=code, name=code)
    related = Filter("droit", "Droit", {"oui": ("Oui", Q(permission__codename__isnull=False))})
    found = listing("?droit=oui", filters=[related])
    assert names(found) == ["apple"]
    assert counts(found) == {"Tous": 4, "Oui": 1}


def test_the_csv_holds_every_row_kept_for_a_french_spreadsheet(objects):
    response = listing("?salle=garden&export=csv").export
    assert response["Content-Disposition"] == 'attachment; filename="objets.csv"'
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.decode() == "\ufeffNom;Salle\r\napple;garden\r\nélan;garden\r\n"


def test_the_workbook_holds_the_same_rows(objects):
    response = listing("?salle=garden&export=xlsx").export
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Nom", "Salle"],
        ["apple", "garden"],
        ["élan", "garden"],
    ]


def test_a_list_without_columns_offers_no_file(objects):
    found = listing("?export=csv", columns=())
    assert found.export is None
    assert found.exports == []
