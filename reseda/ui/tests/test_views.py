import pytest
from django.contrib.auth import get_user_model

from reseda.ui.http import THEME_COOKIE

pytestmark = pytest.mark.django_db


def test_the_accessibility_statement_is_open_to_all_and_says_what_was_not_checked(client):
    page = client.get("/accessibilite/")
    assert page.status_code == 200
    assert "Ce qui n’a pas été vérifié" in page.content.decode()


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_theme_chosen_is_remembered_and_dresses_the_next_page(client, theme):
    answer = client.post("/apparence/", {"theme": theme, "next": "/accessibilite/"})
    assert answer["Location"] == "/accessibilite/"
    assert answer.cookies[THEME_COOKIE]["httponly"]
    assert f'data-theme="{theme}"' in client.get("/accessibilite/").content.decode()


@pytest.mark.parametrize("theme", ["", "pink", '"><script>'])
def test_a_theme_that_does_not_exist_is_not_remembered(client, theme):
    assert THEME_COOKIE not in client.post("/apparence/", {"theme": theme}).cookies


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example/", "//ailleurs.example", "", "javascript:x"]
)
def test_choosing_a_theme_never_leads_out_of_the_site(client, back):
    assert client.post("/apparence/", {"theme": "dark", "next": back})["Location"] == "/"


def test_a_theme_is_not_changed_by_following_a_link(client):
    assert client.get("/apparence/", {"theme": "dark"}).status_code == 405


def test_a_forged_cookie_does_not_reach_the_page(client):
    client.cookies[THEME_COOKIE] = "dark onload=x"
    assert 'data-theme="auto"' in client.get("/accessibilite/").content.decode()


def test_the_language_is_changed_by_a_press_and_kept(client):
    answer = client.post("/langue/", {"language": "en", "next": "/accessibilite/"})
    assert answer["Location"] == "/accessibilite/"
    assert '<html lang="en"' in client.get("/accessibilite/").content.decode()


def test_the_demo_says_that_it_is_one(client, settings):
    assert 'class="ribbon"' in client.get("/accessibilite/").content.decode()
    settings.IS_DEMO = False
    assert 'class="ribbon"' not in client.get("/accessibilite/").content.decode()


def test_the_title_of_a_page_is_its_heading_too(client):
    page = client.get("/accessibilite/").content.decode()
    assert "<title>Déclaration d’accessibilité · Réséda</title>" in page
    assert "<h1>Déclaration d’accessibilité</h1>" in page


def test_the_gallery_gives_its_list_as_a_file(client):
    answer = client.get("/composants/?export=csv")
    assert answer["Content-Type"].startswith("text/csv")


@pytest.fixture
def somebody():
    names = {"first_name": "Camille", "last_name": "Ardant"}
    return get_user_model().objects.create_user("camille@ecole.example", **names)


def test_somebody_signed_in_finds_her_name_her_account_and_the_way_out(client, somebody):
    client.force_login(somebody)
    page = client.get("/composants/").content.decode()
    assert "Camille Ardant" in page
    assert 'href="/mon-compte/"' in page
    assert '<form method="post" action="/deconnexion/">' in page


def test_a_stranger_has_no_menu_of_person_nor_navigation(client):
    page = client.get("/composants/").content.decode()
    assert "/deconnexion/" not in page
    assert "Navigation principale" not in page
