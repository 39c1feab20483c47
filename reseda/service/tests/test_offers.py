"""Offers: entered by the référent, by units through their link, read from files."""

from datetime import timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import AnswerLink, Person, Role
from reseda.schools.models import School
from reseda.service.actions import offer_calls, offers
from reseda.service.domain.offer_files import read_table
from reseda.service.models import Engagement, Offer, OfferCall
from reseda.service.queries.offers import known_contacts
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import asked as asked_about
from reseda.service.tests.conftest import in_database, latest_link
from reseda.service.tests.offers import asked, draft, proposal

# --- Entered by hand


def test_the_referent_enters_changes_withdraws_and_restores_an_offer(
    school: School, referent: Person
) -> None:
    made = offers.add(school, proposal=proposal(), by=referent)
    assert (made.origin, made.requires, made.call) == ("referent", ["FMIR"], None)
    offers.edit(made, proposal=proposal(capacity=9), by=referent)
    offers.withdraw(made, by=referent)
    made.refresh_from_db()
    assert made.capacity == 9
    assert made.withdrawn_at
    offers.restore(made, by=referent)
    made.refresh_from_db()
    assert made.withdrawn_at is None
    verbs = Entry.objects.filter(subject__startswith="service.offer").values_list("verb", flat=True)
    assert [one.partition(".")[2] for one in verbs.order_by("pk")] == [
        "add_offer",
        "edit_offer",
        "withdraw_offer",
        "restore_offer",
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ends_at": make.ago(-19)}, "ends_before_start"),
        ({"ends_at": make.ago(-900)}, "too_long"),
        ({"purpose": " "}, "no_purpose"),
        ({"capacity": 0}, "capacity"),
        ({"grants": ("FMIR",)}, "requires_what_it_grants"),
        ({"starts_at": make.ago(9), "ends_at": make.ago(8)}, "over"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_where_it_is_wrong(
    school: School, referent: Person, given: dict[str, object], code: str
) -> None:
    offers.add(school, proposal=proposal(), by=referent)
    with pytest.raises(ValidationError) as refused:
        offers.add(school, proposal=proposal(**given), by=referent)
    assert [one.code for errors in refused.value.error_dict.values() for one in errors]
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REFERENT])
def test_nobody_but_the_referent_touches_offers(
    school: School, referent: Person, role: Role
) -> None:
    made = offers.add(school, proposal=proposal(), by=referent)
    other = make.person(school, role)
    with pytest.raises(PermissionDenied):
        offers.add(school, proposal=proposal(), by=other)
    with pytest.raises(PermissionDenied):
        offers.edit(made, proposal=proposal(capacity=8), by=other)
    with pytest.raises(PermissionDenied):
        offers.withdraw(made, by=other)
    with pytest.raises(PermissionDenied):
        offers.import_offers(school, drafts=[draft()], by=other)
    with pytest.raises(PermissionDenied):
        asked(school, other)
    made.refresh_from_db()
    assert (made.capacity, made.withdrawn_at, Offer.objects.count()) == (3, None, 1)


def test_the_referent_of_another_school_touches_nothing(
    school: School, referent: Person, stranger: Person
) -> None:
    made = offers.add(school, proposal=proposal(), by=referent)
    link = asked(school, referent)
    call = OfferCall.objects.get(pk=link.subject_key)
    with pytest.raises(PermissionDenied):
        offers.withdraw(made, by=stranger)
    with pytest.raises(PermissionDenied):
        offer_calls.remind(call, by=stranger)
    with pytest.raises(PermissionDenied):
        offer_calls.close_call(call, by=stranger)


def test_what_an_offer_tells_of_the_unit_is_sealed(school: School, referent: Person) -> None:
    made = offers.add(school, proposal=proposal(), by=referent)
    text = in_database(made)
    assert not [word for word in (make.UNIT, make.PLACE, make.PURPOSE) if word in text]
    told = str(list(Entry.objects.values()))
    assert not [word for word in make.WORDS if word in told]


# --- Asked of units


