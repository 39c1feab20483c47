import re

from django.template import Context, Template

from reseda.ui.forms import SampleForm


def drawn(form):
    return Template("{% load ui %}{% form_fields form %}").render(Context({"form": form}))


def test_a_blank_form_says_nothing_of_errors_and_marks_what_is_optional():
    page = drawn(SampleForm())
    assert "data-errors" not in page
    assert "(facultatif)" in page


def test_a_help_text_is_tied_to_its_field():
    page = drawn(SampleForm())
    assert 'aria-describedby="id_unit_helptext"' in page
    assert 'id="id_unit_helptext"' in page


def test_an_error_is_told_at_the_top_and_tied_to_its_field():
    page = drawn(SampleForm({"email": "capitaine"}))
    assert 'role="alert"' in page
    assert '<a href="#id_email">' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_email_error"' in page
    assert 'id="id_email_error"' in page


def test_a_group_of_choices_is_a_fieldset_with_its_legend():
    page = drawn(SampleForm())
    assert "<legend>Qui peut le savoir" in page


def test_what_was_typed_comes_back_escaped():
    page = drawn(SampleForm({"unit": '"><script>alert(1)</script>'}))
    assert "<script>" not in page


def test_no_two_parts_of_a_form_share_an_identifier():
    found = re.findall(r'\sid="([^"]+)"', drawn(SampleForm({"email": "capitaine"})))
    assert len(found) == len(set(found))
