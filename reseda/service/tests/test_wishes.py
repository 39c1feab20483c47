"""What reservists and the planner read of offers, and the wishes that reservists say."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.service.actions import offers, wishes
from reseda.service.models import Engagement, OfferCall, Qualification, Wish
from reseda.service.queries.offers import (
    held_by,
    known_codes,
    offers_for,
    offers_within,
    open_offers,
    todo,
    wishes_of,
)
from reseda.service.tests import factories as make
from reseda.service.tests.offers import asked, proposal


def test_a_reservist_reads_the_offers_of_their_force_inside_their_contract(
    school: School, referent: Person, engagement: Engagement
) -> None:
    seen = offers.add(school, proposal=proposal(), by=referent)
    offers.add(school, proposal=proposal(force="marine"), by=referent)
    gone = offers.add(school, proposal=proposal(), by=referent)
    offers.withdraw(gone, by=referent)
    now = timezone.now()
    assert list(offers_for(engagement, now)) == [seen]
    assert list(offers_within(engagement, now)) == [seen]
    engagement.contract_end_on = timezone.localdate(seen.ends_at) - timedelta(days=1)
    assert not offers_within(engagement, now).exists()
    assert list(offers_for(engagement, now)) == [seen]


def test_the_planner_reads_the_offers_wholly_inside_its_days(
    school: School, referent: Person
) -> None:
    made = offers.add(school, proposal=proposal(), by=referent)
    first, last = timezone.localdate(made.starts_at), timezone.localdate(made.ends_at)
    day = timedelta(days=1)
    assert list(open_offers(school.pk, first, last)) == [made]
    assert not open_offers(school.pk, first + day, last).exists()
    assert not open_offers(school.pk, first, last - day).exists()
    assert not open_offers(school.pk + 1, first, last).exists()


def test_what_is_held_is_what_training_gives_and_what_was_declared(
    engagement: Engagement,
) -> None:
    assert held_by(engagement) == ()
    engagement.training = "specialised"
    Qualification.objects.create(engagement=engagement, code="PERMIS B")
    assert held_by(engagement) == ("FORMATION INITIALE", "SPÉCIALITÉ", "PERMIS B")


def test_the_codes_suggested_to_a_unit_are_its_own(school: School, referent: Person) -> None:
    link = asked(school, referent)
    call = OfferCall.objects.get(pk=link.subject_key)
    offers.add(school, proposal=proposal(), by=referent)
    assert "FMIR" in known_codes(school.pk)
    assert "FMIR" not in known_codes(school.pk, call)


# --- Wishes


def test_a_wish_is_said_changed_and_taken_back(
    school: School, referent: Person, engagement: Engagement
) -> None:
    offer = offers.add(school, proposal=proposal(), by=referent)
    holder = engagement.person
    wishes.wish(offer, engagement=engagement, level=3, by=holder)
    wishes.wish(offer, engagement=engagement, level=0, by=holder)
    assert wishes_of([engagement]) == {(engagement.pk, offer.pk): 0}
    wishes.wish(offer, engagement=engagement, level=None, by=holder)
    assert wishes_of([engagement]) == {}


def test_the_journal_keeps_that_a_wish_was_said_not_which(
    school: School, referent: Person, engagement: Engagement
) -> None:
    offer = offers.add(school, proposal=proposal(), by=referent)
    wishes.wish(offer, engagement=engagement, level=2, by=engagement.person)
    entry = Entry.objects.get(verb="service.wish")
    assert entry.subject.startswith("service.engagement")
    assert not entry.facts


def test_a_wish_is_its_holders_alone_and_for_what_is_offered_to_them(
    school: School, referent: Person, engagement: Engagement
) -> None:
    offer = offers.add(school, proposal=proposal(), by=referent)
    marine = offers.add(school, proposal=proposal(force="marine"), by=referent)
    for other in (referent, make.person(school, Role.STUDENT)):
        with pytest.raises(PermissionDenied):
            wishes.wish(offer, engagement=engagement, level=1, by=other)
    for wrong, level in ((marine, 1), (offer, 7)):
        with pytest.raises(ValidationError):
            wishes.wish(wrong, engagement=engagement, level=level, by=engagement.person)
    offers.withdraw(offer, by=referent)
    with pytest.raises(ValidationError):
        wishes.wish(offer, engagement=engagement, level=1, by=engagement.person)
    assert not Wish.objects.exists()


def test_the_offers_without_a_wish_are_to_be_seen_today_by_their_reservist_alone(
    school: School, referent: Person, engagement: Engagement
) -> None:
    offer = offers.add(school, proposal=proposal(), by=referent)
    holder = engagement.person
    (told,) = todo(Viewer.of(holder))
    assert told.url.endswith(f"/{engagement.pk}/propositions/")
    assert not [word for word in make.WORDS if word in str(told.title)]
    assert todo(Viewer.of(referent)) == []
    wishes.wish(offer, engagement=engagement, level=1, by=holder)
    assert todo(Viewer.of(holder)) == []
