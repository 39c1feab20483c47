"""How a request meets people: the viewer, sign-in rules, limits, the doors of the answer links."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from reseda.people.domain.letters import PASSWORD_RESET, SECURITY_NOTICE
from reseda.people.models import AnswerLink, Organisation, Person, seal, unseal
from reseda.people.policy import Viewer

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    Middleware = Callable[[HttpRequest], HttpResponse]


class Request(HttpRequest):
    """A request of somebody signed in, as the views receive it."""

    user: Person
    viewer: Viewer
    htmx: "HtmxDetails"


class ViewerMiddleware:
    """Puts `viewer` on the request of somebody signed in; mandates are read once, when asked for.

    The language is that of the account, unless the switch of the page chose another (a cookie).
    """

    def __init__(self, get_response: "Middleware") -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the viewer at hand, in her language."""
        user = request.user
        if isinstance(user, Person) or user.is_authenticated:
            request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]  # added here
                lambda: Viewer.of(user)
            )
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def remember_language(response: HttpResponse, language: str) -> None:
    """Make a response set the cookie by which every page then speaks this language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


# --- Mail: the room that carries it stands above this one, the settings name it


class Courier(Protocol):
    """What writes a message in the caller's transaction."""

    def __call__(
        self,
        template: str,
        *,
        to: str,
        organisation: Organisation | None,
        context: Mapping[str, object],
        language: str = "fr",
    ) -> object:
        """Write one message."""


def courier() -> Courier:
    """Return what sends the mail of this site."""
    found: Courier = import_string(settings.COURIER)
    return found


def public_address(name: str, *args: object) -> str:
    """Return the full address of a page, as an e-mail must give it."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


# --- Limits


def limited(
    request: HttpRequest, action: str, *, key: str | None = None, counts_get: bool = False
) -> HttpResponse | None:
    """Count one attempt; return the page "too many attempts" beyond ACCOUNT_RATE_LIMITS[action].

    Counters live in the shared cache: a GET that is counted writes nothing of the product.
    """
    usage = ratelimit.consume(
        request, app="allauth.account", action=action, key=key, limit_get=counts_get
    )
    if usage:
        return None
    refusal: HttpResponse = ratelimit.respond_429(request)
    return refusal


# --- Sign-in


NOTICES: Mapping[str, Promise] = {
    "account/email/password_changed": _("le mot de passe a été changé"),
    "account/email/password_reset": _("un nouveau mot de passe a été choisi"),
    "account/email/password_set": _("un mot de passe a été choisi"),
    "mfa/email/recovery_codes_generated": _("de nouveaux codes de secours ont été créés"),
    "mfa/email/totp_activated": _("une application d’authentification a été ajoutée"),
    "mfa/email/totp_deactivated": _("l’application d’authentification a été retirée"),
    "mfa/email/webauthn_added": _("une clé d’accès a été ajoutée"),
    "mfa/email/webauthn_removed": _("une clé d’accès a été retirée"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the school (import, mandate), never by the visitor."""

    error_messages: Mapping[str, object] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé. Adressez-vous à votre école."),
        "email_password_mismatch": _("L’adresse ou le mot de passe ne convient pas."),
        "incorrect_code": _("Ce code ne convient pas. Vérifiez-le et recommencez."),
        "incorrect_password": _("Ce mot de passe ne convient pas."),
        "too_many_login_attempts": _(
            "Trop d’essais. Attendez quelques minutes avant de reprendre."
        ),
        "rate_limited": _("Trop d’essais. Attendez quelques minutes avant de reprendre."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up alone."""
        del request
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address for a new password, on the public address of the site."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PUBLIC_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter to the outbox; a kind of letter unknown here is not sent."""
        person = context.get("user")
        if not isinstance(person, Person):
            person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            return
        facts: dict[str, object] = {"name": person.first_name or str(person)}
        if template_prefix == "account/email/password_reset_key":
            code = PASSWORD_RESET.code
            facts["url"] = context["password_reset_url"]
            facts["minutes"] = settings.PASSWORD_RESET_TIMEOUT // 60
        elif template_prefix in NOTICES:
            code = SECURITY_NOTICE.code
            facts["url"] = public_address("people:account")
            with translation.override(person.language):
                facts["what"] = str(NOTICES[template_prefix])
        else:
            return
        courier()(code, to=person.email, organisation=None, context=facts, language=person.language)


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: secrets sealed in the database, keys bound to the public address."""

    error_messages: Mapping[str, object] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Ce code ne convient pas. Vérifiez-le et recommencez."),
        "cannot_generate_recovery_codes": _(
            "Ajoutez d’abord une application d’authentification ou une clé d’accès."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret of an authenticator."""
        return seal(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open the secret of an authenticator."""
        return unseal(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: object) -> str:  # noqa: A002  (theirs)
        """Name a new key by its rank."""
        from allauth.mfa.models import Authenticator  # noqa: PLC0415  (models once loaded)

        rank = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("Clé %(rank)d")) % {"rank": rank}

    def _get_site_name(self) -> str:
        return "Réséda"


View = Callable[..., HttpResponse]


def refusing_broken_keys(view: View) -> View:
    """Give a page of passkeys an answer to what is no passkey, which its reader would choke on."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (AttributeError, KeyError, TypeError, ValueError):
            if request.method != "POST" or "credential" not in request.POST:
                raise
            messages.error(request, _("La clé d’accès n’a pas été acceptée. Recommencez."))
            return redirect(request.path)

    return wrapped


# --- The doors of the answer links


AnswerView = Callable[[HttpRequest, AnswerLink], HttpResponse]
_doors: dict[str, tuple[AnswerView, str | Promise]] = {}


def answers(purpose: str, *, says: str | Promise = "") -> Callable[[AnswerView], AnswerView]:
    """Declare the page by which an outsider answers one kind of question.

    The room names its purpose once; `says` is the question in a few words ("Confirmer une
    période"), shown in the list of those who have an account.
    """

    def declare(view: AnswerView) -> AnswerView:
        _doors[purpose] = view, says or _("Répondre à une question")
        return view

    return declare


def door(purpose: str) -> AnswerView | None:
    """Return the page that answers this purpose, if a room declared one."""
    return _doors[purpose][0] if purpose in _doors else None


def question(purpose: str) -> str:
    """Return in a few words what a purpose asks."""
    return str(_doors[purpose][1] if purpose in _doors else _("Répondre à une question"))
