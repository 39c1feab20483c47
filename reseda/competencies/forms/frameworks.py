"""What people submit about frameworks and their items."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import Framework, Item


class FrameworkForm(forms.ModelForm[Framework]):
    """A new framework."""

    class Meta:
        model = Framework
        fields = ("kind", "title", "title_en")


class ItemForm(forms.ModelForm[Item]):
    """An item of a draft: its code and its wordings."""

    class Meta:
        model = Item
        fields = ("code", "statement", "statement_en")
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 3}),
            "statement_en": forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        }
        help_texts = {"code": _("Court et unique dans la version, comme C1-N2.")}
