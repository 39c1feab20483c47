"""What people submit about mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.mail import queries
from reseda.mail.domain import templates


class TemplateForm(forms.Form):
    """A school's text of a template, held to the variables that the template has."""

    subject = forms.CharField(label=_("Objet"), max_length=templates.SUBJECT_LIMIT)
    body = forms.CharField(
        label=_("Texte"),
        max_length=10_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    def __init__(self, template: templates.Template, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.template = template

    def clean(self) -> dict[str, Any]:
        """Refuse an unknown variable and the loss of an address, each on its own field."""
        data = super().clean() or {}
        subject, body = data.get("subject", ""), data.get("body", "")
        for fault in templates.faults(self.template, subject, body):
            if not self.has_error(fault.part):
                self.add_error(fault.part, queries.fault_message(fault))
        return data
