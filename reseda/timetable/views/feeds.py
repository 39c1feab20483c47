"""Pages of one’s timetables: add, read again, choose groups, correct a type, remove."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.schools.queries import school_of
from reseda.timetable import tasks
from reseda.timetable.actions import feeds as actions
from reseda.timetable.domain import groups
from reseda.timetable.forms import FeedForm, GroupsForm, KindForm
from reseda.timetable.models import Correction, Feed, Kind, Lesson
from reseda.timetable.permissions import READ_FEED
from reseda.timetable.queries import lessons
from reseda.ui.http import Column, Filter, Listing, Sort

GONE = 422


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """List one’s timetables, and add one from a file or an address."""
    feeds = READ_FEED.rows(request.viewer).filter(removed_at__isnull=True)
    school = school_of(request.viewer)
    form = FeedForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and school is not None and form.is_valid():
        reading = form.cleaned_data["reading"]
        feed = actions.add(
            request.user,
            school=school,
            name=form.cleaned_data["name"],
            reading=reading,
            address=form.cleaned_data["address"],
            by=request.user,
        )
        messages.success(
            request, _("%(n)d séances lues. Choisissez vos groupes.") % {"n": len(reading.events)}
        )
        return redirect("timetable:feed", pk=feed.pk)
    counted = feeds.annotate(lesson_count=Count("lessons"))
    context = {"feeds": counted, "form": form, "has_school": school is not None}
    status = GONE if request.method == "POST" else 200
    return render(request, "timetable/feeds.html", context, status=status)


@require_safe
def feed(request: Request, pk: int) -> HttpResponse:
    """Show what was read of a timetable: problems, groups, lessons under their types."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    counts = groups.groups(lessons.events(found))
    corrected = dict(Correction.objects.filter(feed=found).values_list("uid", "kind"))
    listing = _lessons(request, found)
    if listing.export:
        return listing.export
    context = {
        "feed": found,
        "groups_form": _groups_form(found, counts),
        "group_count": len(counts),
        "listing": listing,
        "corrected": corrected,
        "kinds": Kind.choices,
        "unknown_count": Lesson.objects.filter(feed=found, kind=Kind.UNKNOWN)
        .exclude(uid__in=corrected)
        .count(),
    }
    return render(request, "timetable/feed.html", context)


def _groups_form(
    found: Feed, counts: tuple[groups.GroupCount, ...], data: object = None
) -> GroupsForm:
    choices = [(one.code, f"{one.code} ({one.count})") for one in counts]
    return GroupsForm(data, choices=choices, initial={"groups": found.chosen_groups})


def _lessons(request: Request, found: Feed) -> Listing[Lesson]:
    return Listing(
        request,
        Lesson.objects.filter(feed=found),
        search=["title", "module", "group"],
        filters=[
            Filter("type", _("Type"), {k.value: (k.label, Q(kind=k)) for k in Kind}),
            Filter(
                "quand",
                _("Quand"),
                {
                    "venir": (_("À venir"), Q(ends_at__gte=timezone.now())),
                    "passees": (_("Passées"), Q(ends_at__lt=timezone.now())),
                },
            ),
        ],
        sorts=[Sort("date", _("Date"), "starts_at"), Sort("intitule", _("Intitulé"), "title")],
        columns=[
            Column(_("Début"), lambda row: timezone.localtime(row.starts_at)),
            Column(_("Fin"), lambda row: timezone.localtime(row.ends_at)),
            Column(_("Intitulé"), lambda row: row.title),
            Column(_("Type"), lambda row: row.get_kind_display()),
            Column(_("Groupes"), lambda row: row.group),
            Column(_("Salle"), lambda row: row.location),
        ],
        name="seances",
    )


@require_POST
def choose(request: Request, pk: int) -> HttpResponse:
    """Keep one’s sub-groups."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    counts = groups.groups(lessons.events(found))
    form = _groups_form(found, counts, request.POST)
    if not form.is_valid():
        messages.error(request, _("Un de ces groupes n’est pas dans cet emploi du temps."))
        return redirect("timetable:feed", pk=pk)
    chosen = groups.with_larger_groups(counts, form.cleaned_data["groups"])
    actions.choose_groups(found, groups=list(chosen), by=request.user)
    messages.success(request, _("Vos groupes sont enregistrés."))
    return redirect("timetable:feed", pk=pk)


@require_POST
def correct(request: Request, pk: int) -> HttpResponse:
    """Say what a lesson really is."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    form = KindForm(request.POST)
    is_known = Lesson.objects.filter(feed=found, uid=request.POST.get("uid", "")).exists()
    if form.is_valid() and is_known:
        actions.correct(
            found,
            uid=form.cleaned_data["uid"],
            kind=Kind(form.cleaned_data["kind"]),
            by=request.user,
        )
        messages.success(request, _("Le type est corrigé, et le restera aux prochaines lectures."))
    else:
        messages.error(request, _("Cette séance n’est plus dans l’emploi du temps."))
    return redirect("timetable:feed", pk=pk)


@require_POST
def refresh(request: Request, pk: int) -> HttpResponse:
    """Read again a timetable from its address."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk, origin=Feed.Origin.ADDRESS)
    held = tasks.refresh(found)
    if held.state == Feed.State.FRESH:
        messages.success(request, _("L’emploi du temps est à jour."))
    else:
        messages.warning(request, _("L’emploi du temps est à vérifier : voyez les problèmes."))
    return redirect("timetable:feed", pk=pk)


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Say that a suspicious reading is right after all: the timetable really is that short."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    try:
        actions.accept(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:feed", pk=pk)
    messages.success(request, _("C’est noté : cet emploi du temps fait foi."))
    return redirect("timetable:feed", pk=pk)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Stop using a timetable, or use it again."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    if request.POST.get("undo"):
        actions.restore(found, by=request.user)
        messages.success(request, _("L’emploi du temps est rétabli."))
        return redirect("timetable:feed", pk=pk)
    actions.remove(found, by=request.user)
    messages.success(
        request,
        _("L’emploi du temps est retiré."),
        extra_tags=f"undo:{reverse('timetable:remove', args=[pk])}",
    )
    return redirect("timetable:feeds")
