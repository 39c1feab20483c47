"""A template language that does one thing, and retries that leave time to the world."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.mail.domain import retry, templates
from reseda.mail.domain.templates import Fault, Template
from reseda.mail.tests.factories import VISIT


def test_only_a_plain_name_between_braces_is_replaced():
    text = "{name} {name.pk} {0} {} {{name}} {NAME} {name!r} ${name}"
    filled = templates.fill(text, {"name": "Camille"})
    assert filled == "Camille {name.pk} {0} {} {Camille} {NAME} {name!r} $Camille"


def test_a_value_that_looks_like_a_variable_stays_as_it_is():
    assert templates.fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


@given(st.text(), st.text())
def test_a_subject_is_one_line_of_bounded_length(text, value):
    values = dict.fromkeys(templates.names(text), value)
    line = templates.fill_subject(text, values)
    assert len(line) <= templates.SUBJECT_LIMIT
    assert len(line.splitlines()) <= 1


def test_a_body_has_unix_lines_and_no_control_character():
    assert templates.fill_body("a\r\n{x}\rb\x00", {"x": "\x07c"}) == "a\nc\nb\n"


@pytest.mark.parametrize(
    ("subject", "body", "fault"),
    [
        ("{unit}", "{address}", Fault("unknown", "subject", "unit")),
        ("a", "{address} {unit}", Fault("unknown", "body", "unit")),
        ("a", "b", Fault("missing", "body", "address")),
        (" ", "{address}", Fault("empty", "subject")),
        ("a", " ", Fault("empty", "body")),
    ],
)
def test_a_text_that_would_break_the_message_has_a_fault(subject, body, fault):
    assert fault in templates.faults(VISIT, subject, body)


def test_the_texts_a_template_came_with_have_no_fault():
    for language in templates.LANGUAGES:
        assert templates.faults(VISIT, VISIT.subject[language], VISIT.body[language]) == []


def a_template(code, body="{address}"):
    return Template(
        code, "Essai", dict.fromkeys(("fr", "en"), "s"), dict.fromkeys(("fr", "en"), body), {}
    )


def test_a_room_that_uses_a_variable_it_does_not_give_is_told_at_once():
    with pytest.raises(ValueError, match="address"):
        templates.declare(a_template("mail.test_bad"))


def test_two_templates_cannot_have_the_same_code():
    with pytest.raises(ValueError, match="two templates"):
        templates.declare(a_template(VISIT.code, "other"))
    assert templates.declare(VISIT) is VISIT


def test_the_example_keeps_what_the_template_does_not_have():
    subject, body = templates.example(VISIT, "{name} {unit}", "{address}")
    assert (subject, body) == ("Camille Roux {unit}", VISIT.variables["address"] + "\n")


def test_waits_double_up_to_a_quarter_of_a_day_and_end():
    waits = [retry.wait(attempt) for attempt in range(1, retry.MAX_ATTEMPTS + 1)]
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert waits == sorted(waits)
    assert retry.wait(60) == timedelta(hours=6)
    assert [retry.is_last(attempt) for attempt in (7, 8)] == [False, True]
