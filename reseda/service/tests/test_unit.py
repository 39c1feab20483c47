"""What a unit answers by link: the deeds, the pages, and what a link does not open."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reseda.mail.models import OutgoingMail
from reseda.people.models import AnswerLink
from reseda.service import actions, queries, tasks
from reseda.service.actions import Details
from reseda.service.models import Attestation, Period
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import Login, asked, dates, latest_link, latest_path


def test_a_coming_period_is_confirmed_once_and_its_holder_told(coming: Period) -> None:
    link = asked(coming)
    answered = actions.confirm(coming, link=link, name="Lou Vidal")
    coming.refresh_from_db()
    assert (coming.status, coming.confirmed_by_name) == ("confirmed", "Lou Vidal")
    assert queries.is_confirmed(coming)
    assert answered.next_url == ""
    assert coming.answers.get().kind == "confirmed"
    assert OutgoingMail.objects.filter(to=coming.engagement.person.email).count() == 1
    with pytest.raises(ValidationError):
        actions.confirm(coming, link=link, name="Lou Vidal")


def test_a_past_period_confirmed_can_be_attested_at_once(past: Period) -> None:
    answered = actions.confirm(past, link=asked(past), name="Lou Vidal")
    assert "/repondre/" in answered.next_url
    made = actions.attest(past, link=latest_link(), statement=make.statement())
    past.refresh_from_db()
    assert past.status == "done"
    assert list(queries.recognisable(past.engagement.person)) == [past]
    assert made.capacities.splitlines() == ["cohésion", "prise de décision"]


def test_a_unit_corrects_the_dates_and_both_versions_are_known(coming: Period) -> None:
    link, start = asked(coming), coming.starts_at
    later = start + timedelta(days=1)
    actions.confirm(coming, link=link, name="Lou Vidal", starts_at=later, ends_at=coming.ends_at)
    coming.refresh_from_db()
    assert coming.starts_at == later
    assert coming.answers.get().kind == "corrected"


def test_a_correction_that_cannot_be_leaves_the_link_open(coming: Period) -> None:
    link = asked(coming)
    with pytest.raises(ValidationError):
        actions.confirm(
            coming, link=link, name="L", starts_at=coming.ends_at, ends_at=coming.starts_at
        )
    assert AnswerLink.objects.get(pk=link.pk).answered_at is None
    assert not coming.answers.exists()


def test_a_unit_says_that_a_period_does_not_take_place(coming: Period) -> None:
    actions.decline(coming, link=asked(coming), name="Lou Vidal")
    coming.refresh_from_db()
    assert coming.status == "cancelled"
    assert not queries.periods_of(coming.engagement.person).exists()


def test_a_link_answers_only_the_question_it_was_made_for(coming: Period, past: Period) -> None:
    link = asked(coming)
    with pytest.raises(PermissionDenied):
        actions.confirm(past, link=link, name="Lou Vidal")
    with pytest.raises(PermissionDenied):
        actions.attest(coming, link=link, statement=make.statement())


def test_a_cancelled_period_is_no_longer_answered(coming: Period) -> None:
    link = asked(coming)
    actions.cancel_period(coming, by=coming.engagement.person)
    with pytest.raises(ValidationError):
        actions.confirm(coming, link=link, name="Lou Vidal")


def test_an_attested_period_is_frozen(past: Period) -> None:
    actions.confirm(past, link=asked(past), name="Lou Vidal")
    actions.attest(past, link=latest_link(), statement=make.statement())
    with pytest.raises(ValidationError):
        actions.cancel_period(past, by=past.engagement.person)
    with pytest.raises(ValidationError):
        actions.edit_period(
            past,
            starts_at=past.starts_at,
            ends_at=past.ends_at,
            details=Details(),
            by=past.engagement.person,
        )


def test_more_days_than_the_period_has_are_not_attested(past: Period) -> None:
    actions.confirm(past, link=asked(past), name="Lou Vidal")
    link = latest_link()
    with pytest.raises(ValidationError):
        actions.attest(past, link=link, statement=make.statement(days=Decimal("2.5")))
    assert actions.attest(past, link=link, statement=make.statement()).days == 2


def test_the_attestation_is_asked_when_the_period_is_over_and_only_once(past: Period) -> None:
    Period.objects.filter(pk=past.pk).update(status="confirmed", confirmed_at=timezone.now())
    assert tasks.ask_attestation.call(past.pk) == "asked"
    assert tasks.ask_attestation.call(past.pk) == "already asked"


def test_the_attestation_is_not_asked_before_the_end(coming: Period) -> None:
    Period.objects.filter(pk=coming.pk).update(status="confirmed", confirmed_at=timezone.now())
    assert tasks.ask_attestation.call(coming.pk) == "not due"
    with pytest.raises(ValidationError):
        actions.ask_attestation(coming, by=coming.engagement.person)


def test_the_unit_confirms_attests_and_the_holder_reads_it(
    client: Client, signed_in: Login, past: Period
) -> None:
    signed_in(past.engagement.person).post(reverse("service:ask_confirmation", args=[past.pk]))
    client.logout()
    path = latest_path()
    assert str(past.engagement.person) in client.get(path).content.decode()
    thanks = client.post(path, dates(past, answer="yes", name="Lou Vidal"))
    address = thanks.context["answered"].next_url
    assert address in thanks.content.decode()
    attest = address.removeprefix("http://testserver")
    sent = {
        "days": "1,5",
        "activities": "A conduit un groupe.",
        "capacities": ["cohesion", "decision"],
        "others": "pédagogie",
        "name": "Lou Vidal",
        "title": "correspondante",
    }
    client.get(attest)
    assert client.post(attest, sent).status_code == 200
    made = Attestation.objects.get()
    assert made.capacities.splitlines()[-2:] == ["prise de décision", "pédagogie"]
    assert client.get(attest).status_code == 410
    assert client.get(path).status_code == 410
    page = signed_in(past.engagement.person).get(reverse("service:read_period", args=[past.pk]))
    assert "A conduit un groupe." in page.content.decode()
    assert "1,5" in page.content.decode()


def test_the_unit_corrects_declines_or_is_told_what_is_wrong(
    client: Client, coming: Period
) -> None:
    actions.ask_confirmation(coming, by=coming.engagement.person)
    path = latest_path()
    wrong = dates(coming, answer="corrected", name="Lou", ends_on="2024-01-01")
    assert client.post(path, wrong).status_code == 422
    assert client.post(path, {"answer": "yes"}).status_code == 422
    assert Period.objects.get().status == "planned"
    assert client.post(path, dates(coming, answer="no", name="Lou")).status_code == 200
    assert Period.objects.get().status == "cancelled"


def test_the_question_of_a_cancelled_period_says_so(client: Client, coming: Period) -> None:
    actions.ask_confirmation(coming, by=coming.engagement.person)
    path = latest_path()
    actions.cancel_period(coming, by=coming.engagement.person)
    assert client.get(path).status_code == 410


def test_the_unit_reads_its_page_in_english(client: Client, coming: Period) -> None:
    actions.ask_confirmation(coming, by=coming.engagement.person)
    page = client.get(latest_path(), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert page["Content-Language"] == "en"


def test_an_expired_link_answers_nothing(client: Client, coming: Period) -> None:
    actions.ask_confirmation(coming, by=coming.engagement.person)
    path = latest_path()
    AnswerLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.post(path, dates(coming, answer="yes", name="L")).status_code == 410
    assert Period.objects.get().status == "planned"
