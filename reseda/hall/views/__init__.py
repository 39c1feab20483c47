"""Pages of the hall: home, journal, help, health, what went wrong, and the doors of the demo."""
