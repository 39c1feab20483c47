"""The pages by which a unit answers, without an account, on a phone as well as on a desk."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format

from reseda.people.http import answers
from reseda.people.models import AnswerLink
from reseda.service import actions
from reseda.service.domain.days import days
from reseda.service.forms import AttestForm, ConfirmForm, refuse
from reseda.service.models import Period

UNPROCESSABLE = 422
GONE = 410


def _period(link: AnswerLink) -> Period | None:
    held = Period.objects.select_related("engagement__person", "engagement__school")
    return held.filter(pk=link.subject_key).exclude(status=Period.Status.CANCELLED).first()


def _question(request: HttpRequest, template: str, form: Form, period: Period) -> HttpResponse:
    context = {"form": form, "period": period, "school": period.engagement.school}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, context, status=status)


def _void(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    return render(request, "service/unit_void.html", {"school": link.organisation}, status=GONE)


@answers("service.confirm_period")
def confirm(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    """Let a unit confirm a period, correct its dates, or say that it does not take place."""
    period = _period(link)
    if period is None:
        return _void(request, link)
    starting = {**ConfirmForm.of_dates(period), "name": link.name}
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=starting)
    if request.method == "POST" and form.is_valid():
        try:
            answered = _confirm(form, period, link)
        except ValidationError as error:
            refuse(form, error)
        else:
            context = {"answered": answered, "school": period.engagement.school}
            return render(request, "service/unit_thanks.html", context)
    return _question(request, "service/unit_confirm.html", form, period)


def _confirm(form: ConfirmForm, period: Period, link: AnswerLink) -> actions.Answered:
    name = form.cleaned_data["name"]
    if form.cleaned_data["answer"] == "no":
        return actions.decline(period, link=link, name=name)
    if form.cleaned_data["answer"] == "yes":
        return actions.confirm(period, link=link, name=name)
    return actions.confirm(
        period, link=link, name=name, starts_at=form.starts_at, ends_at=form.ends_at
    )


@answers("service.attest_period")
def attest(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    """Let a unit attest a period in plain words."""
    period = _period(link)
    if period is None:
        return _void(request, link)
    longest = number_format(days(period.starts_at, period.ends_at))
    form = AttestForm(
        request.POST if request.method == "POST" else None,
        initial={"name": period.confirmed_by_name or link.name, "days": longest},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.attest(period, link=link, statement=form.statement())
        except ValidationError as error:
            refuse(form, error)
        else:
            context = {"is_attested": True, "school": period.engagement.school}
            return render(request, "service/unit_thanks.html", context)
    return _question(request, "service/unit_attest.html", form, period)
