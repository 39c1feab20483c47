"""Pages of a school's typing rules: their order, what one would change, what none knows."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reseda.people.http import Request
from reseda.schools.models import School
from reseda.timetable.actions import rules as actions
from reseda.timetable.domain.school_rules import MAX_PATTERN, SchoolRule
from reseda.timetable.forms.rules import RuleForm
from reseda.timetable.models import Kind, TypingRule
from reseda.timetable.permissions import MANAGE_RULES
from reseda.timetable.queries import rules as queries

REFUSED = 422


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """List the rules of one's school in their order, try or add one, show what none knows."""
    school = _school(request)
    form = RuleForm(request.POST or None, instance=TypingRule(school=school))
    is_sent = request.method == "POST"
    is_good = is_sent and form.is_valid()
    if is_good and "try" not in request.POST:
        if added := _added(request, school, form.cleaned_data):
            return added
        is_good = False
    rows = list(queries.rows(school))
    rules = [queries.school_rule(row) for row in rows]
    lessons = queries.kept(queries.feeds_within(request.viewer, school))
    counts = queries.counts(lessons, rules)
    unknown, unknown_count = queries.unknown(lessons, rules)
    context = {
        "rows": [(row, counts[f"school.{row.pk}"]) for row in rows],
        "form": form,
        "effect": queries.effect(lessons, rules, [*rules, _written(form)]) if is_good else None,
        "unknown": unknown,
        "unknown_count": unknown_count,
        "has_lessons": bool(lessons),
        "is_limited": bool(queries.programmes_of(request.viewer, school)),
        "kinds": [choice for choice in Kind.choices if choice[0] != Kind.UNKNOWN],
    }
    is_wrong = is_sent and not is_good
    return render(request, "timetable/rules.html", context, status=REFUSED if is_wrong else 200)


def _added(request: Request, school: School, data: dict[str, Any]) -> HttpResponse | None:
    try:
        rule = actions.add(school, **data, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return None
    back = reverse("timetable:take_back_rule", args=[rule.pk])
    _tell(request, _("La règle est ajoutée, et les séances retypées."), back)
    return redirect("timetable:rules")


@require_http_methods(["GET", "POST"])
def rule(request: Request, pk: int) -> HttpResponse:
    """Change a rule, after trying what the change would do."""
    found = _found(request, pk)
    form = RuleForm(request.POST or None, instance=found)
    is_sent = request.method == "POST"
    is_good = is_sent and form.is_valid()
    if is_good and "try" not in request.POST:
        return _edited(request, found, form.cleaned_data)
    effect = None
    if is_good:
        before = queries.school_rules(found.school)
        after = [_written(form) if one.code == f"school.{pk}" else one for one in before]
        lessons = queries.kept(queries.feeds_within(request.viewer, found.school))
        effect = queries.effect(lessons, before, after)
    is_wrong = is_sent and not is_good
    context = {"rule": found, "form": form, "effect": effect}
    return render(request, "timetable/rule.html", context, status=REFUSED if is_wrong else 200)


def _edited(request: Request, found: TypingRule, data: dict[str, Any]) -> HttpResponse:
    try:
        actions.edit(found, **data, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("La règle est modifiée, et les séances retypées."))
    return redirect("timetable:rules")


@require_POST
def name(request: Request) -> HttpResponse:
    """Say what the lessons of one title are: a rule made in one press."""
    school = _school(request)
    title = " ".join(request.POST.get("title", "").split())
    pattern, match = title, TypingRule.Match.IS
    if len(title) > MAX_PATTERN:
        pattern, match = title[:MAX_PATTERN].rpartition(" ")[0], TypingRule.Match.STARTS
    data = {"target": "title", "match": match, "pattern": pattern, "kind": request.POST.get("kind")}
    form = RuleForm(data, instance=TypingRule(school=school))
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("timetable:rules")
    return _added(request, school, form.cleaned_data) or redirect("timetable:rules")


@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Have a rule tried earlier or later."""
    found = _found(request, pk)
    moved = actions.move(found, is_up=request.POST.get("to") == "up", by=request.user)
    messages.success(
        request, _("La règle est désormais la n° %(rank)d à être lue.") % {"rank": moved.rank}
    )
    return redirect(f"{reverse('timetable:rules')}#regles")


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Stop using a rule, or use it again."""
    if not request.POST.get("undo"):
        found = _found(request, pk)
        actions.remove(found, by=request.user)
        back = reverse("timetable:remove_rule", args=[pk])
        _tell(request, _("La règle est retirée."), back)
        return redirect("timetable:rules")
    found = get_object_or_404(TypingRule, pk=pk, school=_school(request))
    try:
        actions.restore(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("La règle est rétablie."))
    return redirect("timetable:rules")


@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Undo the adding of a rule."""
    actions.remove(_found(request, pk), by=request.user)
    messages.success(request, _("La règle n’est pas gardée."))
    return redirect("timetable:rules")


def _school(request: Request) -> School:
    school = MANAGE_RULES.rows(request.viewer).order_by("pk").first()
    if school is None:
        raise Http404
    return school


def _found(request: Request, pk: int) -> TypingRule:
    rows = TypingRule.objects.select_related("school").filter(removed_at__isnull=True)
    return get_object_or_404(rows, pk=pk, school=_school(request))


def _written(form: RuleForm) -> SchoolRule:
    return queries.school_rule(TypingRule(pk=form.instance.pk, **form.cleaned_data))


def _tell(request: Request, done: str, back: str) -> None:
    messages.success(request, done, extra_tags=f"undo:{back}")
