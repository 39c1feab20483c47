"""What is written of an accommodation afterwards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.timetable.models import AccommodationReview


class ReviewForm(forms.Form):
    """The review: kept, changed or ended, and what was found."""

    outcome = forms.ChoiceField(
        label=_("Bilan"),
        choices=[
            (AccommodationReview.Outcome.KEPT, _("Maintenu : les mesures continuent")),
            (AccommodationReview.Outcome.CHANGED, _("Modifié : je dis ce qui change")),
            (AccommodationReview.Outcome.ENDED, _("Terminé : tout est rattrapé")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Ce qui a été constaté"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Rattrapages faits ou restant à faire. L’élève le lira."),
    )

    def clean(self) -> dict[str, object]:
        """Ask what changes when something does."""
        data = super().clean() or {}
        is_changed = data.get("outcome") == AccommodationReview.Outcome.CHANGED
        if is_changed and not str(data.get("note") or "").strip():
            self.add_error("note", _("Dites ce qui change."))
        return data


class WordForm(forms.Form):
    """The student’s own word beside a review."""

    word = forms.CharField(
        label=_("Mon mot"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce qui a bien marché, ce qui reste à rattraper. N’écrivez ni unité ni lieu."),
    )


class ConcernForm(forms.Form):
    """What a student reports of a measure that harmed their studies."""

    text = forms.CharField(
        label=_("Ce qui s’est passé"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("La mesure, la séance ou l’épreuve concernée, ce que vous demandez."),
    )


class AnswerForm(forms.Form):
    """The answer to a report."""

    answer = forms.CharField(
        label=_("Ce qui a été fait"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("L’élève le lira. Le signalement est alors clos."),
    )
