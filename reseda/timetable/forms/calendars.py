"""What people submit of calendars: what their own contains, what their unit may see."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from reseda.service.models import Engagement, Period
from reseda.timetable.actions.calendars import Content
from reseda.timetable.models import CalendarAccess, UnitCalendar
from reseda.ui.templatetags.ui import span

HALF_A_YEAR = timedelta(days=182)


class ContentForm(forms.Form):
    """What one’s own calendar contains."""

    has_lessons = forms.BooleanField(label=_("Mes séances"), required=False)
    has_periods = forms.BooleanField(
        label=_("Mes périodes, sous le titre « Indisponible »"), required=False
    )
    has_catch_ups = forms.BooleanField(label=_("Les rattrapages convenus"), required=False)
    has_plan = forms.BooleanField(
        label=_("Ce qu’un plan publié me propose, sous le titre « À confirmer »"), required=False
    )

    @classmethod
    def of(cls, access: CalendarAccess) -> "ContentForm":
        """Return the form filled with what was chosen."""
        return cls(initial={name: getattr(access, name) for name in cls.base_fields})

    def content(self) -> Content:
        """Return what the valid form chooses."""
        return Content(**self.cleaned_data)


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SharingForm(forms.Form):
    """Between which days a unit sees when one is free, and which periods it sees as service."""

    from_on = forms.DateField(label=_("Du"), widget=_day_input())
    to_on = forms.DateField(label=_("Au"), widget=_day_input())
    periods = forms.MultipleChoiceField(
        label=_("Périodes montrées comme telles"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Les autres ne sont que des demi-journées indisponibles."),
    )

    def __init__(self, *args: Any, engagement: Engagement, **options: Any) -> None:
        """Offer the periods of the engagement that are not over nor cancelled."""
        options.setdefault("prefix", f"engagement-{engagement.pk}")
        super().__init__(*args, **options)
        held = Period.objects.filter(engagement=engagement)
        self.known = {str(one.pk): one for one in held.exclude(status=Period.Status.CANCELLED)}
        field = self.fields["periods"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [
                (key, f"{capfirst(span(one.starts_at, one.ends_at))} · {one.get_status_display()}")
                for key, one in self.known.items()
            ]
            if not self.known:
                field.widget = forms.MultipleHiddenInput()

    @staticmethod
    def starting(
        engagement: Engagement, shared: UnitCalendar | None, today: date
    ) -> dict[str, object]:
        """Return the initial values: what is shared, else half a year inside the contract."""
        if shared is not None:
            keys = [str(key) for key in shared.periods.values_list("pk", flat=True)]
            return {"from_on": shared.from_on, "to_on": shared.to_on, "periods": keys}
        confirmed = engagement.periods.filter(status=Period.Status.CONFIRMED)
        return {
            "from_on": max(today, engagement.contract_start_on),
            "to_on": min(today + HALF_A_YEAR, engagement.contract_end_on),
            "periods": [str(key) for key in confirmed.values_list("pk", flat=True)],
        }

    def chosen(self) -> list[Period]:
        """Return the periods that the valid form shows."""
        return [self.known[key] for key in self.cleaned_data["periods"]]
