"""What people ask the law: a day, some words."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LawForm(forms.Form):
    """The day whose law is shown, and words to look for; both may be left out."""

    q = forms.CharField(label=_("Chercher"), required=False, max_length=100)
    le = forms.DateField(
        label=_("Le droit applicable le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
