"""The form that the gallery shows: one field of each kind, never saved."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind."""

    unit = forms.CharField(
        label=_("Nom de l’unité"), help_text=_("Tel qu’il figure sur le contrat."), max_length=80
    )
    email = forms.EmailField(label=_("Adresse électronique du correspondant"))
    starts_on = forms.DateField(
        label=_("Début"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    force = forms.ChoiceField(
        label=_("Réserve"),
        choices=[("terre", _("Armée de Terre")), ("gendarmerie", _("Gendarmerie nationale"))],
    )
    audience = forms.ChoiceField(
        label=_("Qui peut le savoir"),
        help_text=_("Personne d’autre ne le saura."),
        widget=forms.RadioSelect,
        choices=[("referent", _("Le référent défense seul")), ("studies", _("La direction aussi"))],
    )
    skills = forms.MultipleChoiceField(
        label=_("Compétences mises en œuvre"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("lead", _("Conduire une équipe")), ("risk", _("Maîtriser les risques"))],
        required=False,
    )
    story = forms.CharField(
        label=_("Ce que j’ai appris"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    proof = forms.FileField(
        label=_("Pièce jointe"), help_text=_("PDF, 10 Mo au plus."), required=False
    )
    is_read = forms.BooleanField(
        label=_("J’ai lu la notice sur mes droits"), help_text=_("Elle reste dans mon dossier.")
    )
