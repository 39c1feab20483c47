"""Pages of people: ways in, the account, persons and mandates, answer links, rights."""

from reseda.people.views.links import answer

__all__ = ["answer"]
