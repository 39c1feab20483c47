"""Legal values: each dated, sourced and checked on a known day, so that any ceiling shown on a
page can be explained. Sources: Code de la défense, Code de l’éducation, Code de la sécurité
intérieure.
"""
