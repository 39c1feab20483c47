"""A typing rule as a person writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reseda.timetable.models import Kind, TypingRule
from reseda.timetable.queries.rules import checked


class RuleForm(forms.ModelForm[TypingRule]):
    """What is read, how, for which words, and what kind of lesson it then is."""

    class Meta:
        model = TypingRule
        fields = ["target", "match", "pattern", "kind"]
        help_texts = {
            "pattern": _("Majuscules et accents ne comptent pas ; ctrl* vaut aussi pour ctrl2.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every choice without an empty one: a rule starts from the most usual."""
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = TypingRule.Target.choices  # type: ignore[attr-defined]
        self.fields["match"].choices = TypingRule.Match.choices  # type: ignore[attr-defined]
        self.fields["kind"].choices = Kind.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse what the engine could not read, and what exists already."""
        data = super().clean() or {}
        if not self.errors:
            written = {name: data[name] for name in self.Meta.fields}
            checked(TypingRule(pk=self.instance.pk, school=self.instance.school, **written))
        return data

    def _post_clean(self) -> None:
        """Leave the row as it is: an action writes it."""
