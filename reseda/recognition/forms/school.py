"""What the direction of studies submits: a session of the jury, a regulation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Person
from reseda.recognition.actions import Terms
from reseda.recognition.forms.student import text_area
from reseda.recognition.models import Form, JurySession, Regulation
from reseda.schools.models import AcademicYear

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SessionForm(forms.Form):
    """A sitting of the jury: its name, its day, those who sit."""

    name = forms.CharField(label=_("Nom"), max_length=120)
    held_on = forms.DateField(label=_("Date"), widget=DAY)
    members = forms.MultipleChoiceField(
        label=_("Membres"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Qui a évalué un dossier, ou en est l’auteur, ne siège pas pour ce dossier."),
    )

    def __init__(
        self,
        *args: Any,
        jurors: Sequence[Person],
        session: JurySession | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the jury members of the school."""
        if session is not None:
            kwargs["initial"] = {
                "name": session.name,
                "held_on": session.held_on,
                "members": [str(key) for key in session.members.values_list("pk", flat=True)],
            }
        super().__init__(*args, **kwargs)
        self.jurors = {str(person.pk): person for person in jurors}
        self.fields["members"] = forms.MultipleChoiceField(
            label=self.fields["members"].label,
            help_text=self.fields["members"].help_text,
            widget=forms.CheckboxSelectMultiple,
            choices=[(key, str(person)) for key, person in self.jurors.items()],
        )

    def content(self) -> dict[str, Any]:
        """Return what the session actions take."""
        data = self.cleaned_data
        members = [self.jurors[key] for key in data["members"]]
        return {"name": data["name"], "held_on": data["held_on"], "members": members}


class RegulationForm(forms.ModelForm[Regulation]):
    """What a regulation says, and the rules that the proposals follow."""

    forms = forms.MultipleChoiceField(
        label=_("Formes admises"), widget=forms.CheckboxSelectMultiple, choices=Form.choices
    )

    class Meta:
        model = Regulation
        fields = [
            "title",
            "adopted_by",
            "text",
            "forms",
            "max_ects",
            "min_days",
            "days_per_ects",
            "appeal",
        ]
        help_texts = {
            "text": _("Comment demander, qui évalue, qui décide."),
            "days_per_ects": _("Laisser vide si le jury fixe lui-même le nombre."),
            "appeal": _("Qui saisir, sous quel délai ; ce texte accompagne chaque décision."),
        }

    def terms(self) -> Terms:
        """Return what the regulation actions take."""
        return Terms(**{name: self.cleaned_data[name] for name in self._meta.fields or ()})


class YearForm(RegulationForm):
    """A regulation to come, with the academic year it is for."""

    year = forms.ChoiceField(label=_("Année universitaire"))

    def __init__(self, *args: Any, years: Sequence[AcademicYear], **kwargs: Any) -> None:
        """Take the years of the school."""
        super().__init__(*args, **kwargs)
        self.years = {str(year.pk): year for year in years}
        self.fields["year"] = forms.ChoiceField(
            label=_("Année universitaire"),
            choices=[(key, year.name) for key, year in self.years.items()],
        )
        self.order_fields(["year"])


class PublishForm(forms.Form):
    """The day of publication, and why it is late when it is."""

    published_on = forms.DateField(label=_("Publié le"), widget=DAY)
    late_reason = forms.CharField(
        label=_("Raison du retard"),
        required=False,
        widget=text_area(2),
        max_length=1000,
        help_text=_("Demandée seulement si le délai est passé."),
    )
