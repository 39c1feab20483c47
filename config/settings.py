"""Production: every secret comes from the environment, and a missing one stops the start."""

from urllib.parse import urlsplit

from config import environment
from config.settings_base import *  # noqa: F403  (Django settings are a flat module of names)
from config.settings_base import PUBLIC_URL, database

SECRET_KEY = environment.required(
    "RESEDA_SECRET_KEY", "clé de signature, 50 caractères au hasard ou plus"
)
# Fernet keys, newest first: the first encrypts, all decrypt. Kept outside the database on purpose.
FIELD_KEYS = environment.required(
    "RESEDA_FIELD_KEYS", "clés de chiffrement Fernet, séparées par des virgules"
).split(",")
environment.required("RESEDA_URL", "adresse publique du site, par exemple https://reseda.ecole.fr")
DATABASES = {
    "default": database(
        environment.required("DATABASE_URL", "par exemple postgres://reseda@localhost/reseda")
    )
}

# HTTPS is ended by a proxy: visitors are told apart by the address it adds.
ALLAUTH_TRUSTED_PROXY_COUNT = int(environment.optional("RESEDA_PROXIES", "1"))
ALLOWED_HOSTS = environment.listed("RESEDA_HOSTS") or [urlsplit(PUBLIC_URL).hostname or ""]
# Probes of the same machine ask by its own name; no address is ever built from the Host header.
ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

EMAIL_HOST = environment.optional("RESEDA_SMTP_HOST", "localhost")
EMAIL_PORT = int(environment.optional("RESEDA_SMTP_PORT", "25"))
EMAIL_HOST_USER = environment.optional("RESEDA_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.optional("RESEDA_SMTP_PASSWORD")
EMAIL_USE_TLS = environment.is_on("RESEDA_SMTP_TLS")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
