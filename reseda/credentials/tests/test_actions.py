"""What may be done with credentials, and what is refused."""

from io import StringIO
from threading import Barrier, Thread
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from reseda.credentials import actions, queries
from reseda.credentials.domain.claims import claims
from reseda.credentials.domain.verification import verify
from reseda.credentials.models import LIST_SIZE, Credential, Issuer, SigningKey, StatusList
from reseda.credentials.tests import factories as make
from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.policy import Viewer
from reseda.recognition.tests import factories as recognition


def judged(document, now=None):
    data = document if isinstance(document, bytes) else str.encode(document)
    return verify(
        data,
        resolve=queries.resolve_locally,
        now=now or timezone.now(),
        trusted=queries.trusted(),
    )


def refused(error):
    return str(error.value.error_list[0].code)


def words(world):
    return {"title": make.TITLE, "description": make.DESCRIPTION, "by": world.studies_director}


# --- Issuing


def test_what_is_issued_verifies_in_both_forms(world):
    held = make.credential(world)
    for kind in ("json", "jwt"):
        found = judged(queries.file_of(held, kind, names_holder=True))
        assert [check.name for check in found.checks if not check.is_ok] == []
        assert found.is_trusted


def alignments(held):
    return held.document["credentialSubject"]["achievement"]["alignment"]


def test_a_stranger_opens_the_address_of_a_competency_and_reads_the_same_words(world, client):
    [alignment] = alignments(make.credential(world))
    address = urlsplit(alignment["targetUrl"])
    assert f"{address.scheme}://{address.netloc}" == settings.PUBLIC_URL
    response = client.get(address.path)
    assert response.status_code == 200
    served = response.json()
    assert served["fullStatement"] == alignment["targetName"]
    assert served["humanCodingScheme"] == alignment["targetCode"]
    assert alignment["targetType"] == "CFItem"
    assert alignment["targetFramework"] == world.version.framework.title


def test_the_address_of_a_competency_outlives_the_version_it_was_recognised_with(world, client):
    [alignment] = alignments(make.credential(world))
    world.version.status, world.version.retired_at = "retired", timezone.now()
    world.version.save()
    response = client.get(urlsplit(alignment["targetUrl"]).path)
    assert response.status_code == 200
    assert response.json()["fullStatement"] == alignment["targetName"]


def test_a_credential_says_what_the_jury_recognised_with_its_place_on_the_scale(world):
    said = claims(make.credential(world).document)
    level = world.levels(world.competencies[0])[1]
    assert (said.title, said.credits) == (make.TITLE, 1.0)
    assert [(s.name, s.level, s.rank, s.size) for s in said.skills] == [
        ("Conduire une équipe", level.statement, 2, 3)
    ]


def test_a_credential_speaks_french_whatever_the_language_of_whoever_issues_it(world):
    with override("en"):
        said = claims(make.credential(world).document)
    assert said.language == "fr"
    assert said.criteria == "Évalué sur des situations réelles et décidé par un jury de l’école."
    assert said.narratives == (str(actions.NARRATIVE),)


def test_a_credential_tells_neither_the_force_nor_the_unit_nor_the_holder(world):
    text = str(make.credential(world).document)
    for secret in (recognition.UNIT, recognition.PLACE, "terre", world.student.last_name):
        assert secret not in text


def test_issuing_is_journaled_and_told_to_the_holder(world):
    held = make.credential(world)
    assert Entry.objects.latest("pk").verb == "credentials.issue"
    letter = OutgoingMail.objects.get(template="credentials.issued")
    assert letter.to == world.student.email
    assert str(held.pk) in letter.body


def test_a_decision_gives_one_credential(world):
    held = make.credential(world)
    with pytest.raises(ValidationError) as error:
        actions.issue(held.decision, **words(world))
    assert refused(error) == "issued"
    assert Credential.objects.count() == 1


def test_a_refusal_of_the_jury_gives_no_credential(world):
    decision = recognition.decided(world, outcome="refused", form="", ects=None, levels={})
    with pytest.raises(ValidationError) as error:
        actions.issue(decision, **words(world))
    assert refused(error) == "refused"


def test_a_text_that_cannot_be_signed_is_refused_and_nothing_is_written(world):
    decision = recognition.decided(world)
    with pytest.raises(ValidationError) as error:
        actions.issue(decision, **(words(world) | {"title": "Conduire\x07"}))
    assert refused(error) == "control_character"
    assert not Credential.objects.exists()
    assert not Issuer.objects.exists()


@pytest.mark.parametrize("role", ["student", "registry", "referent", "jury_member", "staff"])
def test_only_the_direction_issues(world, role):
    decision = recognition.decided(world)
    with pytest.raises(PermissionDenied):
        actions.issue(decision, **(words(world) | {"by": world.people[role]}))


