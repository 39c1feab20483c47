"""Formats by which a framework comes in and goes out: each reads bytes into `Told`."""
