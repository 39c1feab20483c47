"""The pages of offers: the référent’s, the unit’s by its link, the reservist’s; and strangers’."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reseda.people.models import AnswerLink, Person, Role
from reseda.schools.models import School
from reseda.service.actions import offer_calls, offers
from reseda.service.models import Engagement, Offer, OfferCall, Wish
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import Login, latest_path
from reseda.service.tests.offers import asked, proposal

LIST, ADD = "/propositions/", "/propositions/nouvelle/"
IMPORT, CALLS = "/propositions/importer/", "/propositions/unites/"
MINE = "/mon-engagement/propositions/"
REFERENT_PAGES = (LIST, ADD, IMPORT, CALLS, "/propositions/modele.csv")


def fields(**given: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=30)
    said = {
        "starts_on": str(day),
        "starts_half": "morning",
        "ends_on": str(day + timedelta(days=2)),
        "ends_half": "noon",
        "purpose": "exercice de secours",
        "capacity": "4",
        "requires": "fmir, permis b",
        "force": "terre",
        "unit_name": make.UNIT,
    }
    return {**said, **given}


def csv(*lines: str, name: str = "periodes.csv") -> SimpleUploadedFile:
    text = "\n".join(("début;fin;places;objet;id", *lines))
    return SimpleUploadedFile(name, text.encode("cp1252"), content_type="text/csv")


def previewed(client: Client, path: str, file: SimpleUploadedFile, **more: str) -> dict[str, str]:
    page = client.post(path, {"file": file, **more})
    assert page.status_code == 200, page.content.decode()
    return {name: page.context[name] for name in ("content", "force", "unit_name")}


@pytest.fixture
def offer(school: School, referent: Person) -> Offer:
    return offers.add(school, proposal=proposal(), by=referent)


@pytest.fixture
def unit(school: School, referent: Person) -> str:
    """The path of the link that a unit was sent."""
    asked(school, referent)
    return latest_path()


# --- The référent


def test_the_referent_enters_changes_withdraws_and_restores_by_the_pages(
    signed_in: Login, referent: Person
) -> None:
    client = signed_in(referent)
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, fields()).status_code == 302
    made = Offer.objects.get()
    assert (made.requires, made.capacity) == (["FMIR", "PERMIS B"], 4)
    edit = reverse("service:edit_offer", args=[made.pk])
    assert "exercice de secours" in client.get(edit).content.decode()
    client.post(edit, fields(capacity="9"))
    withdrawn = client.post(reverse("service:withdraw_offer", args=[made.pk]), follow=True)
    restore = reverse("service:restore_offer", args=[made.pk])
    assert restore in withdrawn.content.decode()
    made.refresh_from_db()
    assert made.withdrawn_at
    client.post(restore, {"undo": "1"})
    made.refresh_from_db()
    assert (made.capacity, made.withdrawn_at) == (9, None)


def test_a_wrong_form_says_what_and_keeps_nothing(signed_in: Login, referent: Person) -> None:
    client = signed_in(referent)
    for wrong in ({"capacity": "0"}, {"ends_on": "2001-01-01"}, {"requires": "X" * 41}):
        page = client.post(ADD, fields(**wrong))
        assert page.status_code == 422
        assert page.context["form"].errors
    assert not Offer.objects.exists()


def test_the_list_is_searched_in_sealed_words_filtered_and_exported(
    signed_in: Login, school: School, referent: Person, offer: Offer
) -> None:
    offers.add(school, proposal=proposal(purpose="plongée", force="marine"), by=referent)
    client = signed_in(referent)
    assert client.get(LIST).content.decode().count("<tr>") == 3
    found = client.get(LIST, {"q": "FRANCHISSEMENT larzac"}).content.decode()
    assert make.PURPOSE in found
    assert "plongée" not in found
    assert client.get(LIST, {"reserve": "marine"}).context["listing"].count == 1
    month = f"{timezone.localtime(offer.starts_at):%Y-%m}"
    assert client.get(LIST, {"mois": month}).context["listing"].count == 2
    assert client.get(LIST, {"etat": "retiree"}).context["listing"].count == 0
    assert make.PURPOSE in client.get(LIST, {"export": "csv"}).content.decode()


def test_what_is_exported_is_imported_without_any_change(
    signed_in: Login, referent: Person, offer: Offer
) -> None:
    client = signed_in(referent)
    data = client.get(LIST, {"export": "xlsx"}).content
    page = client.post(IMPORT, {"file": SimpleUploadedFile("p.xlsx", data)})
    assert page.context["count"]["unchanged"] == 1
    assert page.context["compared"].is_nothing


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    count: int,
    signed_in: Login,
    school: School,
    referent: Person,
    django_assert_num_queries: object,
) -> None:
    for _n in range(count):
        offers.add(school, proposal=proposal(), by=referent)
    client = signed_in(referent)
    client.get(LIST)
    with django_assert_num_queries(7):  # type: ignore[operator]
        client.get(LIST)


def test_a_file_is_shown_then_written(signed_in: Login, referent: Person) -> None:
    client = signed_in(referent)
    file = csv("09/11/2090;13/11/2090 midi;12;Été à Nîmes;A", "1/12/2090;;;Tir;B")
    kept = previewed(client, IMPORT, file, force="terre", unit_name="1er régiment")
    assert not Offer.objects.exists()
    assert client.post(IMPORT, kept).status_code == 302
    assert Offer.objects.get(uid="A").purpose == "Été à Nîmes"
    kept = previewed(
        client, IMPORT, csv("1/12/2090;;;Tir;B"), force="terre", unit_name="1er régiment"
    )
    client.post(IMPORT, {**kept, "drops_missing": "1"})
    assert Offer.objects.get(uid="A").withdrawn_at


def test_the_lines_to_mend_are_told_and_nothing_is_written(
    signed_in: Login, referent: Person
) -> None:
    client = signed_in(referent)
    page = client.post(
        IMPORT, {"file": csv("demain;;;Tir;A", "1/12/2090;;;Tir;B"), "force": "terre"}
    )
    assert page.status_code == 422
    assert "demain" in page.content.decode()
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 x", b"a;b\n1;2\n", b"BEGIN:VCALENDAR\r\nnot a line\r\n", b"\x00\x01" * 50],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(
    data: bytes, signed_in: Login, referent: Person
) -> None:
    name = "p.ics" if data.startswith(b"BEGIN") else "p.csv"
    sent = {"file": SimpleUploadedFile(name, data), "force": "terre"}
    page = signed_in(referent).post(IMPORT, sent)
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_a_file_too_big_gets_a_sentence(signed_in: Login, referent: Person) -> None:
    sent = {"file": SimpleUploadedFile("p.csv", b"x;y\n" * 300_000), "force": "terre"}
    assert signed_in(referent).post(IMPORT, sent).status_code == 422


@pytest.mark.parametrize("content", ["", "%%%", "AAAA"])
def test_a_preview_that_comes_back_torn_writes_nothing(
    content: str, signed_in: Login, referent: Person
) -> None:
    answer = signed_in(referent).post(IMPORT, {"content": content, "force": "terre"}, follow=True)
    assert answer.status_code == 200
    assert not Offer.objects.exists()


def test_the_model_of_the_table_is_itself_importable(signed_in: Login, referent: Person) -> None:
    client = signed_in(referent)
    for kind in ("csv", "xlsx"):
        data = client.get(f"/propositions/modele.{kind}").content
        page = client.post(IMPORT, {"file": SimpleUploadedFile(f"m.{kind}", data)})
        assert page.context["told"] == [], page.context["told"]
    assert client.get("/propositions/modele.pdf").status_code == 404


def test_units_are_asked_reminded_and_no_longer_asked(
    signed_in: Login, school: School, referent: Person
) -> None:
    client = signed_in(referent)
    sent = {"contact_email": "lou@example.org", "force": "terre", "days": "60"}
    assert client.post(CALLS, sent).status_code == 302
    assert client.post(CALLS, sent).status_code == 422
    call = OfferCall.objects.get()
    first = AnswerLink.objects.latest("pk")
    client.post(reverse("service:remind_call", args=[call.pk]))
    first.refresh_from_db()
    assert first.revoked_at
    client.post(reverse("service:close_call", args=[call.pk]))
    call.refresh_from_db()
    assert call.closed_at
    assert client.get(latest_path()).status_code == 410
    known = client.get(CALLS, {"contact": "lou@example.org"})
    assert known.context["form"].initial["contact_email"] == "lou@example.org"


def test_strangers_find_nothing(
    client: Client,
    signed_in: Login,
    school: School,
    student: Person,
    stranger: Person,
    offer: Offer,
    unit: str,
) -> None:
    call = OfferCall.objects.get()
    doors = [
        reverse("service:edit_offer", args=[offer.pk]),
        reverse("service:withdraw_offer", args=[offer.pk]),
        reverse("service:restore_offer", args=[offer.pk]),
        reverse("service:remind_call", args=[call.pk]),
        reverse("service:close_call", args=[call.pk]),
    ]
    for other in (stranger, student, make.person(school, Role.STUDIES_DIRECTOR)):
        signed_in(other)
        assert [client.post(door).status_code for door in doors] == [404] * 5
    signed_in(student)
    assert [client.get(page).status_code for page in REFERENT_PAGES] == [404] * 5
    signed_in(stranger)
    assert make.PURPOSE not in client.get(LIST).content.decode()
    offer.refresh_from_db()
    assert offer.withdrawn_at is None


def test_the_director_of_studies_reads_and_changes_nothing(
    signed_in: Login, school: School, offer: Offer
) -> None:
    client = signed_in(make.person(school, Role.STUDIES_DIRECTOR))
    page = client.get(LIST).content.decode()
    assert make.PURPOSE in page
    assert reverse("service:withdraw_offer", args=[offer.pk]) not in page
    assert client.get(ADD).status_code == 404


def test_a_unit_proposes_changes_withdraws_and_restores_without_account(
    client: Client, unit: str
) -> None:
    assert client.get(unit).status_code == 200
    assert client.post(unit, fields(force="marine", unit_name="Autre")).status_code == 302
    made = Offer.objects.get()
    assert (made.force, made.unit_name) == ("terre", make.UNIT)
    assert "exercice de secours" in client.get(unit).content.decode()
    client.post(f"{unit}?modifier={made.pk}", fields(capacity="9"))
    gone = client.post(unit, {"retirer": str(made.pk)}, follow=True)
    assert f"{unit}?retablir={made.pk}" in gone.content.decode()
    client.post(f"{unit}?retablir={made.pk}", {"undo": "1"})
    made.refresh_from_db()
    assert (made.capacity, made.withdrawn_at) == (9, None)


def test_a_unit_gives_a_file_and_sees_it_before_it_is_written(client: Client, unit: str) -> None:
    ics = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\n"
        "DTSTAMP:20300101T000000Z\r\nDTSTART;VALUE=DATE:20901109\r\nSUMMARY:Camp\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    file = SimpleUploadedFile("dates.ics", ics.encode())
    kept = previewed(client, unit, file, etape="fichier")
    assert not Offer.objects.exists()
    client.post(unit, kept)
    assert (Offer.objects.get().purpose, Offer.objects.get().origin) == ("Camp", "file")
    again = client.post(unit, {"file": csv("demain;;;Tir;A"), "etape": "fichier"})
    assert again.status_code == 422
    assert "demain" in again.content.decode()
    assert client.post(unit, {"etape": "fichier"}).status_code == 422
    assert client.get(f"{unit}?modele=csv")["Content-Type"].startswith("text/csv")


def test_a_unit_sees_neither_the_others_nor_any_reservist(
    client: Client, unit: str, school: School, referent: Person, engagement: Engagement
) -> None:
    other = offers.add(school, proposal=proposal(purpose="chez les autres"), by=referent)
    page = client.get(unit).content.decode()
    assert "chez les autres" not in page
    assert engagement.person.last_name not in page
    for path, sent in (
        (unit, {"retirer": str(other.pk)}),
        (f"{unit}?retablir={other.pk}", {}),
        (f"{unit}?modifier={other.pk}", fields()),
        (unit, {"retirer": "x"}),
    ):
        assert client.post(path, sent).status_code == 404
    assert client.get(f"{unit}?modifier={other.pk}").status_code == 404
    other.refresh_from_db()
    assert other.withdrawn_at is None


def test_a_wrong_period_of_a_unit_says_what(client: Client, unit: str) -> None:
    assert client.post(unit, fields(ends_on="2001-01-01")).status_code == 422
    assert client.post(unit, {}).status_code == 422
    assert not Offer.objects.exists()


def test_a_unit_whose_request_is_closed_meanwhile_is_told(
    client: Client, unit: str, referent: Person
) -> None:
    offer_calls.close_call(OfferCall.objects.get(), by=referent)
    assert client.post(unit, fields()).status_code == 410
    assert not Offer.objects.exists()


def test_a_reservist_reads_what_is_offered_and_says_wishes(
    signed_in: Login, student: Person, engagement: Engagement, offer: Offer
) -> None:
    client = signed_in(student)
    page = client.get(MINE)
    assert make.PURPOSE in page.content.decode()
    assert page.context["lines"][0].needs == (("FMIR", False),)
    path = reverse("service:wish", args=[engagement.pk, offer.pk])
    answer = client.post(path, {"level": "3"})
    assert answer["Location"].endswith(f"/propositions/#periode-{offer.pk}")
    assert Wish.objects.get().level == 3
    assert client.get(MINE).context["unsaid"] == 0
    part = client.post(path, {"level": ""}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert not Wish.objects.exists()
    assert client.post(path, {"level": "9"}, headers={"HX-Request": "true"}).status_code == 422
    assert client.post(path, {"level": "x"}).status_code == 302
    assert not Wish.objects.exists()


def test_the_offers_of_a_reservist_are_filtered(
    signed_in: Login, student: Person, engagement: Engagement, offer: Offer
) -> None:
    client = signed_in(student)
    for words, count in (
        ({"souhait": "a-dire"}, 1),
        ({"souhait": "dit"}, 0),
        ({"acces": "tenues"}, 0),
        ({"acces": "manquantes"}, 1),
        ({"q": "larzac"}, 1),
        ({"q": "introuvable"}, 0),
    ):
        assert client.get(MINE, words).context["listing"].count == count, words


@pytest.mark.parametrize("count", [1, 3])
def test_the_offers_of_a_reservist_cost_the_same_whatever_their_number(
    count: int,
    signed_in: Login,
    school: School,
    referent: Person,
    student: Person,
    engagement: Engagement,
    django_assert_num_queries: object,
) -> None:
    for _n in range(count):
        offers.add(school, proposal=proposal(), by=referent)
    client = signed_in(student)
    client.get(MINE)
    with django_assert_num_queries(9):  # type: ignore[operator]
        client.get(MINE)


def test_offers_and_wishes_of_others_do_not_exist(
    signed_in: Login, school: School, stranger: Person, engagement: Engagement, offer: Offer
) -> None:
    path = reverse("service:wish", args=[engagement.pk, offer.pk])
    unengaged = make.person(school, Role.STUDENT)
    sailor = make.person(school, Role.STUDENT)
    theirs = make.engagement(sailor, school, force="marine")
    for other in (stranger, unengaged, sailor):
        client = signed_in(other)
        assert client.post(path, {"level": "1"}).status_code == 404
        named = reverse("service:list_offers_of", args=[engagement.pk])
        assert client.get(named).status_code == 404
    assert client.get(MINE).context["lines"] == []
    own = reverse("service:wish", args=[theirs.pk, offer.pk])
    assert client.post(own, {"level": "1"}).status_code == 404
    assert not Wish.objects.exists()