def test_a_unit_proposes_as_often_as_it_likes_through_one_link(
    school: School, referent: Person
) -> None:
    link = asked(school, referent)
    first = offers.add(school, proposal=proposal(unit_name="Autre", force="marine"), by=link)
    second = offers.add(school, proposal=proposal(), by=link)
    offers.withdraw(second, by=link)
    offers.restore(second, by=link)
    offers.edit(first, proposal=proposal(capacity=5), by=link)
    first.refresh_from_db()
    assert (first.force, first.unit_name, first.contact_email) == (
        "terre",
        make.UNIT,
        "lou@example.org",
    )
    assert (first.origin, first.link, first.capacity) == ("unit", link, 5)
    assert AnswerLink.objects.get(pk=link.pk).answered_at is None


def test_a_link_touches_only_what_it_proposed(school: School, referent: Person) -> None:
    link = asked(school, referent)
    other = asked(school, referent, contact_email="max@example.org")
    theirs = offers.add(school, proposal=proposal(), by=other)
    ours = offers.add(school, proposal=proposal(), by=referent)
    for one in (theirs, ours):
        with pytest.raises(PermissionDenied):
            offers.edit(one, proposal=proposal(), by=link)
        with pytest.raises(PermissionDenied):
            offers.withdraw(one, by=link)
    with pytest.raises(PermissionDenied):
        offers.add(make.school("Ailleurs"), proposal=proposal(), by=link)


def test_a_link_closed_replaced_or_expired_proposes_no_more(
    school: School, referent: Person
) -> None:
    link = asked(school, referent)
    call = OfferCall.objects.get(pk=link.subject_key)
    kept = offers.add(school, proposal=proposal(), by=link)
    offer_calls.remind(call, by=referent)
    latest = latest_link()
    with pytest.raises(ValidationError):
        offers.add(school, proposal=proposal(), by=link)
    offers.edit(kept, proposal=proposal(capacity=4), by=latest)
    AnswerLink.objects.filter(pk=latest.pk).update(expires_at=timezone.now())
    with pytest.raises(ValidationError):
        offers.add(school, proposal=proposal(), by=latest)
    offer_calls.remind(call, by=referent)
    offer_calls.close_call(call, by=referent)
    with pytest.raises(ValidationError):
        offers.add(school, proposal=proposal(), by=latest_link())
    assert Offer.objects.get().withdrawn_at is None


def test_a_link_of_another_question_proposes_nothing(
    school: School, referent: Person, engagement: Engagement
) -> None:
    period = make.period(engagement, make.ago(-20))
    with pytest.raises(PermissionDenied):
        offers.add(school, proposal=proposal(), by=asked_about(period))


def test_the_mail_to_the_unit_names_no_reservist(
    school: School, referent: Person, engagement: Engagement
) -> None:
    asked(school, referent)
    sent = OutgoingMail.objects.get(to="lou@example.org")
    assert "/repondre/" in sent.body
    assert engagement.person.last_name not in sent.body
    assert make.UNIT not in sent.subject + sent.body


def test_a_unit_with_an_open_link_is_reminded_not_asked_again(
    school: School, referent: Person
) -> None:
    asked(school, referent)
    with pytest.raises(ValidationError):
        asked(school, referent, contact_email="LOU@example.org")
    asked(school, referent, contact_email="max@example.org")
    assert OfferCall.objects.count() == 2


def test_the_contacts_known_are_not_those_that_reservists_declare(
    school: School, referent: Person, engagement: Engagement
) -> None:
    asked(school, referent)
    offers.add(school, proposal=proposal(contact_email="ana@example.org"), by=referent)
    known = {one.email for one in known_contacts(school.pk)}
    assert known == {"lou@example.org", "ana@example.org"}
    assert engagement.contact_email not in known


# --- Read from files


def test_a_file_read_twice_changes_nothing_the_second_time(
    school: School, referent: Person
) -> None:
    drafts = [draft("A"), draft("B", capacity=7)]
    first = offers.import_offers(school, drafts=drafts, by=referent)
    before = list(Offer.objects.values())
    again = offers.import_offers(school, drafts=drafts, by=referent)
    assert (first.created, first.changed) == (2, 0)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert list(Offer.objects.values()) == before


