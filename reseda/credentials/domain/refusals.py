"""How the engine says no: a stable code and the facts behind it, never a sentence."""

from typing import Any


class Refusal(ValueError):
    """An input that the engine refuses, with a code that pages can translate and its facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Facts are named values a page may show: places, addresses, limits, moments."""
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return ", ".join([self.code, *(f"{name}={value!r}" for name, value in self.facts.items())])
