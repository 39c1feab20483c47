"""Tests: as strict as possible, quick hashes, nothing that leaves the process."""

import base64
from pathlib import Path

from config import environment
from config.settings_base import *  # noqa: F403  (Django settings are a flat module of names)
from config.settings_base import VAR_DIR, database

IS_DEMO = True
SECRET_KEY = "tests-only-" + "x" * 50
FIELD_KEYS = [base64.urlsafe_b64encode(b"k" * 32).decode()]
PUBLIC_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {
    "default": database(
        environment.optional("TEST_DATABASE_URL", f"sqlite:///{VAR_DIR / 'test.sqlite3'}")
    )
}
# A file, not memory: threads of the concurrency tests must meet on the same database.
DATABASES["default"]["TEST"] = {"NAME": None}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"]["NAME"] = str(Path(VAR_DIR) / "tests.sqlite3")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
