"""What a référent asks of the planner, in plain words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Organisation
from reseda.timetable.domain.planning.model import Policy
from reseda.timetable.models import Kind, Plan
from reseda.timetable.queries.planning.rules import DEFAULT_TARGET, KINDS

USUAL = Policy()
LONGEST_DAYS = 400
# What an hour of lecture lost weighs, in points a minute; a first day is worth about 130 points.
WEIGHTS = (
    ("0.02", _("peu : servir d’abord")),
    ("0.05", _("normalement")),
    ("0.15", _("beaucoup : garder les cours")),
)
OBJECTIVES = (
    (
        "fair",
        _("Équitable : les premiers jours de chacun comptent le plus, personne n’est oublié."),
    ),
    (
        "total",
        _("Total : le plus de jours servis en tout ; certains peuvent n’en avoir aucun."),
    ),
)


class PlanForm(forms.Form):
    """A plan to ask for: its days, whom it is for, what may never be missed, and how to share."""

    name = forms.CharField(label=_("Nom du plan"), max_length=80)
    starts_on = forms.DateField(
        label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    programme = forms.ModelChoiceField(
        label=_("Pour"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("toute l’école"),
    )
    objective = forms.ChoiceField(
        label=_("Comment partager"), choices=OBJECTIVES, widget=forms.RadioSelect
    )
    target_days = forms.IntegerField(
        label=_("Jours voulus par personne et par an"),
        min_value=1,
        max_value=120,
        help_text=_("Pour qui n’a pas dit combien. Les jours déjà prévus comptent dedans."),
    )
    hard = forms.MultipleChoiceField(
        label=_("Ce qui ne peut jamais être manqué"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Un examen ne peut jamais l’être. Le reste pourra être rattrapé."),
    )
    hours = forms.IntegerField(
        label=_("Heures de cours à rattraper, au plus, par personne"),
        min_value=0,
        max_value=500,
    )
    weight = forms.ChoiceField(
        label=_("Une heure de cours perdue pèse"), choices=WEIGHTS, widget=forms.RadioSelect
    )
    travel = forms.IntegerField(
        label=_("Trajet avant et après une période, en heures"), min_value=0, max_value=24
    )
    rest_days = forms.IntegerField(
        label=_("Repos entre deux périodes, en jours"), min_value=0, max_value=30
    )

    def __init__(
        self, *args: Any, programmes: list[Organisation], is_for_all: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["programme"]
        if isinstance(chosen, forms.ModelChoiceField):
            keys = [one.pk for one in programmes]
            chosen.queryset = Organisation.objects.filter(pk__in=keys).order_by("name")
            if not is_for_all:
                chosen.required, chosen.empty_label = True, None

    def clean_hard(self) -> list[str]:
        """Keep exams among what cannot be missed, whatever was ticked."""
        hard = [str(kind) for kind in self.cleaned_data["hard"]]
        return hard if Kind.EXAM in hard else [Kind.EXAM.value, *hard]

    def clean(self) -> dict[str, Any]:
        """Refuse days out of order, or a plan longer than a year."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last:
            if last < first:
                self.add_error("ends_on", _("Le dernier jour précède le premier."))
            elif (last - first).days > LONGEST_DAYS:
                self.add_error(
                    "ends_on", ValidationError(_("Un plan couvre une année au plus."), "too_long")
                )
        return data

    @property
    def policy(self) -> dict[str, Any]:
        """The rules as a plan stores them."""
        data = self.cleaned_data
        return {
            "hard": data["hard"],
            "max_recoverable_minutes": data["hours"] * 60,
            "travel_minutes": data["travel"] * 60,
            "rest_days": data["rest_days"],
            "minute_cost": float(data["weight"]),
            "objective": data["objective"],
            "target_days": data["target_days"],
        }


def initial(plan: Plan | None = None) -> dict[str, Any]:
    """Return what the form shows first: the rules of another plan, or the usual ones."""
    stored = plan.policy if plan else {}
    cost = stored.get("minute_cost", USUAL.minute_cost)
    known = [value for value, _label in WEIGHTS]
    return {
        "objective": stored.get("objective", USUAL.objective),
        "target_days": int(stored.get("target_days", DEFAULT_TARGET)),
        "hard": stored.get("hard", USUAL.hard),
        "hours": int(stored.get("max_recoverable_minutes", USUAL.max_recoverable_minutes)) // 60,
        "weight": str(cost) if str(cost) in known else str(USUAL.minute_cost),
        "travel": int(stored.get("travel_minutes", USUAL.travel_minutes)) // 60,
        "rest_days": int(stored.get("rest_days", USUAL.rest_days)),
    }


class NameForm(forms.Form):
    """Another name for a plan."""

    name = forms.CharField(label=_("Nom du plan"), max_length=80)
