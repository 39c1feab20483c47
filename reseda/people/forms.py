"""What people submit about persons: a language, a mandate, an address for a way in."""

from datetime import date

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from reseda.people import queries
from reseda.people.models import Mandate, Organisation, Person, Role, in_force
from reseda.people.permissions import roles_given
from reseda.people.policy import Viewer


class SignInForm(LoginForm):  # type: ignore[misc]  # the library has no types
    """Address and password, in our words."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Adresse électronique")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class NewPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # the library has no types
    """The address to which a new password is sent, in our words."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse électronique")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class SignInLinkForm(forms.Form):
    """The address to which a way in is sent."""

    email = forms.EmailField(
        label=_("Adresse électronique"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class LanguageForm(forms.ModelForm[Person]):
    """The language of one's pages and letters."""

    class Meta:
        model = Person
        fields = ["language"]


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """A choice between a school and its programmes."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Show a programme under its school."""
        if obj.kind == Organisation.Kind.PROGRAMME and obj.parent:
            return f"{obj.parent} – {obj}"
        return str(obj)


def day_field(label: object, **options: object) -> forms.DateField:
    """Return a field for a day, entered with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)  # type: ignore[arg-type]


class MandateForm(forms.Form):
    """A role given to somebody, in a school of the giver or one of its programmes."""

    role = forms.ChoiceField(label=_("Rôle"))
    organisation = PlaceField(label=_("Où"), queryset=Organisation.objects.none(), empty_label=None)
    from_on = day_field(_("À partir du"))
    to_on = day_field(
        _("Jusqu’au"), required=False, help_text=_("Laissez vide si la fin n’est pas connue.")
    )

    def __init__(
        self, data: object = None, *, viewer: Viewer, person: Person | None = None
    ) -> None:
        super().__init__(data, initial={"from_on": viewer.today})  # type: ignore[arg-type]
        self.viewer, self.person = viewer, person
        places = queries.places_to_give_in(viewer)
        schools = [place for place in places if place.kind != Organisation.Kind.PROGRAMME]
        given = frozenset().union(*(roles_given(viewer, school) for school in schools))
        role, place = self.fields["role"], self.fields["organisation"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101  (declared above)
        assert isinstance(place, forms.ModelChoiceField)  # noqa: S101  (declared above)
        role.choices = [(one.value, capfirst(one.label)) for one in Role if one in given]
        place.queryset = places

    def clean(self) -> dict[str, object]:
        """Refuse days out of order, a role not for this giver to give, a mandate already held."""
        found = super().clean() or {}
        start, stop = found.get("from_on"), found.get("to_on")
        if isinstance(start, date) and isinstance(stop, date) and stop < start:
            self.add_error("to_on", _("Ce jour est avant le premier."))
        place, role = found.get("organisation"), found.get("role")
        if isinstance(place, Organisation) and role:
            self._check_place(place, Role(role))
        return found

    def _check_place(self, place: Organisation, role: Role) -> None:
        is_programme = place.kind == Organisation.Kind.PROGRAMME
        school = place.parent if is_programme and place.parent else place
        if role not in roles_given(self.viewer, school):
            self.add_error("role", _("Vous ne pouvez pas donner ce rôle dans cette école."))
        held = Mandate.objects.filter(
            in_force(self.viewer.today),
            person=self.person,
            role=role,
            organisation_id=school.pk,
            scope_id=place.pk if is_programme else None,
        )
        if self.person is not None and held.exists():
            raise ValidationError(
                _("Cette personne a déjà ce mandat, en cours."), code="already_held"
            )


class NewPersonForm(MandateForm):
    """Somebody new to the school, with a first mandate."""

    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    last_name = forms.CharField(label=_("Nom"), max_length=80)
    email = forms.EmailField(label=_("Adresse électronique"))
    field_order = ("first_name", "last_name", "email", "role", "organisation", "from_on", "to_on")
