"""What a reader is told of a verdict, and what a page quotes of any document."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reseda.credentials.domain import documents, structure
from reseda.credentials.domain.claims import claims
from reseda.credentials.domain.rulings import answers, ruling
from reseda.credentials.tests import samples

ENDING = samples.sign(samples.unsigned(valid_until=samples.NOW + timedelta(days=1)))
DAY = timedelta(days=1)


def suspended():
    document = samples.unsigned()
    document["credentialStatus"]["statusPurpose"] = "suspension"
    published = samples.published_list({samples.INDEX})
    del published["proof"]
    published["credentialSubject"]["statusPurpose"] = "suspension"
    return samples.text(samples.sign(document)), {"statuses": samples.sign(published)}


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (samples.JSON, {}, "genuine"),
        (samples.JSON, {"trusted": ()}, "intact"),
        (samples.JSON, {"statuses": samples.published_list({samples.INDEX})}, "revoked"),
        (*suspended(), "suspended"),
        (samples.text(ENDING), {"now": samples.NOW + 2 * DAY}, "expired"),
        (samples.JSON, {"now": samples.AT - DAY, "statuses": None}, "not_yet"),
        (samples.JSON, {"did": None}, "unreachable"),
        (samples.JSON, {"statuses": None}, "unreachable"),
        (samples.JSON.replace(b"did:web:", b"did:ion:"), {}, "unsupported"),
        (samples.JSON.replace(b"groupe", b"troupe"), {}, "invalid"),
        (b"{}", {}, "invalid"),
        (b"bonjour", {}, "unreadable"),
    ],
)
def test_each_verdict_has_its_ruling(data, options, expected):
    assert ruling(samples.verdict(data, **options)) == expected


def test_a_revocation_weighs_more_than_a_date():
    revoked = samples.published_list({samples.INDEX})
    late = {"now": samples.NOW + 2 * DAY, "statuses": revoked}
    assert ruling(samples.verdict(samples.text(ENDING), **late)) == "revoked"


def states(data, **options):
    return {one.question: one.state for one in answers(samples.verdict(data, **options))}


def test_a_good_credential_answers_every_question():
    assert set(states(samples.JSON).values()) == {"ok"}


def test_nothing_is_read_of_the_dates_nor_the_status_of_an_altered_text():
    found = states(samples.JSON.replace(b"groupe", b"troupe"))
    assert found == {"signature": "stop", "content": "stop", "status": "quiet", "dates": "quiet"}


def test_what_could_not_be_asked_is_not_told_as_a_fault():
    assert states(samples.JSON, did=None)["signature"] == "wait"
    assert states(samples.JSON, statuses=None)["status"] == "wait"


def test_a_page_quotes_the_competencies_with_their_place_on_the_scale():
    said = claims(samples.SIGNED)
    assert [(one.name, one.rank, one.size) for one in said.skills] == [
        ("Diriger une équipe", 3, 4),
        ("Gérer une crise", 2, 4),
        ("Agir avec rigueur", 0, 0),
    ]
    assert said.skills[0].rungs == (True, True, True, False)
    assert (said.credits, said.language) == (2.5, "fr")
    assert said.issuer_name == samples.RECOGNITION.issuer.name


def test_a_level_that_is_on_no_scale_has_no_place():
    alone = replace(documents.Competency("Diriger", "https://x.example/1"), level="Bien")
    achievement = replace(samples.RECOGNITION.achievement, competencies=(alone,))
    skill = claims(samples.unsigned(achievement=achievement)).skills[0]
    assert (skill.level, skill.rank, skill.rungs) == ("Bien", 0, ())


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"credentialSubject": [1], "issuer": [], "evidence": "x", "validFrom": 3},
        {"credentialSubject": {"achievement": {"alignment": [None, {"targetName": 4}]}}},
        {"credentialSubject": {"achievement": {"creditsAvailable": -2, "inLanguage": "<b>"}}},
        {"name": "x" * 100_000},
    ],
)
def test_any_document_is_quoted_without_failing(document):
    said = claims(document)
    assert said.skills == ()
    assert (said.credits, said.language) == (0, "")
    assert len(said.title) <= 2000
    assert structure.problems(document)
