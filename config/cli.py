"""The console command: `reseda <room> <verb>` is the management command `<room>_<verb>`."""

import os
import sys

# These act on a real installation and must find its settings; the others answer for the demo when
# none is set.
PRODUCTION_VERBS = {"serve", "migrate", "check"}


def settings_module(arguments: list[str]) -> str:
    """Choose the settings: production when its secret is set or the verb needs it, else the
    demo's.
    """
    verb = arguments[0] if arguments else ""
    if verb == "demo":
        return "config.settings_demo"
    if verb in PRODUCTION_VERBS or os.environ.get("RESEDA_SECRET_KEY"):
        return "config.settings"
    return "config.settings_demo"


def main() -> None:
    """Run the command given on the command line."""
    arguments = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module(arguments))

    import django  # noqa: PLC0415 (settings first)
    from django.core.management import execute_from_command_line, get_commands  # noqa: PLC0415

    if len(arguments) >= 2:  # noqa: PLR2004 (a room and a verb)
        # Before this, Django knows only its own commands, and remembers it.
        django.setup()
        command = f"{arguments[0]}_{arguments[1].replace('-', '_')}"
        if command in get_commands():
            arguments = [command, *arguments[2:]]
    execute_from_command_line(["reseda", *arguments])


if __name__ == "__main__":
    main()
