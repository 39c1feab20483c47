"""What people submit about frameworks, their presentation and their items."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.competencies.actions.about import Notice
from reseda.competencies.domain.framework import MAX_CREDITS, UNIT
from reseda.competencies.models import Framework, Item

LANGUAGES = (("fr", _("français")), ("en", _("anglais")))
MOST_SUBJECTS, LONGEST_SUBJECT = 30, 400


class FrameworkForm(forms.ModelForm[Framework]):
    """A new framework."""

    class Meta:
        model = Framework
        fields = ("kind", "title", "title_en")
        help_texts = {
            "kind": _("Celui de la réserve dit ce que le service développe."),
            "title_en": _("Montré aux lecteurs qui lisent en anglais."),
        }


class TitleForm(forms.ModelForm[Framework]):
    """The title of a framework."""

    class Meta:
        model = Framework
        fields = ("title", "title_en")


class ItemForm(forms.ModelForm[Item]):
    """An item of a draft: its wordings, its code, its kind among those that its place allows."""

    kind = forms.ChoiceField(label=_("Nature"), choices=Item.Kind.choices)
    credits = forms.DecimalField(
        label=_("Crédits ECTS"),
        required=False,
        min_value=0,
        max_value=MAX_CREDITS,
        decimal_places=1,
        localize=True,
        help_text=_("D’une unité d’enseignement seulement."),
    )

    class Meta:
        model = Item
        fields = ("kind", "code", "statement", "statement_en", "credits", "source_uri")
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 3}),
            "statement_en": forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        }
        labels = {"source_uri": _("Adresse d’origine")}
        help_texts = {
            "code": _("Court et unique dans la version, comme C1-N2."),
            "source_uri": _("L’adresse du texte d’où vient cet élément, s’il y en a un."),
        }

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[str] = (),
        codes: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and not self.data.get("kind"):
            self.data = {**{name: self.data[name] for name in self.data}, "kind": kinds[0]}
        labels = dict(Item.Kind.choices)
        choices = [(kind, str(labels[kind]).capitalize()) for kind in kinds]
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            self.initial["kind"] = choices[0][0]
        elif codes:
            field.widget.attrs["data-codes"] = json.dumps(codes)
        if UNIT not in kinds:
            del self.fields["credits"]
        for name in ("code", "source_uri"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Leave credits out of what is no teaching unit."""
        told = super().clean() or self.cleaned_data
        if told.get("kind") != UNIT:
            told["credits"] = None
        return told


class PlaceForm(forms.Form):
    """Under which item, and after which of those that stand there, an item goes."""

    under = forms.ChoiceField(label=_("Le placer sous"))

    def __init__(
        self, *args: Any, places: Sequence[tuple[str, str | Promise]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["under"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(places)


class AboutForm(forms.Form):
    """What a version says of itself."""

    creator = forms.CharField(
        label=_("Auteur"),
        max_length=400,
        required=False,
        help_text=_("Qui l’a écrit : l’école, un service, un groupe de travail."),
    )
    publisher = forms.CharField(label=_("Éditeur"), max_length=400, required=False)
    description = forms.CharField(
        label=_("Description"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("À quoi sert ce référentiel, pour quelle formation."),
    )
    notes = forms.CharField(
        label=_("Remarques"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    official_source_url = forms.URLField(
        label=_("Texte officiel"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("L’adresse du texte dont ce référentiel est tiré."),
    )
    language = forms.ChoiceField(label=_("Langue des énoncés"), choices=LANGUAGES)
    licence = forms.CharField(
        label=pgettext_lazy("framework", "Licence"),
        max_length=400,
        required=False,
        help_text=_("Comme « Licence Ouverte 2.0 » : ce que les lecteurs peuvent en faire."),
    )
    licence_text = forms.CharField(
        label=_("Texte de la licence"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    subjects = forms.CharField(
        label=_("Domaines"),
        max_length=MOST_SUBJECTS * LONGEST_SUBJECT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Un par ligne."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What an import said in another language stays possible.
        known = self.initial.get("language", "")
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField) and known and known not in dict(LANGUAGES):
            field.choices = [*LANGUAGES, (known, known)]

    def clean_subjects(self) -> tuple[str, ...]:
        """Take a subject of each line, each once."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["subjects"].splitlines())
        found = tuple(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_SUBJECTS or any(len(one) > LONGEST_SUBJECT for one in found):
            raise ValidationError(
                _("%(most)d domaines au plus, de %(longest)d caractères chacun au plus.")
                % {"most": MOST_SUBJECTS, "longest": LONGEST_SUBJECT}
            )
        return found

    @property
    def notice(self) -> Notice:
        """What was submitted, once it is valid."""
        return Notice(**self.cleaned_data)
