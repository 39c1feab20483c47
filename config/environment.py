"""Settings read from the environment; what is missing stops the start with one clear line."""

import os
import sys


def required(name: str, meaning: str) -> str:
    """Return the variable, or end the process (exit 2) saying which one is missing and what it is
    for.
    """
    value = os.environ.get(name, "")
    if not value:
        sys.stderr.write(f"Réséda ne démarre pas : la variable {name} manque ({meaning}).\n")
        raise SystemExit(2)
    return value


def optional(name: str, default: str = "") -> str:
    """Return the variable, or the default when it is unset or empty."""
    return os.environ.get(name) or default


def listed(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty members."""
    return [part.strip() for part in optional(name, default).split(",") if part.strip()]


def is_on(name: str) -> bool:
    """Tell whether a switch is set to 1, true, yes or oui."""
    return optional(name).lower() in {"1", "true", "yes", "oui"}
