"""What a student asks about a period, and what the director of studies decides of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Person
from reseda.timetable.actions.accommodation import Arrangement, Wanted
from reseda.timetable.models import Absence, AccommodationRequest, Kind
from reseda.timetable.queries.catch_up import Recovered
from reseda.timetable.queries.periods import TRAVELS, key_of

NOTHING, OTHER = "none", "other"
NOT_EXCUSED = "attend"
# What the browser's field for a day and an hour sends.
MOMENT = "%Y-%m-%dT%H:%M"


def travel(text: str) -> int:
    """Read the travel time of an address, in minutes; anything that is not offered counts none."""
    return int(text) if text in {str(minutes) for minutes in TRAVELS} else 0


class Choice(NamedTuple):
    """A lesson, and the two fields by which it is made up for."""

    recovered: Recovered
    how: forms.BoundField
    text: forms.BoundField


class RequestForm(forms.Form):
    """What a student asks for around a period, and how they propose to make up for each lesson."""

    wish = forms.CharField(
        label=_("Ce que je demande"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Par exemple : excuser mon absence aux cours, reporter l’examen, rattraper le TP. "
            "N’écrivez ni l’unité ni le lieu."
        ),
    )

    def __init__(self, *args: Any, recovered: Sequence[Recovered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recovered = recovered
        for one in recovered:
            proposals = one.recoveries
            sure = (key_of(found.event) for found in proposals if found.is_sure)
            title = one.clash.event.title
            self.fields[f"how-{one.clash.key}"] = forms.ChoiceField(
                label=_("Rattrapage de %(title)s") % {"title": title},
                required=False,
                choices=[
                    *((key_of(found.event), found.event.title) for found in proposals),
                    (OTHER, _("Je propose autre chose")),
                    (NOTHING, _("Aucun")),
                ],
                initial=next(sure, NOTHING),
                widget=forms.RadioSelect,
                error_messages={
                    "invalid_choice": _("Cette séance n’est plus proposée : choisissez de nouveau.")
                },
            )
            self.fields[f"text-{one.clash.key}"] = forms.CharField(
                label=_("Ma proposition pour %(title)s") % {"title": title},
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"placeholder": _("Ce que je propose")}),
            )

    def rows(self) -> list[Choice]:
        """Return each lesson with its fields, for the table."""
        return [
            Choice(one, self[f"how-{one.clash.key}"], self[f"text-{one.clash.key}"])
            for one in self.recovered
        ]

    def clean(self) -> dict[str, Any]:
        """Gather what is proposed for each lesson under `wanted`."""
        data = super().clean() or {}
        wanted = {}
        for one in self.recovered:
            key = one.clash.key
            how, text = data.get(f"how-{key}") or NOTHING, (data.get(f"text-{key}") or "").strip()
            if how == OTHER and not text:
                self.add_error(f"text-{key}", _("Écrivez ce que vous proposez, ou « Aucun »."))
            elif how == OTHER:
                wanted[key] = Wanted(text=text)
            elif how != NOTHING:
                wanted[key] = _chosen(one, how)
        data["wanted"] = wanted
        return data


def _chosen(one: Recovered, key: str) -> Wanted:
    event = next(found.event for found in one.recoveries if key_of(found.event) == key)
    told = ", ".join(filter(None, [event.title, event.location]))
    return Wanted(text=told[:300], uid=event.uid, at=event.starts_at)


class Row(NamedTuple):
    """A lesson to decide of, and its four fields."""

    absence: Absence
    measure: forms.BoundField
    at: forms.BoundField
    catch_up: forms.BoundField
    teacher: forms.BoundField


class LessonsForm(forms.Form):
    """What happens to each lesson touched."""

    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Obligatoire pour un refus, ou pour une séance qui reste à suivre. L’élève le lira."
        ),
    )

    def __init__(
        self, *args: Any, absences: list[Absence], teachers: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.absences = absences
        self.teachers = {str(teacher.pk): teacher for teacher in teachers}
        for absence in absences:
            self._add(absence)

    def _add(self, absence: Absence) -> None:
        # In a table the heading of the column is the label: it is said aloud with the lesson.
        title, key = {"title": absence.title}, absence.pk
        self.fields[f"measure-{key}"] = forms.ChoiceField(
            label=_("Mesure"),
            required=False,
            choices=[
                ("", _("absence excusée")),
                *Absence.Measure.choices,
                (NOT_EXCUSED, _("non accordée : à suivre")),
            ],
            initial=_proposed(absence),
            widget=forms.Select(attrs={"aria-label": _("Mesure pour %(title)s") % title}),
        )
        self.fields[f"at-{key}"] = forms.DateTimeField(
            label=_("Le"),
            required=False,
            initial=absence.catch_up_at,
            input_formats=[MOMENT],
            error_messages={"invalid": _("Écrivez un jour et une heure.")},
            widget=forms.DateTimeInput(
                format=MOMENT,
                attrs={"type": "datetime-local", "aria-label": _("Quand, pour %(title)s") % title},
            ),
        )
        self.fields[f"catch_up-{key}"] = forms.CharField(
            label=_("Précision"),
            required=False,
            max_length=300,
            initial=absence.catch_up,
            widget=forms.TextInput(
                attrs={
                    "aria-label": _("Précision pour %(title)s") % title,
                    "placeholder": _("Salle, groupe, supports…"),
                }
            ),
        )
        self.fields[f"teacher-{key}"] = forms.ChoiceField(
            label=_("Enseignant"),
            required=False,
            choices=[("", "—"), *((pk, str(one)) for pk, one in self.teachers.items())],
            initial=str(absence.teacher_id or ""),
            widget=forms.Select(attrs={"aria-label": _("Enseignant de %(title)s") % title}),
        )

    def rows(self) -> list[Row]:
        """Return each lesson with its fields, for the page."""
        return [
            Row(
                one,
                measure=self[f"measure-{one.pk}"],
                at=self[f"at-{one.pk}"],
                catch_up=self[f"catch_up-{one.pk}"],
                teacher=self[f"teacher-{one.pk}"],
            )
            for one in self.absences
        ]

    def clean(self) -> dict[str, Any]:
        """Gather what was said of each lesson under `arranged`."""
        data = super().clean() or {}
        data["arranged"] = {one.pk: self._arranged(data, one) for one in self.absences}
        excused = [one.is_excused for one in data["arranged"].values()]
        is_refused = data.get("decision") == AccommodationRequest.Status.REFUSED
        if not (data.get("reason") or "").strip():
            if is_refused:
                self.add_error("reason", _("Un refus doit dire pourquoi."))
            elif not all(excused):
                self.add_error("reason", _("Dites pourquoi une séance reste à suivre."))
        return data

    def _arranged(self, data: dict[str, Any], absence: Absence) -> Arrangement:
        key = absence.pk
        at: datetime | None = data.get(f"at-{key}")
        span = absence.request.starts_at, absence.request.ends_at
        if at and span[0] <= at < span[1]:
            self.add_error(f"at-{key}", _("L’élève est absent à ce moment."))
        measure = data.get(f"measure-{key}") or ""
        is_excused = measure != NOT_EXCUSED
        return Arrangement(
            teacher=self.teachers.get(data.get(f"teacher-{key}") or ""),
            catch_up=data.get(f"catch_up-{key}") or "",
            measure=measure if is_excused else "",
            at=at,
            is_excused=is_excused,
        )


class DecisionForm(LessonsForm):
    """The decision of the director of studies, and what happens to each lesson touched."""

    field_order = ("decision", "reason", "measures")
    decision = forms.ChoiceField(
        label=_("Décision"),
        choices=[("granted", _("J’accorde l’aménagement")), ("refused", _("Je refuse"))],
        widget=forms.RadioSelect,
    )
    measures = forms.CharField(
        label=_("Mesures générales"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui vaut pour toute l’absence : supports transmis, tuteur, délais…"),
    )


def _proposed(absence: Absence) -> str:
    """The measure that the page proposes, which the director changes at will."""
    if absence.kind == Kind.EXAM:
        return Absence.Measure.SUBSTITUTE
    return Absence.Measure.CATCH_UP if absence.catch_up else ""
