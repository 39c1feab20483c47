"""What a student asks about a period, and what the director of studies decides of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Person
from reseda.timetable.models import Absence, AccommodationRequest


class RequestForm(forms.Form):
    """What a student asks for around a period."""

    wish = forms.CharField(
        label=_("Ce que je demande"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Par exemple : excuser mon absence aux cours, reporter l’examen, rattraper le TP. "
            "N’écrivez ni l’unité ni le lieu."
        ),
    )


class DecisionForm(forms.Form):
    """The decision of the director of studies, and what happens to each lesson touched."""

    decision = forms.ChoiceField(
        label=_("Décision"),
        choices=[("granted", _("J’accorde l’aménagement")), ("refused", _("Je refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire pour un refus. L’élève le lira."),
    )
    measures = forms.CharField(
        label=_("Mesures"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Reports d’examens, rattrapages, dispenses d’assiduité (art. D611-9)."),
    )

    def __init__(
        self, *args: Any, absences: list[Absence], teachers: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.absences = absences
        self.teachers = {str(teacher.pk): teacher for teacher in teachers}
        choices = [("", "—"), *((key, str(one)) for key, one in self.teachers.items())]
        for absence in absences:
            # In a table the heading of the column is the label: it is said aloud with the lesson.
            who = _("Enseignant de %(title)s") % {"title": absence.title}
            how = _("Rattrapage de %(title)s") % {"title": absence.title}
            self.fields[f"teacher-{absence.pk}"] = forms.ChoiceField(
                label=_("Enseignant"),
                required=False,
                choices=choices,
                initial=str(absence.teacher_id or ""),
                widget=forms.Select(attrs={"aria-label": who}),
            )
            self.fields[f"catch_up-{absence.pk}"] = forms.CharField(
                label=_("Rattrapage"),
                required=False,
                max_length=300,
                initial=absence.catch_up,
                widget=forms.TextInput(attrs={"aria-label": how}),
            )

    def rows(self) -> list[tuple[Absence, forms.BoundField, forms.BoundField]]:
        """Return each lesson with its two fields, for the table."""
        return [
            (one, self[f"teacher-{one.pk}"], self[f"catch_up-{one.pk}"]) for one in self.absences
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal; gather what was said of each lesson."""
        data = super().clean() or {}
        refused = AccommodationRequest.Status.REFUSED
        if data.get("decision") == refused and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Un refus doit dire pourquoi."))
        data["arranged"] = {
            one.pk: (
                self.teachers.get(data.get(f"teacher-{one.pk}") or ""),
                data.get(f"catch_up-{one.pk}") or "",
            )
            for one in self.absences
        }
        return data
