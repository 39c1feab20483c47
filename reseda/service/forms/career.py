"""What people submit of their path: ranks, training, qualifications, suspensions, employers."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.service.actions import Employer, Rule, Step
from reseda.service.forms.record import spelled
from reseda.service.models import (
    CallUp,
    EmployerKind,
    EmployerRule,
    Promotion,
    TrainingStep,
)

LONGEST_NOTICE = 365


def _day(label: object, **options: object) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **options)  # type: ignore[arg-type]  # a lazy text, and what DateField takes


def _listed(label: object, listed: str, **options: object) -> forms.CharField:
    """Return a field of free text with suggestions, in the datalist of this id on the page."""
    widget = forms.TextInput(attrs={"list": listed, "autocomplete": "off"})
    return forms.CharField(label=label, widget=widget, **options)  # type: ignore[arg-type]  # a lazy text, and what CharField takes


class PromotionForm(forms.Form):
    """A rank or a speciality, and since when."""

    kind = forms.ChoiceField(label=_("Vous notez"), choices=spelled(Promotion.Kind.choices))
    name = _listed(
        _("Intitulé"),
        "propositions",
        max_length=120,
        help_text=_(
            "Chiffré ; montré à vous, et à qui ouvre votre dossier, jamais dans une liste."
        ),
    )
    since_on = _day(_("Depuis le"))


class StepForm(forms.Form):
    """A step of training, before the contract or after."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("reserve", "Formation"), choices=spelled(TrainingStep.Kind.choices)
    )
    name = forms.CharField(label=_("Précision"), max_length=160, required=False)
    starts_on = _day(_("Premier jour"))
    ends_on = _day(_("Dernier jour"))
    status = forms.ChoiceField(
        label=_("Où en est-elle ?"), choices=spelled(TrainingStep.Status.choices)
    )

    def step(self) -> Step:
        """Return the step that the valid form notes."""
        return Step(**self.cleaned_data)


class QualificationForm(forms.Form):
    """One qualification, as the unit names it."""

    code = _listed(_("Qualification"), "codes", max_length=60)
    obtained_on = _day(_("Obtenue le"), required=False)


class SuspensionForm(forms.Form):
    """From which day to which day the contract is suspended."""

    starts_on = _day(_("Premier jour"))
    ends_on = _day(_("Dernier jour"))


class TargetForm(forms.Form):
    """How many days a year its holder would like to serve."""

    days = forms.IntegerField(
        label=_("Jours souhaités par an"), min_value=0, max_value=366, required=False
    )


class EmployerForm(forms.Form):
    """Who employs its holder, from a day."""

    kind = forms.ChoiceField(label=_("Votre employeur"), choices=spelled(EmployerKind.choices))
    name = forms.CharField(
        label=_("Son nom"),
        max_length=160,
        required=False,
        help_text=_("Chiffré. Personne ne le voit que vous."),
    )
    is_apprenticeship = forms.BooleanField(
        label=_("C’est un contrat d’apprentissage"),
        required=False,
        help_text=_("Un nouveau contrat chez le même employeur se note aussi ici."),
    )
    agreed_days = forms.IntegerField(
        label=_("Jours accordés par un accord, s’il en donne plus que la loi"),
        min_value=1,
        max_value=366,
        required=False,
    )
    notice_days = forms.IntegerField(
        label=_("Préavis convenu, en jours"),
        min_value=0,
        max_value=LONGEST_NOTICE,
        required=False,
        help_text=_("Vide : celui de la loi."),
    )
    since_on = _day(_("Depuis le"))

    def employer(self) -> Employer:
        """Return the employer that the valid form describes."""
        return Employer(**self.cleaned_data)


class ClauseForm(forms.Form):
    """A reactivity clause and the employer’s consent."""

    agreed_on = _day(_("Convenue le"))
    consented_on = _day(
        _("Accord de l’employeur, le"),
        required=False,
        help_text=_("Sans cet accord, la clause ne vaut pas encore."),
    )
    notice_days = forms.IntegerField(
        label=_("Préavis d’appel, en jours, s’il est plus court que celui de la loi"),
        min_value=1,
        max_value=LONGEST_NOTICE,
        required=False,
    )


class CallUpForm(forms.Form):
    """A convocation received, and the answer given to the unit."""

    received_on = _day(_("Reçue le"))
    answer = forms.ChoiceField(
        label=_("Votre réponse à l’unité"),
        choices=[("", _("Pas encore répondu")), *spelled(CallUp.Answer.choices)],
        required=False,
    )
    answered_on = _day(_("Répondu le"), required=False)

    @classmethod
    def of(cls, found: CallUp | None, today: date) -> "CallUpForm":
        """Return the form filled with what is known, the day itself where nothing is."""
        if found is None:
            return cls(initial={"received_on": today})
        names = cls.base_fields
        return cls(initial={name: getattr(found, name) for name in names})


class MaskForm(forms.Form):
    """A convocation replaced by its summary, for good."""

    is_signed = forms.BooleanField(
        label=_("L’original porte la signature ou le cachet de l’unité"), required=False
    )
    is_sure = forms.BooleanField(
        label=_("J’ai compris : l’original sera effacé, et ne reviendra pas"),
        error_messages={"required": _("Cochez cette case : l’effacement est sans retour.")},
    )


class RuleForm(forms.Form):
    """What a school applies to the absences of its reservist staff, from a day."""

    kind = forms.ChoiceField(
        label=_("L’école, comme employeur, est"),
        choices=spelled(EmployerRule._meta.get_field("kind").choices or []),  # type: ignore[arg-type]  # a flat list
    )
    days = forms.IntegerField(
        label=_("Jours par année civile que donne son accord"),
        min_value=1,
        max_value=366,
        required=False,
        help_text=_("Vide, ou moins que la loi : celle-ci s’applique."),
    )
    notice_days = forms.IntegerField(
        label=_("Préavis de son accord, en jours"),
        min_value=0,
        max_value=LONGEST_NOTICE,
        required=False,
        help_text=_("Vide : le mois de la loi."),
    )
    agreement = forms.CharField(
        label=_("Cet accord"),
        max_length=200,
        required=False,
        help_text=_("Son titre et sa date : le personnel le lit."),
    )
    since_on = _day(pgettext_lazy("rule", "À partir du"))

    def rule(self) -> Rule:
        """Return the rule that the valid form sets."""
        return Rule(**self.cleaned_data)

    @classmethod
    def of(cls, found: EmployerRule | None, today: date) -> "RuleForm":
        """Return the form filled with the rule in force, from today."""
        kept = ("kind", "days", "notice_days", "agreement")
        said = {name: getattr(found, name) for name in kept} if found else {"kind": "public"}
        return cls(initial={**said, "since_on": today})


class AskLeaveForm(forms.Form):
    """A staff member asks for an absence, and says whether the unit is told of a refusal."""

    tells_unit = forms.BooleanField(
        label=_("En cas de refus, prévenir le correspondant de mon unité"),
        required=False,
        help_text=_("Le refus doit être notifié aussi à l’autorité militaire."),
    )


class DecideForm(forms.Form):
    """Human resources answer a request; a refusal says why."""

    decision = forms.ChoiceField(
        label=_("Votre réponse"),
        widget=forms.RadioSelect,
        choices=[("granted", _("J’accorde l’absence")), ("refused", _("Je la refuse"))],
    )
    reason = forms.CharField(
        label=_("Motif"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Obligatoire pour refuser ; la personne le lit."),
    )
