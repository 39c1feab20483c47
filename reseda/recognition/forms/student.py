"""What students submit: an evidence, the content of a file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.competencies.models import Item
from reseda.documents.forms import UploadField
from reseda.recognition.actions import Told
from reseda.recognition.models import Evidence, Form
from reseda.recognition.queries import Competency, Dossier, Lived


def text_area(rows: int) -> forms.Textarea:
    """Return a text area of a height in lines."""
    return forms.Textarea(attrs={"rows": rows})


def short(number: Decimal) -> str:
    """Write a number without the zeros that add nothing: 3, 1.5."""
    return f"{number.normalize():f}"


class EvidenceForm(forms.Form):
    """An evidence, told in three short parts; nothing confidential may be written in it."""

    period = forms.ChoiceField(label=_("Activité"))
    title = forms.CharField(
        label=pgettext_lazy("evidence", "Titre"),
        max_length=120,
        help_text=_("Une action précise : « Prendre le relais du chef d’équipe », par exemple."),
    )
    situation = forms.CharField(
        label=_("La situation"),
        widget=text_area(3),
        max_length=3000,
        help_text=_(
            "De quoi s’agissait-il ? Quelle difficulté, quel enjeu, avec combien de gens ?"
        ),
    )
    action = forms.CharField(
        label=_("Ce que j’ai fait"),
        widget=text_area(5),
        max_length=3000,
        help_text=_("Vos gestes et vos choix, à la première personne : quoi, comment, pourquoi ?"),
    )
    learning = forms.CharField(
        label=_("Ce que j’ai appris"),
        widget=text_area(4),
        max_length=3000,
        help_text=_("Ce que vous referiez, ou autrement ; où cela sert dans votre métier."),
    )
    upload = UploadField(label=_("Pièce jointe"), required=False)
    is_file_dropped = forms.BooleanField(label=_("Retirer la pièce jointe"), required=False)
    is_discreet = forms.BooleanField(
        label=_("J’ai relu : ni lieu, ni nom, ni unité, ni rien de confidentiel"),
    )

    def __init__(
        self,
        *args: Any,
        lived: Sequence[Lived],
        competencies: Sequence[Competency],
        abilities: Sequence[Item] = (),
        evidence: Evidence | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the activities one may tell, what the school expects, what the reserve develops."""
        super().__init__(*args, **kwargs)
        self.competencies, self.offered = competencies, abilities
        if evidence is not None:
            del self.fields["period"]
        else:
            choices = [(str(each.period.pk), each.dates) for each in lived]
            self.fields["period"] = forms.ChoiceField(label=_("Activité"), choices=choices)
            self.order_fields(["period"])
        if evidence is None or evidence.file is None:
            del self.fields["is_file_dropped"]
        self.items: list[Item] = []
        self.abilities: list[Item] = []

    @property
    def chosen(self) -> set[str]:
        """The keys of the items ticked, as sent or as first shown."""
        return self._ticked("items")

    @property
    def named(self) -> set[str]:
        """The keys of the abilities ticked, as sent or as first shown."""
        return self._ticked("abilities")

    def _ticked(self, name: str) -> set[str]:
        if isinstance(self.data, QueryDict):
            return set(self.data.getlist(name))
        return {str(key) for key in self.initial.get(name, ())}

    def clean(self) -> dict[str, Any]:
        """Find what was ticked among what the school expects."""
        cleaned = super().clean() or {}
        offered = [
            item
            for each in self.competencies
            for item in (each.item, *(one for level in each.levels for one in level.learnings))
        ]
        self.items = [item for item in offered if str(item.pk) in self.chosen]
        self.abilities = [item for item in self.offered if str(item.pk) in self.named]
        if not self.items:
            raise ValidationError(
                _("Choisissez au moins une compétence ou un apprentissage."), code="no_item"
            )
        return cleaned

    def told(self) -> Told:
        """Return what was told."""
        data = self.cleaned_data
        return Told(
            title=data["title"],
            situation=data["situation"],
            action=data["action"],
            learning=data["learning"],
            items=self.items,
            upload=data["upload"],
            abilities=self.abilities,
        )


class FileForm(forms.Form):
    """What a student puts in a file: activities, levels, the form wished."""

    periods = forms.MultipleChoiceField(
        label=_("Activités à faire reconnaître"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Une activité ne peut être validée qu’une fois."),
    )
    wished_form = forms.ChoiceField(
        label=_("Forme souhaitée"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Le jury décide ; il peut retenir une autre forme du règlement."),
    )

    def __init__(
        self,
        *args: Any,
        lived: Sequence[Lived],
        dossier: Dossier,
        **kwargs: Any,
    ) -> None:
        """Take what may be chosen; levels are asked for the competencies that evidence touches."""
        super().__init__(*args, **kwargs)
        regulation = dossier.regulation
        allowed = regulation.forms if regulation else []
        self.fields["periods"] = forms.MultipleChoiceField(
            label=self.fields["periods"].label,
            help_text=self.fields["periods"].help_text,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            choices=[(str(each.period.pk), activity_label(each)) for each in lived],
            initial=[str(each.period.pk) for each in dossier.activities],
        )
        self.fields["wished_form"] = forms.ChoiceField(
            label=self.fields["wished_form"].label,
            help_text=self.fields["wished_form"].help_text,
            widget=forms.RadioSelect,
            required=False,
            choices=[(value, label) for value, label in Form.choices if value in allowed],
            initial=dossier.file.wished_form,
        )
        touched = {
            link.item.identifier
            for each in lived
            for one in each.evidence
            for link in one.links.all()
        }
        self.competencies = [each for each in dossier.competencies if each.members & touched]
        for each in self.competencies:
            self.fields[f"position_{each.item.pk}"] = forms.ChoiceField(
                label=each.item.label,
                required=False,
                widget=forms.RadioSelect,
                choices=[
                    (str(level.item.pk), f"{level.rank}. {level.item.label}")
                    for level in each.levels
                ],
                initial=str(dossier.positions.get(each.item.pk, "")),
            )

    @property
    def positions(self) -> Iterator[forms.BoundField]:
        """The questions on levels, in the order of the framework."""
        return (self[f"position_{each.item.pk}"] for each in self.competencies)

    def placed(self) -> dict[int, int]:
        """Return the level chosen in each competency, by keys of items."""
        chosen = {
            each.item.pk: self.cleaned_data.get(f"position_{each.item.pk}")
            for each in self.competencies
        }
        return {item: int(level) for item, level in chosen.items() if level}


def activity_label(lived: Lived) -> str:
    """Say an activity: its dates, and how much of it is known; neither force nor unit."""
    if lived.is_used:
        return _("%(dates)s · déjà validée") % {"dates": lived.dates}
    if lived.days is None:
        return _("%(dates)s · attestation attendue") % {"dates": lived.dates}
    days = floatformat(lived.days)
    return _("%(dates)s · %(days)s jours attestés") % {"dates": lived.dates, "days": days}
