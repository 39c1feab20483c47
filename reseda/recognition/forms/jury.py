"""What assessors and jury members submit: levels, what is asked, the decision."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Person
from reseda.recognition.actions import Given, Verdict
from reseda.recognition.forms.student import short, text_area
from reseda.recognition.models import Decision, Form
from reseda.recognition.queries import Dossier, Line

NOT_SHOWN_KEY = "0"


class AssessmentForm(forms.Form):
    """A level and a comment for each competency of a file."""

    def __init__(self, *args: Any, lines: Sequence[Line], assessor: Person, **kwargs: Any) -> None:
        """Take the competencies to assess, with what this assessor already wrote."""
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            key = line.competency.item.pk
            mine = next(
                (each for each, _r in line.ratings if each.assessor_id == assessor.pk), None
            )
            levels = [
                (str(level.item.pk), f"{level.rank}. {level.item.label}")
                for level in line.competency.levels
            ]
            self.fields[f"level_{key}"] = forms.ChoiceField(
                label=line.competency.item.label,
                required=False,
                widget=forms.RadioSelect,
                choices=[*levels, (NOT_SHOWN_KEY, _("Non montré par ces preuves"))],
                initial=str(mine.level_id or NOT_SHOWN_KEY) if mine else "",
            )
            self.fields[f"comment_{key}"] = forms.CharField(
                label=_("Ce qui le fonde"),
                required=False,
                max_length=3000,
                widget=text_area(2),
                initial=mine.comment if mine else "",
            )

    def rows(self) -> Iterator[tuple[Line, forms.BoundField, forms.BoundField]]:
        """Yield each competency with its two fields."""
        for line in self.lines:
            key = line.competency.item.pk
            yield line, self[f"level_{key}"], self[f"comment_{key}"]

    def clean(self) -> dict[str, Any]:
        """Ask a comment with each level, and a level with each comment."""
        cleaned = super().clean() or {}
        for line in self.lines:
            key = line.competency.item.pk
            level, comment = cleaned.get(f"level_{key}"), cleaned.get(f"comment_{key}")
            if level and not comment:
                self.add_error(f"comment_{key}", _("Dites en une phrase ce qui fonde ce niveau."))
            if comment and not level:
                self.add_error(f"level_{key}", _("Choisissez un niveau, ou « non montré »."))
        return cleaned

    def given(self) -> list[Given]:
        """Return the competencies to which a level was given."""
        found = []
        for line in self.lines:
            key = line.competency.item.pk
            level = self.cleaned_data[f"level_{key}"]
            if level:
                chosen = int(level) if level != NOT_SHOWN_KEY else None
                found.append(Given(key, chosen, self.cleaned_data[f"comment_{key}"]))
        return found


class ComplementForm(forms.Form):
    """What is asked of the student."""

    message = forms.CharField(
        label=_("Ce qui manque"),
        widget=text_area(3),
        max_length=2000,
        help_text=_("L’élève lira ce texte tel quel et pourra compléter son dossier."),
    )


class VerdictForm(forms.Form):
    """The jury's decision; the proposal fills it in, the jury remains free."""

    outcome = forms.ChoiceField(
        label=_("Décision"),
        widget=forms.RadioSelect,
        choices=[
            (Decision.Outcome.VALIDATED, _("Valider")),
            (Decision.Outcome.REFUSED, _("Refuser")),
        ],
    )
    form = forms.ChoiceField(label=_("Forme"), required=False)
    ects = forms.DecimalField(
        label=_("Nombre d’ECTS"),
        required=False,
        max_digits=3,
        decimal_places=1,
        min_value=Decimal("0.5"),
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    detail = forms.CharField(
        label=_("Élément ou enseignement concerné"), required=False, max_length=200
    )
    motivation = forms.CharField(
        label=_("Motivation"),
        widget=text_area(4),
        max_length=4000,
        help_text=_("Obligatoire ; l’élève la lira."),
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        """Take the file, whose proposal and regulation bound what may be chosen."""
        super().__init__(*args, **kwargs)
        regulation, proposal = dossier.regulation, dossier.proposal
        allowed = regulation.forms if regulation else []
        self.lines = dossier.lines
        self.fields["form"] = forms.ChoiceField(
            label=_("Forme"),
            required=False,
            choices=[("", "—"), *((v, label) for v, label in Form.choices if v in allowed)],
            initial=proposal.form,
        )
        self.fields["ects"].initial = None if proposal.ects is None else short(proposal.ects)
        self.fields["ects"].help_text = _("%(max)s au plus selon le règlement.") % {
            "max": floatformat(regulation.max_ects) if regulation else "0"
        }
        for line in self.lines:
            self.fields[f"level_{line.competency.item.pk}"] = forms.ChoiceField(
                label=line.competency.item.label,
                required=False,
                choices=[
                    ("", _("Non reconnue")),
                    *(
                        (str(level.item.pk), f"{level.rank}. {level.item.label}")
                        for level in line.competency.levels
                    ),
                ],
                initial=str(line.proposed.item.pk) if line.proposed else "",
            )

    @property
    def levels(self) -> Iterator[forms.BoundField]:
        """The levels to recognise, in the order of the framework."""
        return (self[f"level_{line.competency.item.pk}"] for line in self.lines)

    def verdict(self) -> Verdict:
        """Return what the jury decided; a refusal leaves out what goes with a validation."""
        data = self.cleaned_data
        if data["outcome"] != Decision.Outcome.VALIDATED:
            return Verdict(outcome=data["outcome"], motivation=data["motivation"])
        keys = [line.competency.item.pk for line in self.lines]
        return Verdict(
            outcome=data["outcome"],
            motivation=data["motivation"],
            form=data["form"],
            ects=data["ects"] if data["form"] == Form.ECTS else None,
            detail=data["detail"],
            levels={k: int(data[f"level_{k}"]) for k in keys if data[f"level_{k}"]},
        )
