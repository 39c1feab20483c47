"""Réséda: the engagement scheme of a school with the armed forces and the reserves.

One room for each of its things; `docs/architecture.md` is the map.
"""
