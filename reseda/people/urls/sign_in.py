"""The pages of django-allauth that the site uses, under French addresses and their own names.

What is absent does not exist: no sign-up, no change of e-mail address, no sign-out by GET.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.http import require_POST

from reseda.people.http import refusing_broken_keys
from reseda.people.views.account import list_sessions

CODES = "mon-compte/securite/codes"
KEYS = "mon-compte/securite/cles"

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", account.login, name="account_login"),
    path(
        "connexion/cle/", refusing_broken_keys(webauthn.login_webauthn), name="mfa_login_webauthn"
    ),
    path("connexion/code/", refusing_broken_keys(mfa.authenticate), name="mfa_authenticate"),
    path("connexion/compte-ferme/", account.account_inactive, name="account_inactive"),
    path("connexion/mot-de-passe/", account.password_reset, name="account_reset_password"),
    path(
        "connexion/mot-de-passe/envoye/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "connexion/mot-de-passe/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^connexion/mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("deconnexion/", require_POST(account.logout), name="account_logout"),
    path("mon-compte/confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("mon-compte/confirmer/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "mon-compte/confirmer/cle/",
        refusing_broken_keys(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("mon-compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("mon-compte/mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mon-compte/securite/", mfa.index, name="mfa_index"),
    path("mon-compte/securite/application/", totp.activate_totp, name="mfa_activate_totp"),
    path(
        "mon-compte/securite/application/retirer/",
        totp.deactivate_totp,
        name="mfa_deactivate_totp",
    ),
    path(f"{CODES}/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        f"{CODES}/nouveaux/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        f"{CODES}/fichier/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(f"{KEYS}/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path(f"{KEYS}/ajouter/", refusing_broken_keys(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(f"{KEYS}/<int:pk>/nom/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path(f"{KEYS}/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("mon-compte/sessions/", list_sessions, name="usersessions_list"),
]
