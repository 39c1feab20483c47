"""What people submit about crosswalks: what is compared, by how many, and what they think."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.competencies.domain.judgement import COVERAGES
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion, Item

WITHDRAW = "retirer"
PARTIAL = "partial"
# The word of a button or of a key -> relation, share, words.
JUDGEMENTS: tuple[tuple[str, str, int | None, str | Promise], ...] = (
    ("total", "total", None, _("Totale")),
    ("partial-25", PARTIAL, 25, _("Partielle, un quart")),
    ("partial-50", PARTIAL, 50, _("Partielle, la moitié")),
    ("partial-75", PARTIAL, 75, _("Partielle, trois quarts")),
    ("complementary", "complementary", None, _("Complémentaire")),
    ("none", "none", None, _("Aucune")),
)
NAMED = {word: (relation, coverage) for word, relation, coverage, _said in JUDGEMENTS}


def word_of(relation: str, coverage: int | None) -> str:
    """Return the word of a judgement as the forms send it: « partial-50 »."""
    return f"{relation}-{coverage}" if coverage in COVERAGES else relation


class VersionChoice(forms.ModelChoiceField[FrameworkVersion]):
    """A frozen version of a framework, by its title and number."""

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, empty_label=None, **kwargs)

    def label_from_instance(self, obj: FrameworkVersion) -> str:
        """Name a version, with what kind of framework it is of."""
        return f"{obj} ({obj.framework.get_kind_display()})"


class SettingsForm(forms.Form):
    """What is compared and by whom: the part that may change while a version is a draft."""

    title = forms.CharField(
        label=pgettext_lazy("framework", "Titre"),
        max_length=160,
        help_text=_("Comme « Réserve et diplôme d’ingénieur »."),
    )
    title_en = forms.CharField(label=_("Titre en anglais"), max_length=160, required=False)
    source_kinds = forms.MultipleChoiceField(
        label=_("Lignes : ce que la réserve développe"),
        choices=Item.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["competency"],
    )
    target_kinds = forms.MultipleChoiceField(
        label=_("Colonnes : ce que l’école attend"),
        choices=Item.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["competency"],
    )
    reviewers = forms.TypedChoiceField(
        label=_("Relecteurs par couple"),
        help_text=_("Deux avis se contrôlent l’un l’autre ; leur accord se mesure."),
        choices=[(2, _("Deux")), (1, _("Un seul"))],
        coerce=int,
        widget=forms.RadioSelect,
        initial=2,
    )
    is_blind = forms.BooleanField(
        label=_("À l’aveugle"),
        help_text=_("Un relecteur ne voit l’avis de l’autre qu’après avoir donné le sien."),
        required=False,
        initial=True,
    )
    note = forms.CharField(
        label=_("Présentation"),
        help_text=_("Ce que lecteurs et jurys doivent savoir de cette table."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def offer(self, name: str, counts: Mapping[str, int], *, with_counts: bool = True) -> None:
        """Offer the kinds that are there, perhaps with how many items each has."""
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [
                (kind, f"{label} ({counts[kind]})" if with_counts else label)
                for kind, label in Item.Kind.choices
                if counts.get(kind)
            ]


class CrosswalkForm(SettingsForm):
    """A new crosswalk, over two frozen versions."""

    source = VersionChoice(FrameworkVersion.objects.none(), label=_("Ce que la réserve développe"))
    target = VersionChoice(FrameworkVersion.objects.none(), label=_("Ce que l’école attend"))
    field_order = ("title", "title_en", "source", "target", "source_kinds", "target_kinds")


class DeriveForm(forms.Form):
    """Which versions of the same two frameworks the next version compares."""

    source = VersionChoice(FrameworkVersion.objects.none(), label=_("Ce que la réserve développe"))
    target = VersionChoice(FrameworkVersion.objects.none(), label=_("Ce que l’école attend"))


class JudgementForm(forms.Form):
    """One opinion: its relation and share in one word, its reason."""

    jugement = forms.ChoiceField(
        choices=[(word, said) for word, _relation, _coverage, said in JUDGEMENTS],
        error_messages={
            "required": _("Choisissez ce que l’une est à l’autre."),
            "invalid_choice": _("Ce jugement n’existe pas : choisissez l’un de ceux proposés."),
        },
    )
    is_within = forms.BooleanField(required=False)
    rationale = forms.CharField(required=False)

    @property
    def told(self) -> dict[str, Any]:
        """What the actions take: relation, coverage, is_within, rationale."""
        relation, coverage = NAMED[self.cleaned_data["jugement"]]
        return {
            "relation": relation,
            "coverage": coverage,
            "is_within": self.cleaned_data["is_within"] and relation == PARTIAL,
            "rationale": self.cleaned_data["rationale"],
        }


def told_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read one opinion as the actions take it; `ValidationError` says what is missing."""
    form = JudgementForm(data)
    if not form.is_valid():
        raise ValidationError([text for told in form.errors.values() for text in told])
    return form.told


def pairs_of(words: Iterable[str]) -> list[tuple[int, int]]:
    """Read pairs sent as « origin-destination », commas between; anything else is left out."""
    found = []
    for word in ",".join(words).split(","):
        origin, _dash, destination = word.partition("-")
        if origin.isdecimal() and destination.isdecimal() and len(word) < 24:  # noqa: PLR2004 (two keys)
            found.append((int(origin), int(destination)))
    return found


def settings_of(version: CrosswalkVersion) -> dict[str, Any]:
    """What a version says of itself, as its form shows it."""
    return {
        "title": version.crosswalk.title,
        "title_en": version.crosswalk.title_en,
        "source_kinds": version.source_kinds.split(","),
        "target_kinds": version.target_kinds.split(","),
        "reviewers": version.reviewers,
        "is_blind": version.is_blind,
        "note": version.note,
    }
