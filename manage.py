"""Django's own entry, for tools that look for it; people use `reseda`."""

from config.cli import main

if __name__ == "__main__":
    main()
