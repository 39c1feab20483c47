"""Réséda: the engagement scheme of a school with the armed forces and the reserves, one room for each of its things."""
