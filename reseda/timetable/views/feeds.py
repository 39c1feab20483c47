"""Pages of one’s timetables: add, read again, choose groups, correct a type, remove."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.schools.models import School
from reseda.timetable import tasks
from reseda.timetable.actions import feeds as actions
from reseda.timetable.domain import groups
from reseda.timetable.forms import FeedForm, GroupsForm, KindForm
from reseda.timetable.models import Correction, Feed, Kind, Lesson
from reseda.timetable.permissions import ADD_FEED, READ_FEED
from reseda.timetable.queries import lessons
from reseda.ui.http import Column, Filter, Listing, Sort

REFUSED = 422


@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """List one’s timetables, and add one from a file or an address."""
    school = ADD_FEED.rows(request.viewer).order_by("pk").first()
    is_sent = request.method == "POST"
    form = FeedForm(request.POST, request.FILES) if is_sent else FeedForm()
    if is_sent and school is not None and form.is_valid():
        added = _added(request, school, form)
        if added is not None:
            return redirect("timetable:feed", pk=added.pk)
    feeds = READ_FEED.rows(request.viewer).annotate(lesson_count=Count("lessons"))
    kept = [one for one in feeds if one.removed_at is None]
    context = {
        "feeds": kept,
        "removed": [one for one in feeds if one.removed_at is not None],
        "form": form,
        "has_school": school is not None,
    }
    return render(request, "timetable/feeds.html", context, status=REFUSED if is_sent else 200)


def _added(request: Request, school: School, form: FeedForm) -> Feed | None:
    data = form.cleaned_data
    known = set(READ_FEED.rows(request.viewer).values_list("pk", flat=True))
    try:
        feed = actions.add(
            request.user,
            school=school,
            name=data["name"],
            reading=data["reading"],
            address=data["address"],
            by=request.user,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    count = len(data["reading"].events)
    if feed.pk in known:
        done = _("« %(name)s » est remplacé ; vos groupes et vos corrections sont gardés.")
    else:
        done = ngettext("%(n)d séance lue.", "%(n)d séances lues.", count)
    messages.success(request, done % {"name": feed.name, "n": count})
    return feed


@require_safe
def feed(request: Request, pk: int) -> HttpResponse:
    """Show what was read of a timetable: problems, groups, lessons under their types."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    corrected = dict(Correction.objects.filter(feed=found).values_list("uid", "kind"))
    listing = _lessons(request, found, corrected)
    if listing.export:
        return listing.export
    events = lessons.events(found)
    counts = groups.groups(events)
    suggested = (
        ()
        if found.chosen_groups
        else lessons.suggested_groups(request.user, counts, request.viewer.today)
    )
    context = {
        "feed": found,
        "groups_form": _groups_form(found, counts, suggested=suggested),
        "has_several": lessons.has_several(counts),
        "suggested": suggested,
        "listing": listing,
        "corrected": corrected,
        "kinds": Kind.choices,
        "alike": Counter(event.title for event in events),
        "unknown_count": sum(1 for event in events if event.kind == Kind.UNKNOWN),
    }
    return render(request, "timetable/feed.html", context)


def _groups_form(
    found: Feed,
    counts: tuple[groups.GroupCount, ...],
    data: QueryDict | None = None,
    suggested: tuple[str, ...] = (),
) -> GroupsForm:
    # Lessons of a whole promotion always count: only its sub-groups are a choice.
    subgroups = [one for one in counts if one.level == groups.SUBGROUP]
    choices = [(one.code, f"{one.code} ({one.count})") for one in subgroups]
    chosen = found.chosen_groups or list(suggested)
    return GroupsForm(data, choices=choices, initial={"groups": chosen})


def _lessons(request: Request, found: Feed, corrected: dict[str, str]) -> Listing[Lesson]:
    def of_kind(kind: Kind) -> Q:
        said = [uid for uid, chosen in corrected.items() if chosen == kind]
        return Q(uid__in=said) | (Q(kind=kind) & ~Q(uid__in=list(corrected)))

    now = timezone.now()
    return Listing(
        request,
        Lesson.objects.filter(feed=found),
        search=["title", "module", "group"],
        filters=[
            Filter(
                "quand",
                _("Quand"),
                {
                    "venir": (_("À venir"), Q(ends_at__gte=now)),
                    "passees": (_("Passées"), Q(ends_at__lt=now)),
                },
            ),
            Filter("type", _("Type"), {k.value: (k.label, of_kind(k)) for k in Kind}),
        ],
        sorts=[Sort("date", _("Date"), "starts_at"), Sort("intitule", _("Intitulé"), "title")],
        columns=[
            Column(_("Début"), lambda row: timezone.localtime(row.starts_at)),
            Column(_("Fin"), lambda row: timezone.localtime(row.ends_at)),
            Column(_("Intitulé"), lambda row: row.title),
            Column(_("Type"), lambda row: str(Kind(corrected.get(row.uid, row.kind)).label)),
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
    """Say what a lesson, or all those of its title, really is; go back to the list as it was."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    form = KindForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ce type n’existe pas."))
        return _to_lessons(request, pk)
    data = form.cleaned_data
    kind = Kind(data["kind"])
    try:
        count = actions.correct(
            found, uid=data["uid"], kind=kind, is_for_all=data["is_for_all"], by=request.user
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _to_lessons(request, pk)
    done = ngettext(
        "%(n)d séance est désormais « %(kind)s », et le restera aux prochaines lectures.",
        "%(n)d séances sont désormais « %(kind)s », et le resteront aux prochaines lectures.",
        count,
    )
    messages.success(request, done % {"n": count, "kind": kind.label})
    return _to_lessons(request, pk)


def _to_lessons(request: Request, pk: int) -> HttpResponse:
    answer = redirect("timetable:feed", pk=pk)
    words = QueryDict(request.POST.get("back", "")[:500])
    answer["Location"] += f"?{words.urlencode()}#seances" if words else "#seances"
    return answer


@require_POST
def refresh(request: Request, pk: int) -> HttpResponse:
    """Read again a timetable from its address."""
    found = READ_FEED.get_or_404(
        request.viewer, pk=pk, origin=Feed.Origin.ADDRESS, removed_at__isnull=True
    )
    return _read_again(request, found)


def _read_again(request: Request, found: Feed) -> HttpResponse:
    held = tasks.refresh(found)
    if held.state == Feed.State.FRESH:
        messages.success(request, _("L’emploi du temps est à jour."))
    else:
        messages.warning(request, _("L’emploi du temps est à vérifier : voyez ci-dessous."))
    return redirect("timetable:feed", pk=found.pk)


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Say that a suspicious reading is right after all: the timetable really is that short."""
    found = READ_FEED.get_or_404(request.viewer, pk=pk)
    try:
        actions.accept(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:feed", pk=pk)
    if found.origin == Feed.Origin.ADDRESS:
        # What was put aside is taken at once, not at the next reading.
        return _read_again(request, found)
    messages.success(request, _("C’est noté : cet emploi du temps fait foi."))
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