def test_a_file_changes_what_it_knows_and_leaves_the_rest(school: School, referent: Person) -> None:
    kept = offers.add(school, proposal=proposal(), by=referent)
    offers.import_offers(school, drafts=[draft("A"), draft("B")], by=referent)
    done = offers.import_offers(school, drafts=[draft("A", capacity=8)], by=referent)
    assert (done.changed, done.withdrawn) == (1, 0)
    assert Offer.objects.get(uid="A").capacity == 8
    done = offers.import_offers(
        school, drafts=[draft("A", capacity=8)], by=referent, drops_missing=True
    )
    assert done.withdrawn == 1
    assert Offer.objects.get(uid="B").withdrawn_at
    kept.refresh_from_db()
    assert kept.withdrawn_at is None


def test_what_disappeared_is_withdrawn_for_the_units_of_the_file_alone(
    school: School, referent: Person
) -> None:
    drafts = [draft("A"), draft("B", force="marine"), draft("C", unit_name="Autre unité")]
    offers.import_offers(school, drafts=drafts, by=referent)
    done = offers.import_offers(school, drafts=[draft("D")], by=referent, drops_missing=True)
    assert (done.created, done.withdrawn) == (1, 1)
    assert set(Offer.objects.filter(withdrawn_at__isnull=True).values_list("uid", flat=True)) == {
        "B",
        "C",
        "D",
    }


def test_a_withdrawn_period_that_comes_back_in_the_file_is_offered_again(
    school: School, referent: Person
) -> None:
    offers.import_offers(school, drafts=[draft("A")], by=referent)
    offers.withdraw(Offer.objects.get(), by=referent)
    done = offers.import_offers(school, drafts=[draft("A")], by=referent)
    assert (done.created, done.changed) == (0, 1)
    assert Offer.objects.get().withdrawn_at is None


def test_a_period_already_over_is_left_aside(school: School, referent: Person) -> None:
    past = draft("A", starts_at=make.ago(9), ends_at=make.ago(7))
    done = offers.import_offers(school, drafts=[past, draft("B")], by=referent)
    assert (done.created, done.past) == (1, 1)


def test_the_file_of_a_unit_changes_only_what_is_its_own(school: School, referent: Person) -> None:
    offers.import_offers(school, drafts=[draft("A")], by=referent)
    link = asked(school, referent)
    done = offers.import_offers(
        school, drafts=[draft("A", capacity=9, force="marine")], by=link, drops_missing=True
    )
    assert (done.created, done.changed, done.withdrawn) == (1, 0, 0)
    ours, theirs = Offer.objects.order_by("pk")
    assert (ours.capacity, theirs.capacity, theirs.force) == (3, 9, "terre")
    again = offers.import_offers(school, drafts=[draft("A", capacity=9)], by=link)
    assert (again.created, again.unchanged) == (0, 1)


def test_a_line_without_name_is_the_same_period_when_read_again(
    school: School, referent: Person
) -> None:
    data = "début;fin;objet\n09/11/2090;10/11/2090;Tir\n".encode()
    for expected in (1, 0):
        found = read_table(data, force="terre")
        done = offers.import_offers(school, drafts=found.drafts, by=referent)
        assert done.created == expected
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("seed", range(6))
def test_any_file_read_again_changes_nothing(school: School, referent: Person, seed: int) -> None:
    draw = Random(seed)  # noqa: S311 (draws a file, not a secret)
    start = make.ago(-draw.randint(1, 300))
    drafts = [
        draft(
            f"N{n}",
            starts_at=start + timedelta(hours=draw.randint(0, 90)),
            ends_at=start + timedelta(hours=draw.randint(91, 200), seconds=draw.randint(0, 59)),
            capacity=draw.randint(1, 500),
            force=draw.choice(["terre", "marine"]),
            unit_name=draw.choice(["", make.UNIT]),
            requires=tuple(draw.sample(["A", "B", "C"], draw.randint(0, 3))),
        )
        for n in range(draw.randint(1, 12))
    ]
    former = [draft(f"N{n}", unit_name="") for n in range(draw.randint(0, 12))]
    offers.import_offers(school, drafts=former, by=referent)
    offers.import_offers(school, drafts=drafts, by=referent, drops_missing=True)
    before = list(Offer.objects.order_by("pk").values())
    again = offers.import_offers(school, drafts=drafts, by=referent, drops_missing=True)
    assert (again.created, again.changed, again.withdrawn) == (0, 0, 0)
    assert list(Offer.objects.order_by("pk").values()) == before