def test_a_stranger_can_do_nothing(world, stranger):
    held = make.shared(world)
    decision = recognition.decided(world, recognition.period(world.other_student, world))
    for gesture in (
        lambda: actions.issue(decision, **(words(world) | {"by": stranger})),
        lambda: actions.share(held, shows_name=True, by=stranger),
        lambda: actions.unshare(held, by=stranger),
        lambda: actions.revoke(held, reason="Parce que.", by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            gesture()
    assert queries.todo(Viewer.of(stranger)) == []


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_ten_people_issuing_at_once_leave_one_credential():
    world = make.world()
    decision = recognition.decided(world)
    start, outcomes = Barrier(10), []

    def issue():
        start.wait()
        try:
            actions.issue(decision, **words(world))
        except ValidationError as error:
            outcomes.append(str(error.error_list[0].code))
        else:
            outcomes.append("done")
        finally:
            connection.close()

    threads = [Thread(target=issue) for _rank in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", *["issued"] * 9]
    assert Credential.objects.count() == 1
    assert OutgoingMail.objects.filter(template="credentials.issued").count() == 1


# --- Sharing, revoking


def test_a_credential_is_seen_by_nobody_until_its_holder_shares_it(world):
    held = make.credential(world)
    assert queries.shared(held.pk) is None
    actions.share(held, shows_name=False, by=world.student)
    assert queries.shared(held.pk) == held
    actions.unshare(held, by=world.student)
    assert queries.shared(held.pk) is None
    verbs = Entry.objects.filter(verb__startswith="credentials.").order_by("pk")
    assert [entry.verb for entry in verbs][-2:] == ["credentials.share", "credentials.unshare"]


def test_the_school_does_not_share_in_the_place_of_the_holder(world):
    held = make.credential(world)
    with pytest.raises(PermissionDenied):
        actions.share(held, shows_name=True, by=world.studies_director)


def test_a_revocation_is_read_in_the_public_list(world):
    held = make.shared(world)
    other = make.shared(world, who=world.other_student)
    actions.revoke(held, reason="Erreur.", by=world.studies_director)
    found = judged(queries.file_of(held, "json", names_holder=False))
    assert (found.is_valid, found.check("status").code) == (False, "revoked")
    assert judged(queries.file_of(other, "json", names_holder=False)).is_valid


def test_a_revocation_needs_a_reason_and_happens_once(world):
    held = make.shared(world)
    with pytest.raises(ValidationError) as missing:
        actions.revoke(held, reason="  ", by=world.studies_director)
    actions.revoke(held, reason="Erreur.", by=world.studies_director)
    with pytest.raises(ValidationError) as twice:
        actions.revoke(held, reason="Erreur.", by=world.studies_director)
    assert (refused(missing), refused(twice)) == ("reason_missing", "revoked")


def test_places_in_the_list_say_nothing_of_the_order(world):
    held = [make.credential(world), make.credential(world, who=world.other_student)]
    places = {(one.status_list_id, one.status_index) for one in held}
    assert len(places) == 2
    assert all(0 <= one.status_index < LIST_SIZE for one in held)
    assert StatusList.objects.count() == 1


# --- Keys


def test_what_a_retired_key_signed_still_verifies(world):
    before = make.shared(world)
    actions.rotate_keys(Issuer.objects.get(), by=world.studies_director)
    after = make.shared(world, who=world.other_student)
    methods = [one.document["proof"]["verificationMethod"] for one in (before, after)]
    assert methods[0] != methods[1]
    for held in (before, after):
        assert judged(queries.file_of(held, "json", names_holder=False)).is_valid
        assert judged(queries.file_of(held, "jwt", names_holder=False)).is_valid


def test_the_private_keys_are_unreadable_in_the_database(world):
    make.credential(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM credentials_signingkey")
        rows = cursor.fetchall()
    assert len(rows) == 2
    assert not any("PRIVATE" in row[0] for row in rows)


def test_the_command_changes_the_keys_and_names_them(world):
    make.credential(world)
    out = StringIO()
    call_command("credentials_rotate_keys", world.school.slug, stdout=out)
    assert out.getvalue().count(f"{world.school.slug}#") == 2
    assert SigningKey.objects.filter(retired_at__isnull=False).count() == 2


def test_the_command_names_the_schools_it_knows(world):
    make.credential(world)
    with pytest.raises(CommandError) as error:
        call_command("credentials_rotate_keys", "absente")
    assert world.school.slug in str(error.value)
    assert error.value.returncode == 2
