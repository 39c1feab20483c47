"""The demo: one SQLite file in `var/`, secrets made on the spot, and no e-mail that leaves the
machine.
"""

import base64
import hashlib
import secrets

from config import environment
from config.settings_base import *  # noqa: F403  (Django settings are a flat module of names)
from config.settings_base import VAR_DIR, database

VAR_DIR.mkdir(parents=True, exist_ok=True)
_secret_file = VAR_DIR / "secret"
if not _secret_file.exists():
    _secret_file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    _secret_file.chmod(0o600)

IS_DEMO = True
SECRET_KEY = _secret_file.read_text(encoding="utf-8")
FIELD_KEYS = [base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()]
PORT = environment.optional("PORT", "8000")
PUBLIC_URL = environment.optional("RESEDA_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {
    "default": database(
        environment.optional("DATABASE_URL", f"sqlite:///{VAR_DIR / 'demo.sqlite3'}")
    )
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
